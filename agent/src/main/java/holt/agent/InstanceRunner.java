package holt.agent;

import holt.bus.Bus;
import holt.bus.PayloadTooLarge;
import holt.identity.Seal;
import holt.model.Json;
import holt.model.LogLine;
import holt.model.ProcessSpec;
import holt.model.Subjects;
import java.io.IOException;
import java.nio.file.Path;
import java.time.Instant;
import java.time.InstantSource;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.Semaphore;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.LockSupport;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/**
 * Carries out what the brain wants done with instances, each on a virtual thread of its own, and tells the brain how it
 * went. Any thread.
 */
final class InstanceRunner {
    private static final System.Logger LOG = System.getLogger(InstanceRunner.class.getName());
    private static final int STARTS_AT_ONCE = 8;
    private static final long PAUSE_NANOS = TimeUnit.MILLISECONDS.toNanos(50);
    private static final int CLOSE_SECONDS = 10;

    private final Path home;
    private final Bus bus;
    private final Seal seal;
    private final InstantSource clock;
    private final Backend backend;
    private final Droplets droplets;
    private final RootLayers layers;
    private final Consumer<AgentEvent> brain;
    private final ExitWatch exits;
    private final LogTailer tailer;
    private final Map<InstanceKey, LogTail> tails = new ConcurrentHashMap<>();
    private final HealthChecks health;
    private final BeforeStop beforeStop;
    private final Semaphore starts = new Semaphore(STARTS_AT_ONCE);

    InstanceRunner(
            Path home,
            Bus bus,
            Seal seal,
            InstantSource clock,
            Backend backend,
            Droplets droplets,
            RootLayers layers,
            Consumer<AgentEvent> brain)
            throws IOException {
        this.home = home;
        this.bus = bus;
        this.seal = seal;
        this.clock = clock;
        this.backend = backend;
        this.droplets = droplets;
        this.layers = layers;
        this.brain = brain;
        exits = new ExitWatch();
        tailer = new LogTailer();
        InsideCommand inside = new GuestCommand(backend, this::start);
        health = new HealthChecks(backend, inside, clock, brain);
        beforeStop = new BeforeStop(inside, clock, this::publish);
    }

    InstanceFolder folder(InstanceKey key) {
        return InstanceFolder.in(home, key);
    }

    void launch(ProcessSpec spec) {
        InstanceKey key = InstanceKey.of(spec);
        Thread.startVirtualThread(() -> {
            starts.acquireUninterruptibly();
            try {
                start(spec, key);
            } catch (IOException | RuntimeException fault) {
                LOG.log(System.Logger.Level.WARNING, "event=start-failed instance=" + key, fault);
                brain.accept(new AgentEvent.Ended(key, EndFacts.neverRan(message(fault))));
            } finally {
                starts.release();
            }
        });
    }

    private void start(ProcessSpec spec, InstanceKey key) throws IOException {
        Backend.Started started = backend.start(start(spec));
        follow(spec);
        brain.accept(new AgentEvent.Launched(key, started.place()));
        exits.watch(started.keeper(), () -> examine(key));
    }

    /** All that a program of this process is given. */
    Backend.Start start(ProcessSpec spec) throws IOException {
        Droplets.Unpacked droplet = droplets.unpack(spec.droplet());
        UnpackedRoot root = layers.unpack(spec.stack()).orElse(null);
        return new Backend.Start(spec, folder(InstanceKey.of(spec)), droplet, opened(spec.environment()), root);
    }

    Map<String, String> opened(String environment) {
        return seal.openEnvironment(environment);
    }

    private static String message(Exception fault) {
        String text = fault.getMessage();
        return text == null ? "it could not be started: " + fault : "it could not be started: " + text;
    }

    /** Watches the end of an instance that an earlier agent started. */
    void watch(InstanceKey key, int keeper) throws IOException {
        exits.watch(keeper, () -> examine(key));
    }

