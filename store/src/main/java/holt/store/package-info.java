@NullMarked
package holt.store;

import org.jspecify.annotations.NullMarked;
