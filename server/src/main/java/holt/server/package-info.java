/** Puts the parts together to a running platform, and starts and stops it. The composition root: one reads it here. */
@NullMarked
package holt.server;

import org.jspecify.annotations.NullMarked;
