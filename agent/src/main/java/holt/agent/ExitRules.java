package holt.agent;

import holt.model.Exit;
import holt.model.Exit.Reason;
import holt.model.MemorySize;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** Says how an instance ended, from what was seen. Pure. */
final class ExitRules {
    private static final int SIGNAL_BASE = 128;
    private static final List<String> SIGNALS = List.of(
            "", "SIGHUP", "SIGINT", "SIGQUIT", "SIGILL", "SIGTRAP", "SIGABRT", "SIGBUS", "SIGFPE", "SIGKILL", "SIGUSR1",
            "SIGSEGV", "SIGUSR2", "SIGPIPE", "SIGALRM", "SIGTERM");
    private static final int SIGKILL = 9;
    private static final int LAST_SIGNAL = 64;

    private ExitRules() {}

    static Exit exit(EndFacts facts, @Nullable StopCause cause, long memoryBytes) {
        if (cause != null) {
            return exit(cause.reason(), facts, cause.detail());
        }
        if (!facts.programRan()) {
            return exit(
                    Reason.START_FAILED, facts, facts.message().isEmpty() ? "could not be started" : facts.message());
        }
        int status = facts.status();
        if (status < 0) {
            return exit(Reason.UNKNOWN, facts, "ended without a word of how: its supervisor on the host was killed");
        }
        if (status != 0 && facts.oomKills() > 0) {
            return exit(Reason.OUT_OF_MEMORY, facts, outOfMemory(facts, memoryBytes));
        }
        if (status > SIGNAL_BASE && status <= SIGNAL_BASE + LAST_SIGNAL) {
            return exit(Reason.SIGNALED, facts, "killed by " + signal(status - SIGNAL_BASE));
        }
        return exit(Reason.EXITED, facts, "exited with code " + status + hint(status));
    }

    private static String outOfMemory(EndFacts facts, long limit) {
        String peak = facts.peakBytes() > 0 ? MemorySize.format(facts.peakBytes()) + " at its peak, " : "";
        String text = "needed more than its " + MemorySize.format(limit) + " of memory (" + peak;
        return facts.status() == SIGNAL_BASE + SIGKILL
                ? text + "killed by the kernel)"
                : text + "the kernel killed one of its processes), and exited with code " + facts.status();
    }

    private static String hint(int status) {
        return switch (status) {
            case 126 -> ": the command was found but may not be executed";
            case 127 -> ": the command was not found";
            default -> "";
        };
    }

    private static String signal(int number) {
        return number < SIGNALS.size() ? SIGNALS.get(number) : "signal " + number;
    }

    private static Exit exit(Reason reason, EndFacts facts, String detail) {
        return new Exit(reason, facts.programRan() ? facts.status() : -1, detail, facts.lastLog());
    }
}
