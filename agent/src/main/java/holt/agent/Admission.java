package holt.agent;

import holt.model.MemorySize;
import holt.model.Resources;
import java.util.Optional;
import java.util.function.LongFunction;
import java.util.stream.Stream;

/** Says whether this host has room for one more process. Pure functions. */
final class Admission {
    private Admission() {}

    /** What is lacking, for people; empty where it fits. */
    static Optional<String> lack(Resources wanted, Resources capacity, Resources reserved) {
        Resources free = capacity.minus(reserved);
        if (wanted.memoryBytes() == 0) {
            return Optional.of("its limit of memory cannot be used");
        }
        return Stream.of(
                        lack(
                                "memory",
                                wanted.memoryBytes(),
                                free.memoryBytes(),
                                capacity.memoryBytes(),
                                MemorySize::format),
                        lack("cpu", wanted.cpuMillis(), free.cpuMillis(), capacity.cpuMillis(), Admission::cores),
                        lack("disk", wanted.diskBytes(), free.diskBytes(), capacity.diskBytes(), MemorySize::format),
                        lack("pids", wanted.pids(), free.pids(), capacity.pids(), Long::toString))
                .flatMap(Optional::stream)
                .findFirst();
    }

    private static Optional<String> lack(
            String resource, long wanted, long free, long capacity, LongFunction<String> text) {
        return wanted <= free
                ? Optional.empty()
                : Optional.of("needs " + text.apply(wanted) + " of " + resource + ", " + text.apply(free) + " of "
                        + text.apply(capacity) + " are free");
    }

    private static String cores(long millis) {
        return millis / 1000.0 + " cores";
    }
}
