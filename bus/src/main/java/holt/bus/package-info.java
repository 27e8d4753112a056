/**
 * Messages between Holt's parts by subject, with the meaning NATS gives them. This package knows subjects and nothing of
 * what is said on them.
 */
@NullMarked
package holt.bus;

import org.jspecify.annotations.NullMarked;
