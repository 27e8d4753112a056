package holt.cli;

import java.io.PrintStream;
import org.jspecify.annotations.Nullable;

/**
 * What a person has to know who presses Ctrl-C: mostly, what goes on without them. Set by the command's thread, read by
 * the thread of the JVM's shutdown.
 */
public final class Interruption {
    private final @Nullable PrintStream err;
    private volatile @Nullable String explanation;
    private boolean watching;

    private Interruption(@Nullable PrintStream err) {
        this.err = err;
    }

    /** Tells it when this process is interrupted. */
    static Interruption ofProcess(PrintStream err) {
        return new Interruption(err);
    }

    /** Of nothing that could be interrupted. */
    public static Interruption none() {
        return new Interruption(null);
    }

    /** From now on this is true if the command is interrupted. */
    public void means(String sentence) {
        explanation = sentence;
        if (err != null && !watching) {
            watching = true;
            Runtime.getRuntime().addShutdownHook(new Thread(this::tell, "holt-interrupted"));
        }
    }

    /** The command has ended by itself. */
    public void ended() {
        explanation = null;
    }

    private void tell() {
        String sentence = explanation;
        if (err != null && sentence != null) {
            err.println();
            err.println(sentence);
            err.flush();
        }
    }
}
