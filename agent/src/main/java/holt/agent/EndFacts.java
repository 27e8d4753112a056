package holt.agent;

import java.util.List;

/**
 * What can be seen after an instance has ended.
 *
 * @param programRan whether its program was ever started
 * @param status exit status as a shell gives it; -1 when nobody saw it
 * @param oomKills processes of it that the kernel ended for want of memory
 * @param message what the runtime or the agent said about a failed start; empty for nothing
 * @param lastLog last lines of its output
 * @param peakBytes most memory it used, bytes; 0 where nobody saw it
 */
public record EndFacts(
        boolean programRan, int status, long oomKills, String message, List<String> lastLog, long peakBytes) {

    /** Of an instance of which nobody knows how much memory it used. */
    public EndFacts(boolean programRan, int status, long oomKills, String message, List<String> lastLog) {
        this(programRan, status, oomKills, message, lastLog, 0);
    }

    /** Nothing was started. */
    public static EndFacts neverRan(String message) {
        return new EndFacts(false, -1, 0, message, List.of());
    }

    EndFacts withLastLog(List<String> lines) {
        return new EndFacts(programRan, status, oomKills, message, lines, peakBytes);
    }
}
