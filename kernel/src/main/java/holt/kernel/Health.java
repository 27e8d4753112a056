package holt.kernel;

import java.util.Locale;

/** How an app is, in one word. */
public enum Health {
    /** Nothing to run: no release yet, or none that ever came up. */
    EMPTY,
    /** Not wanted to run. */
    STOPPED,
    /** A release replaces the one that serves. */
    ROLLING,
    /** No instance is ready yet. */
    STARTING,
    /** All instances wanted are ready. */
    RUNNING,
    /** Some instances are ready. */
    PARTIAL,
    /** An instance crashes again and again. */
    FLAPPING,
    /** No instance is ready, and one at least has crashed. */
    CRASHED;

    /** The word as programs see it, lower case. */
    public String word() {
        return name().toLowerCase(Locale.ROOT);
    }
}
