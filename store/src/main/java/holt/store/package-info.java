/** What outlives a restart: the truth in SQL, and contents by their digest. The only place with SQL. */
@NullMarked
package holt.store;

import org.jspecify.annotations.NullMarked;
