package holt.cli;

import java.io.PrintStream;
import org.jspecify.annotations.Nullable;

/**
 * What a person has to know who presses Ctrl-C: mostly, what goes on without them. Set by the command's thread, read by
 * the thread of the JVM's shutdown.
 */
public final class Interruption {
    private volatile @Nullable String explanation;
    private volatile boolean ended;

    /** From now on this is true if the command is interrupted. */
    public void means(String sentence) {
        explanation = sentence;
    }

    /** The command has ended by itself. */
    public void ended() {
        ended = true;
    }

    /** Says what is to be said; nothing where the command has ended by itself. */
    void report(PrintStream err) {
        if (!ended) {
            String sentence = explanation;
            err.println();
            if (sentence != null) {
                err.println(sentence);
            }
            err.flush();
        }
    }
}
