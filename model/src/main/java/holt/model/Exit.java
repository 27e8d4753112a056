package holt.model;

import java.util.List;

/**
 * How a process ended.
 *
 * @param reason the kind of end
 * @param code exit code 0..255; 128 + signal number where a signal ended it; -1 where the program never ran
 * @param detail one sentence for people, for example {@code killed by SIGKILL}
 * @param lastLog the last lines the program wrote, oldest first, at most 20
 */
public record Exit(Reason reason, int code, String detail, List<String> lastLog) {

    /** The kinds of end. */
    public enum Reason {
        /** The program ended by itself with {@code code}. */
        EXITED,
        /** A signal that the platform did not send ended it. */
        SIGNALED,
        /** The kernel ended it because it was over its memory limit. */
        OUT_OF_MEMORY,
        /** The platform was asked to end it. */
        STOPPED,
        /** It was not ready within its start limit. */
        START_TIMEOUT,
        /** It was ready, and was found alive no longer. */
        UNHEALTHY,
        /** Its program could not be started at all. */
        START_FAILED,
        /** The platform ended it because its children could not be kept. */
        CHILDREN_FAILED,
        /** It ended while nobody could see how. */
        UNKNOWN
    }

    public Exit {
        lastLog = List.copyOf(lastLog);
    }

    /** Whether the program ended by itself and said that all is well. */
    public boolean succeeded() {
        return reason == Reason.EXITED && code == 0;
    }
}
