package holt.simulator;

import holt.kernel.Brain;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/** One run of one plan, from its first to its last event or to the first thing that must not be. One thread. */
final class Simulation {
    private static final long SETTLE_LOOK_MILLIS = 2000;
    private static final long SHORTEST_SAMPLE_MILLIS = 5000;
    private static final int SAMPLES = 2000;
    private static final long EVENTS_OF_A_MOMENT = 20_000;
    private static final long EVENTS_OF_A_HOST = 100;

    private final World world;
    private final Stage stage;
    private final List<Outcome.Sample> samples = new ArrayList<>();
    private long longestSettleMillis;
    private long moment;
    private long doneBefore;

    Simulation(Plan plan, Parts parts, @Nullable Consumer<String> chronicle) {
        this.world = new World(plan, parts, chronicle);
        this.stage = new Stage(world);
    }

    /**
     * Runs it.
     *
     * @param progress told the virtual time from time to time, in milliseconds
     */
    Outcome run(java.util.function.LongConsumer progress) {
        long end = world.plan.endMillis();
        Optional<Outcome.Found> found = Optional.empty();
        try {
            world.start();
            plan(end, progress);
            while (world.agenda.step(end)) {
                timeGoesOn();
            }
            atTheEnd();
        } catch (Violation violation) {
            found = Optional.of(new Outcome.Found(violation.invariant(), violation.detail(), world.agenda.now()));
            world.say("!!! %s: %s", violation.invariant(), violation.detail());
        }
        return outcome(found);
    }

    /** Parts that wake each other at once, again and again, would keep a real cluster busy for nothing. */
    private void timeGoesOn() {
        if (world.agenda.now() != moment) {
            moment = world.agenda.now();
            doneBefore = world.agenda.done();
            return;
        }
        long done = world.agenda.done() - doneBefore;
        if (done > EVENTS_OF_A_MOMENT + EVENTS_OF_A_HOST * world.plan.hosts()) {
            throw new Violation("time-goes-on", done + " events in one millisecond");
        }
    }

    private void plan(long end, java.util.function.LongConsumer progress) {
        for (Plan.Entry entry : world.plan.entries()) {
            world.agenda.at(entry.atMillis(), () -> perform(entry.action()));
        }
        long pause = Math.max(SHORTEST_SAMPLE_MILLIS, end / SAMPLES);
        world.agenda.after(0, () -> sample(pause, progress));
    }

    private void perform(Action action) {
        stage.perform(action);
        if (action instanceof Action.Settle settle) {
            long since = world.agenda.now();
            world.agenda.after(0, () -> look(since, since + settle.withinMillis()));
        }
    }

    /** Within its time, all has to have come to rest once. */
    private void look(long since, long deadline) {
        Optional<String> open = Settlement.open(world);
        long now = world.agenda.now();
        if (open.isEmpty()) {
            longestSettleMillis = Math.max(longestSettleMillis, now - since);
            world.say(
                    "--- drift is zero, and all routers agree, %.1f s after the last disturbance", (now - since) / 1e3);
        } else if (now >= deadline) {
            throw new Violation(
                    "drift-reaches-zero", "after " + (deadline - since) / 1000 + " s in peace: " + open.get());
        } else {
            world.agenda.at(Math.min(deadline, now + SETTLE_LOOK_MILLIS), () -> look(since, deadline));
        }
    }

    private void sample(long pause, java.util.function.LongConsumer progress) {
        samples.add(new Outcome.Sample(world.agenda.now(), Drift.of(world), world.reality.size()));
        progress.accept(world.agenda.now());
        world.agenda.after(pause, () -> sample(pause, progress));
    }

    private void atTheEnd() {
        SimulatedController controller = world.controller;
        Brain brain = controller.brain();
        if (brain != null && controller.decides()) {
            world.checks.everything(brain);
        }
    }

    private Outcome outcome(Optional<Outcome.Found> found) {
        World.Counts counts = world.counts;
        Outcome.Summary summary = new Outcome.Summary(
                world.agenda.now(),
                world.agenda.done(),
                world.network.sent(),
                world.network.lost(),
                world.store.commits(),
                counts.commands,
                counts.refused,
                counts.placements,
                counts.crashes,
                counts.hostsLost,
                world.reality.starts(),
                world.reality.size(),
                longestSettleMillis,
                world.checks.made());
        return new Outcome(summary, found, samples, world.trace.hash());
    }
}