    /** Passes its output on from now on. */
    void follow(ProcessSpec spec) {
        InstanceKey key = InstanceKey.of(spec);
        try {
            folder(key).create();
            LogTail tail = new LogTail(spec, folder(key), clock, batch -> publish(spec.app(), batch));
            tails.put(key, tail);
            tailer.add(tail, folder(key));
        } catch (IOException fault) {
            LOG.log(System.Logger.Level.ERROR, "event=log-unreadable instance=" + key, fault);
        }
    }

    private void publish(String app, LogLine.Batch batch) {
        try {
            bus.publish(Subjects.logs(app), Json.bytes(batch));
        } catch (PayloadTooLarge tooLarge) {
            LOG.log(
                    System.Logger.Level.WARNING,
                    "event=log-lines-not-sent app={0} lines={1} reason=\"{2}\"",
                    app,
                    batch.lines().size(),
                    tooLarge.getMessage());
        }
    }

    /** Finds out how it ended, now that it has. */
    void examine(InstanceKey key) {
        health.forget(key);
        Thread.startVirtualThread(() -> brain.accept(new AgentEvent.Ended(key, facts(key))));
    }

    private EndFacts facts(InstanceKey key) {
        try {
            return backend.finish(folder(key)).withLastLog(lastLog(tails.remove(key)));
        } catch (IOException | RuntimeException fault) {
            LOG.log(System.Logger.Level.ERROR, "event=end-unknown instance=" + key, fault);
            return new EndFacts(true, -1, 0, "", List.of());
        }
    }

    private List<String> lastLog(@Nullable LogTail tail) throws IOException {
        if (tail == null) {
            return List.of();
        }
        tailer.remove(tail);
        try (tail) {
            return tail.finish();
        }
    }

    void awaitReady(InstanceStatus status, Instant limit) {
        health.awaitReady(status, folder(status.key()), limit);
    }

    /** Looks from now on whether it stays ready and is alive. */
    void watch(InstanceStatus status) {
        health.watch(status);
    }

    /** Runs what it wants done before its stop. */
    void runBeforeStop(InstanceStatus status) {
        health.forget(status.key());
        Thread.startVirtualThread(() -> {
            try {
                beforeStop.run(status);
                brain.accept(new AgentEvent.BeforeStopDone(status.key()));
            } catch (InterruptedException stop) {
                Thread.currentThread().interrupt();
            }
        });
    }

    void terminate(InstanceKey key) {
        health.forget(key);
        Thread.startVirtualThread(() -> attempt("terminate", key, () -> {
            // One whose program has not begun yet could not hear it.
            while (!backend.terminate(folder(key)) && tails.containsKey(key)) {
                LockSupport.parkNanos(PAUSE_NANOS);
            }
        }));
    }

    void kill(InstanceKey key) {
        health.forget(key);
        Thread.startVirtualThread(() -> attempt("kill", key, () -> backend.kill(folder(key))));
    }

    /** Deletes what is left of it, and droplets that nobody needs any more. */
    void forget(InstanceKey key, Set<String> dropletsInUse) {
        Thread.startVirtualThread(() -> attempt("forget", key, () -> {
            Folders.delete(folder(key).path());
            droplets.trim(dropletsInUse, clock.instant());
            layers.trim(clock.instant());
        }));
    }

    @FunctionalInterface
    private interface Action {
        void run() throws IOException;
    }

    private static void attempt(String what, InstanceKey key, Action action) {
        try {
            action.run();
        } catch (IOException fault) {
            LOG.log(System.Logger.Level.ERROR, "event=" + what + "-failed instance=" + key, fault);
        }
    }

    Usage usage(InstanceKey key) {
        try {
            return backend.usage(folder(key));
        } catch (IOException gone) {
            LOG.log(System.Logger.Level.DEBUG, "event=usage-unknown instance=" + key, gone);
            return Usage.NONE;
        }
    }

    /** Stops watching; instances go on. Starts that are under way are waited for. */
    void close() throws IOException {
        health.close();
        try {
            starts.tryAcquire(STARTS_AT_ONCE, CLOSE_SECONDS, TimeUnit.SECONDS);
        } catch (InterruptedException stop) {
            Thread.currentThread().interrupt();
        }
        exits.close();
        tailer.close();
        for (LogTail tail : tails.values()) {
            tail.close();
        }
        backend.close();
    }
}
