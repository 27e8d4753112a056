package holt.simulator;

import holt.agent.EndFacts;
import holt.agent.InstanceKey;
import holt.agent.InstanceStatus;
import holt.agent.Place;
import holt.model.ProcessSpec;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;

/**
 * A simulated machine: programs that run on it and what lies on its disk. It goes on without an agent, as real machines
 * do; the agent hears of what happens while there is one. Owned by the simulation's thread.
 */
final class Machine {
    private static final int SIGKILL_STATUS = 137;
    private static final int SIGTERM_STATUS = 143;
    private static final int NOBODY_SAW = -1;
    private static final int FIRST_PORT = 10_000;
    private static final int PORTS = 50_000;

    /** What an agent hears of its machine. */
    interface Listener {
        void launched(Running running);

        void failed(InstanceKey key, EndFacts facts);

        void ready(Running running);

        void ended(Running running);
    }

    private final World world;
    private final int number;
    private final Dice dice;
    private final Listener listener;
    private final Map<InstanceKey, Running> running = new LinkedHashMap<>();
    private final Map<InstanceKey, EndFacts> ends = new LinkedHashMap<>();
    private final Map<InstanceKey, InstanceStatus> kept = new LinkedHashMap<>();
    private final Set<InstanceKey> past = new LinkedHashSet<>();
    private int lastPort;
    private int generation;
    private int fullDisks;
    private double slowness = 1;

    Machine(World world, int number, Dice dice, Listener listener) {
        this.world = world;
        this.number = number;
        this.dice = dice;
        this.listener = listener;
    }

    /** How much longer everything takes at present. */
    void slowness(double factor) {
        slowness = factor;
    }

    void fillDisk(int step) {
        fullDisks += step;
    }

    long slowed(long millis) {
        return millis == Long.MAX_VALUE ? millis : (long) (millis * slowness);
    }

    /** Counts the losses of the agent's state: what was started before one may be started again. */
    int generation() {
        return generation;
    }

    Map<InstanceKey, Running> running() {
        return running;
    }

    /** What the agent left on the disk for the next one. */
    List<InstanceStatus> kept() {
        return List.copyOf(kept.values());
    }

    /** A write to a full disk fails; the agent goes on with what it has in memory. */
    void keep(InstanceStatus status) {
        if (fullDisks == 0 || kept.containsKey(status.key())) {
            kept.put(status.key(), status);
        }
    }

    /** What the agent knows must not start again. */
    List<InstanceKey> past() {
        return List.copyOf(past);
    }

    void remember(InstanceKey key) {
        if (fullDisks == 0) {
            past.add(key);
        }
    }

    /** Where it cannot be written down that it was here, what is left of it stays and tells that. */
    void forget(InstanceKey key) {
        remember(key);
        if (past.contains(key)) {
            kept.remove(key);
            ends.remove(key);
        }
    }

    /** Starts a program after the time that takes; not if {@code wanted} says by then that nobody waits for it. */
    void launch(ProcessSpec spec, java.util.function.BooleanSupplier wanted) {
        world.agenda.after(slowed(dice.between(30, 500)), () -> {
            if (!wanted.getAsBoolean()) {
                return;
            }
            if (fullDisks > 0) {
                listener.failed(InstanceKey.of(spec), EndFacts.neverRan("no space is left on the disk of its host"));
            } else {
                begin(spec);
            }
        });
    }

    private void begin(ProcessSpec spec) {
        lastPort = (lastPort + 1) % PORTS;
        Place place = new Place(
                "10." + (number >> 16) + "." + (number >> 8 & 255) + "." + (number & 255), FIRST_PORT + lastPort);
        Running fresh = new Running(spec, number, place, world.program(spec));
        running.put(fresh.key, fresh);
        world.checks.began(fresh, generation);
        listener.launched(fresh);
        later(slowed(fresh.program.readyAfter(dice)), fresh, () -> {
            fresh.ready = true;
            listener.ready(fresh);
        });
        later(slowed(fresh.program.crashAfter(dice)), fresh, () -> end(fresh, fresh.program.exitCode()));
    }

    private void later(long millis, Running which, Runnable action) {
        if (millis != Long.MAX_VALUE) {
            world.agenda.after(millis, () -> {
                if (which.alive) {
                    action.run();
                }
            });
        }
    }

    private void end(Running which, int status) {
        if (which.alive) {
            which.alive = false;
            running.remove(which.key);
            ends.put(which.key, new EndFacts(true, status, 0, "", List.of()));
            world.checks.ended(which);
            listener.ended(which);
        }
    }

    void terminate(InstanceKey key) {
        Running which = running.get(key);
        if (which != null && !which.terminated) {
            which.terminated = true;
            later(slowed(which.program.endsAfter(dice)), which, () -> end(which, SIGTERM_STATUS));
        }
    }

    void kill(InstanceKey key) {
        Running which = running.get(key);
        if (which != null) {
            end(which, SIGKILL_STATUS);
        }
    }

    /** How it ended, as far as that can be seen. */
    EndFacts facts(InstanceKey key) {
        EndFacts facts = ends.get(key);
        return facts != null ? facts : new EndFacts(false, NOBODY_SAW, 0, "", List.of());
    }

    /** The power fails: all programs end, and nobody sees how. What is on the disk stays. */
    void crash() {
        for (Running each : new ArrayList<>(running.values())) {
            end(each, NOBODY_SAW);
        }
    }

    /** The agent's folder is lost. */
    void wipe() {
        generation++;
        kept.clear();
        past.clear();
    }

    /** A starting agent ends what it finds and knows nothing of, before it takes anything on: it watches none of their ends. */
    void endStrays() {
        for (Running each : new ArrayList<>(running.values())) {
            if (!kept.containsKey(each.key)) {
                each.alive = false;
                running.remove(each.key);
                world.checks.ended(each);
            }
        }
    }
}
