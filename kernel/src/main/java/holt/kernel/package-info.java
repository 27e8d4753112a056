/**
 * The decisions: what runs where, what is replaced, what is restarted when, where requests go. Pure: facts and the time
 * come in as values, decisions go out as values. No I/O, no clock, no threads, no randomness.
 */
@NullMarked
package holt.kernel;

import org.jspecify.annotations.NullMarked;
