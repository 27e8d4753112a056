/** From packages to droplets: finds out how to run what was pushed. */
@NullMarked
package holt.stager;

import org.jspecify.annotations.NullMarked;
