/**
 * The words all parts of Holt speak: identifiers, processes, apps, routes, commands, reports, events, errors, and their
 * JSON forms. Values only: no I/O, no clock, no threads.
 */
@NullMarked
package holt.model;

import org.jspecify.annotations.NullMarked;
