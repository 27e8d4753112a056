package holt.kernel;

import java.util.Comparator;
import java.util.List;
import java.util.NavigableSet;
import java.util.TreeSet;

/**
 * Hosts of one zone with the same tags and about the same size that take processes, the least loaded first. Because they
 * are alike, those in front are those with room. Owned by the brain's thread.
 */
final class HostPool {

    /**
     * What its hosts have in common.
     *
     * @param size binary logarithm of the memory, rounded down
     */
    record Kind(String zone, List<String> tags, int size) {}

    final Kind kind;
    final NavigableSet<Hosts.Host> byLoad = new TreeSet<>(
            Comparator.<Hosts.Host>comparingDouble(Hosts.Host::load).thenComparing(host -> host.name));

    HostPool(Kind kind) {
        this.kind = kind;
    }

    static Kind kind(String zone, List<String> tags, long memoryBytes) {
        return new Kind(zone, tags, Long.SIZE - Long.numberOfLeadingZeros(memoryBytes) - 1);
    }

    /** Whether no host here can have what is needed, even when it is empty. */
    boolean isBelow(Need.Shape shape) {
        return shape.resources().memoryBytes() >> (kind.size() + 1) > 0
                || !kind.tags().containsAll(shape.rule().tags());
    }
}
