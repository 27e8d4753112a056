package holt.kernel;

import holt.model.Exit;
import holt.model.HostReport;
import holt.model.ProcessReport;
import java.time.Duration;
import org.jspecify.annotations.Nullable;

/**
 * What the health manager found when it compared what is intended with what agents say. Whoever acts on it looks first
 * whether it still holds.
 */
sealed interface Finding {

    /** The name of the host it is about. */
    String host();

    /** A host that lacks what the truth has did not hear the call of this brain: what it says may be old. */
    record Uncalled(String host, String word) implements Finding {}

    /** A host that was lost speaks again. */
    record HostBack(String host) implements Finding {}

    /** A host spoke, and what it said is newer than all before; with its report where that was a full one. */
    record HostHeard(String host, @Nullable HostReport report) implements Finding {}

    /** A host was silent longer than the lease, while others could be heard or long enough. */
    record HostLost(String host, Duration silent) implements Finding {}

    /** A host that holds nothing was silent for so long that it is known no longer. */
    record HostForgotten(String host, Duration silent) implements Finding {}

    /** A host nobody knew spoke, and as many are known as may be. */
    record HostRefused(String host, int known) implements Finding {}

    /** A process ended. */
    record Ended(String host, long pid, int incarnation, Exit exit) implements Finding {}

    /** A process that was there, or must have been, is not. */
    record Missing(String host, long pid, int incarnation) implements Finding {}

    /** A process whose start was asked for does not show: ask again. */
    record NotYetThere(String host, long pid, int incarnation) implements Finding {}

    /** A process is ready, or is so at another address, or again after its host was lost. */
    record Ready(String host, long pid, int incarnation, ProcessReport report) implements Finding {}

    /** A process that runs can take requests no longer, and why, or again: then null. */
    record ReadinessChanged(
            String host,
            long pid,
            int incarnation,
            @Nullable String unready) implements Finding {}

    /** A process of a host that was lost is still on its way up. */
    record StartingAgain(String host, long pid, int incarnation) implements Finding {}

    /** A process runs on though its stop was asked for some time ago. */
    record StopNotDone(String host, long pid, int incarnation) implements Finding {}

    /** Another start of a process than the intended one runs. */
    record WrongIncarnation(String host, long pid, int incarnation, int intended) implements Finding {}

    /** The process runs another release than the intended one. */
    record WrongVersion(String host, long pid, int incarnation, long version, long intended) implements Finding {}

    /** A process runs that is intended on another host. */
    record Misplaced(String host, long pid, int incarnation, String intended) implements Finding {}

    /** A process runs that nobody asked for. */
    record Extra(String host, long pid, int incarnation) implements Finding {}

    /** Lower is acted on first: hosts, then instances nobody serves, then those that serve, then what is too much. */
    default int urgency() {
        return switch (this) {
            case HostForgotten forgotten -> 0;
            case HostBack back -> 1;
            case HostHeard heard -> 2;
            case HostLost lost -> 3;
            case Ended ended -> 4;
            case Missing missing -> 5;
            case NotYetThere starting -> 6;
            case Ready ready -> 7;
            case ReadinessChanged changed -> 8;
            case StartingAgain again -> 8;
            case StopNotDone stop -> 9;
            case WrongIncarnation wrong -> 10;
            case WrongVersion wrong -> 10;
            case Misplaced wrong -> 10;
            case Extra extra -> 11;
            case HostRefused refused -> 12;
            case Uncalled uncalled -> 13;
        };
    }
}
