@NullMarked
package holt.bus;

import org.jspecify.annotations.NullMarked;
