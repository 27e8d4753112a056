/**
 * A reliable stream of messages both ways between two programs on a bus that may lose, double and reorder them. It knows
 * nothing of what is said.
 */
@NullMarked
package holt.bus.stream;

import org.jspecify.annotations.NullMarked;
