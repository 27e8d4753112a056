@NullMarked
package holt.identity;

import org.jspecify.annotations.NullMarked;
