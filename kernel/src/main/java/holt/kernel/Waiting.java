package holt.kernel;

import holt.model.Resources;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashMap;
import java.util.Iterator;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.NavigableMap;
import java.util.NavigableSet;
import java.util.PriorityQueue;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;

/**
 * The processes that wait for room, by what they need: when a host gains room, only those are looked at that fit there,
 * however many others wait. Owned by the brain's thread.
 */
final class Waiting {
    private final Map<Long, Need.Shape> shapes = new HashMap<>();
    private final Map<Need.Shape, NavigableSet<Long>> pids = new HashMap<>();
    private final NavigableMap<Long, Set<Need.Shape>> byMemory = new TreeMap<>();

    /** Takes turns: of all shapes that fit, the one whose oldest process is the oldest. */
    private record Turn(long pid, Need.Shape shape, Iterator<Long> others) {}

    void add(long pid, Need.Shape shape) {
        remove(pid);
        shapes.put(pid, shape);
        pids.computeIfAbsent(shape, this::begin).add(pid);
    }

    private NavigableSet<Long> begin(Need.Shape shape) {
        byMemory.computeIfAbsent(shape.resources().memoryBytes(), unused -> new LinkedHashSet<>())
                .add(shape);
        return new TreeSet<>();
    }

    /** Tells whether it was waiting. */
    boolean remove(long pid) {
        Need.Shape shape = shapes.remove(pid);
        NavigableSet<Long> alike = shape == null ? null : pids.get(shape);
        if (shape != null && alike != null && alike.remove(pid) && alike.isEmpty()) {
            pids.remove(shape);
            long memory = shape.resources().memoryBytes();
            byMemory.computeIfPresent(memory, (unused, some) -> some.remove(shape) && some.isEmpty() ? null : some);
        }
        return shape != null;
    }

    /** Those that could be started on the host, oldest first, as far as its room goes. */
    List<Long> fitting(Hosts.Host host) {
        Resources free = host.free();
        PriorityQueue<Turn> turns = new PriorityQueue<>(Comparator.comparingLong(Turn::pid));
        for (Set<Need.Shape> alike : byMemory.headMap(free.memoryBytes(), true).values()) {
            for (Need.Shape shape : alike) {
                if (shape.suits(host)) {
                    offer(
                            turns,
                            shape,
                            pids.getOrDefault(shape, new TreeSet<>()).iterator());
                }
            }
        }
        List<Long> fitting = new ArrayList<>();
        while (!turns.isEmpty()) {
            Turn turn = turns.remove();
            Resources needed = turn.shape().resources();
            if (needed.fitsIn(free)) {
                fitting.add(turn.pid());
                free = free.minus(needed);
                offer(turns, turn.shape(), turn.others());
            }
        }
        return fitting;
    }

    private static void offer(PriorityQueue<Turn> turns, Need.Shape shape, Iterator<Long> pids) {
        if (pids.hasNext()) {
            turns.add(new Turn(pids.next(), shape, pids));
        }
    }
}
