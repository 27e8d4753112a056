package holt.cli;

/** What {@code holt} tells the shell. Part of the product: never renumbered. */
public final class ExitCode {
    /** Done. */
    public static final int OK = 0;

    /** The platform refused it, or it failed. */
    public static final int FAILED = 1;

    /** The command line itself is wrong. */
    public static final int USAGE = 2;

    /** Nobody answers at the platform's address. */
    public static final int UNREACHABLE = 3;

    /** Not logged in, or the token may not do this. */
    public static final int DENIED = 4;

    /** Ended by Ctrl-C: 128 and the signal's number, as shells do it. */
    public static final int INTERRUPTED = 130;

    private ExitCode() {}
}
