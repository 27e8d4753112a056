/** The bus over a nats-server, or a cluster of them, somewhere else. Nothing here knows what is said on it. */
@NullMarked
package holt.bus.remote;

import org.jspecify.annotations.NullMarked;
