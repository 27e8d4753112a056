package holt.model;

import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * What a program, or a person, asks of processes. Each is decided on as a whole: done and committed, or refused with a
 * reason.
 */
public sealed interface ProcessCommand {

    /** Name of the app whose processes the caller may see: any other pid is unknown to it. Null for an operator. */
    @Nullable
    String group();

    /**
     * Makes children that run the parent's release with its limits and environment, near the parent. Repeated with the
     * same key while children of it exist, it answers with these and makes none.
     *
     * @param parent must be running
     * @param count number of children
     * @param arguments of their program; none for the release's command as it is
     * @param restart whether they are started again when they end by themselves
     * @param keeping how the parent has all its children kept from now on; null changes nothing
     * @param detached whether they outlive the parent
     * @param key chosen by the caller; empty where it does not repeat
     * @param actor name of the token or process that asks
     */
    record Fork(
            @Nullable String group,
            long parent,
            int count,
            List<String> arguments,
            RestartPolicy restart,
            @Nullable Keeping keeping,
            boolean detached,
            String key,
            String actor)
            implements ProcessCommand {
        public static final int MAX_KEY = 100;
        public static final int MAX_ARGUMENTS = 256;
        /** All arguments together, characters. */
        public static final int MAX_ARGUMENT_CHARS = 16 << 10;

        public Fork {
            arguments = List.copyOf(arguments);
        }
    }

    /**
     * Ends a process and all below it, children first. An app's instance is replaced by a new one; the pid of an app's
     * supervisor stops the app.
     */
    record Kill(@Nullable String group, long pid, String actor) implements ProcessCommand {}

    /** Lets a forked process outlive its parent. */
    record Detach(@Nullable String group, long pid, String actor) implements ProcessCommand {}

    /** Takes a child that has ended out of the table and answers how it ended. */
    record Reap(@Nullable String group, long parent, long pid) implements ProcessCommand {}
}
