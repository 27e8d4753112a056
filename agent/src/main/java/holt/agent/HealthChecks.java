package holt.agent;

import holt.model.ProcessSpec;
import holt.model.Readiness;
import java.io.IOException;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ScheduledThreadPoolExecutor;
import java.util.concurrent.Semaphore;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.LockSupport;
import java.util.function.Consumer;

/**
 * Looks at instances from outside: whether they become ready, and then, at intervals, whether they stay so and are alive.
 * Tells the agent's brain what it finds. Between two looks an instance costs nothing but an entry in a queue; each look is
 * on a virtual thread, so many at once. Any thread.
 */
final class HealthChecks implements AutoCloseable {
    private static final System.Logger LOG = System.getLogger(HealthChecks.class.getName());
    private static final int LOOKS_AT_ONCE = 64;
    private static final int COMMANDS_AT_ONCE = 8;
    private static final long MILLI = TimeUnit.MILLISECONDS.toNanos(1);
    private static final double GROWTH = 1.5;

    private final Backend backend;
    private final Checker checker;
    private final InstantSource clock;
    private final Consumer<AgentEvent> brain;
    private final Set<InstanceKey> awaited = ConcurrentHashMap.newKeySet();
    private final Map<InstanceKey, Watched> watched = new ConcurrentHashMap<>();
    private final Semaphore looks = new Semaphore(LOOKS_AT_ONCE);
    private final Semaphore commands = new Semaphore(COMMANDS_AT_ONCE);
    private final ScheduledThreadPoolExecutor timer;

    /** An instance that is looked at again and again; its watch is for the thread that looks, one at a time. */
    private record Watched(ProcessSpec spec, Place place, HealthWatch watch) {}

    HealthChecks(Backend backend, InsideCommand inside, InstantSource clock, Consumer<AgentEvent> brain) {
        this.backend = backend;
        this.checker = new Checker(inside);
        this.clock = clock;
        this.brain = brain;
        timer = new ScheduledThreadPoolExecutor(
                1, Thread.ofPlatform().daemon().name("holt-agent-checks").factory());
        timer.setExecuteExistingDelayedTasksAfterShutdownPolicy(false);
    }

    /** Tells when it is ready, or that it was not until the limit and what was last seen. */
    void awaitReady(InstanceStatus status, InstanceFolder folder, Instant limit) {
        Place place = status.place();
        if (place == null) {
            return;
        }
        awaited.add(status.key());
        long patience = Math.max(0, Duration.between(clock.instant(), limit).toNanos());
        long deadline = System.nanoTime() + patience;
        Thread.startVirtualThread(() -> awaitReady(status.spec(), folder, place, deadline));
    }

    private void awaitReady(ProcessSpec spec, InstanceFolder folder, Place place, long deadline) {
        InstanceKey key = folder.key();
        try {
            long pause = firstPause(spec.readiness().kind());
            String seen = "it has not begun";
            while (awaited.contains(key)) {
                if (backend.hasBegun(folder)) {
                    Check.Result result = look(Check.ofReadiness(spec), spec, place);
                    seen = result.seen();
                    if (result.passed() && awaited.remove(key)) {
                        brain.accept(new AgentEvent.Ready(key));
                        return;
                    }
                }
                if (System.nanoTime() - deadline > 0) {
                    if (awaited.remove(key)) {
                        brain.accept(new AgentEvent.NotReady(key, unready(spec, folder, place, seen)));
                    }
                    return;
                }
                LockSupport.parkNanos(Math.min(pause, Math.max(MILLI, deadline - System.nanoTime())));
                pause = Math.min(longestPause(spec.readiness().kind()), (long) (pause * GROWTH));
            }
        } catch (IOException fault) {
            LOG.log(System.Logger.Level.ERROR, "event=readiness-unknown instance=" + key, fault);
            brain.accept(
                    new AgentEvent.NotReady(key, "whether it is ready could not be found out: " + fault.getMessage()));
        } catch (InterruptedException stop) {
            Thread.currentThread().interrupt();
        }
    }

    /** A connection costs nearly nothing, a request may cost the program something, a command costs a process. */
    private static long firstPause(Readiness.Kind kind) {
        return switch (kind) {
            case PORT, NONE -> 2 * MILLI;
            case HTTP -> 20 * MILLI;
            case COMMAND -> 100 * MILLI;
        };
    }

    private static long longestPause(Readiness.Kind kind) {
        return switch (kind) {
            case PORT, NONE -> 50 * MILLI;
            case HTTP -> 500 * MILLI;
            case COMMAND -> 1000 * MILLI;
        };
    }

    private String unready(ProcessSpec spec, InstanceFolder folder, Place place, String seen) throws IOException {
        String limit = spec.readiness().limitSeconds() + " s";
        Optional<String> ports = backend.listening(folder, place);
        return switch (spec.readiness().kind()) {
            case NONE -> "did not begin within " + limit;
            case PORT ->
                "did not accept connections on port " + place.port() + " within " + limit
                        + ports.map(text -> ": " + text).orElse("");
            case HTTP -> {
                boolean closed = seen.contains("refused");
                yield "was not ready within " + limit + ": " + seen
                        + (closed ? ports.map(text -> "; " + text).orElse("") : "");
            }
            case COMMAND -> "was not ready within " + limit + ": " + seen;
        };
    }

    /** Looks after an instance that is or was ready, as long as it is not forgotten. */
    void watch(InstanceStatus status) {
        ProcessSpec spec = status.spec();
        Place place = status.place();
        if (place == null || !HealthWatch.isNeeded(spec.lifecycle().liveness(), spec.readiness())) {
            return;
        }
        double share = Math.floorMod(status.key().hashCode() * 0x9E3779B9, 1 << 16) / (double) (1 << 16);
        HealthWatch watch = new HealthWatch(
                spec.lifecycle().liveness(), spec.readiness(), status.unready() == null, System.nanoTime(), share);
        Watched each = new Watched(spec, place, watch);
        watched.put(status.key(), each);
        lookLater(status.key(), each);
    }

    private void lookLater(InstanceKey key, Watched each) {
        each.watch().next().ifPresent(due -> {
            if (!timer.isShutdown()) {
                timer.schedule(
                        () -> Thread.startVirtualThread(() -> look(key, each, due.concern())),
                        Math.max(0, due.atNanos() - System.nanoTime()),
                        TimeUnit.NANOSECONDS);
            }
        });
    }

    private void look(InstanceKey key, Watched each, HealthWatch.Concern concern) {
        try {
            if (watched.get(key) != each) {
                return;
            }
            Check check = switch (concern) {
                case LIVENESS -> Check.ofLiveness(each.spec());
                case READINESS -> Check.ofReadiness(each.spec());
            };
            Check.Result result = look(check, each.spec(), each.place());
            if (watched.get(key) == each) {
                each.watch()
                        .looked(concern, result, System.nanoTime())
                        .ifPresent(verdict -> brain.accept(event(key, verdict)));
                lookLater(key, each);
            }
        } catch (InterruptedException stop) {
            Thread.currentThread().interrupt();
        }
    }

    private static AgentEvent event(InstanceKey key, HealthWatch.Verdict verdict) {
        return switch (verdict) {
            case HealthWatch.Verdict.Unhealthy unhealthy -> new AgentEvent.Unhealthy(key, unhealthy.detail());
            case HealthWatch.Verdict.Unready unready -> new AgentEvent.ReadinessSeen(key, unready.detail());
            case HealthWatch.Verdict.ReadyAgain() -> new AgentEvent.ReadinessSeen(key, null);
        };
    }

    private Check.Result look(Check check, ProcessSpec spec, Place place) throws InterruptedException {
        Semaphore turn = check.kind() == Readiness.Kind.COMMAND ? commands : looks;
        turn.acquire();
        try {
            return checker.run(check, spec, place);
        } finally {
            turn.release();
        }
    }

    /** It ends, or has ended: what is still found of it is of no interest. */
    void forget(InstanceKey key) {
        awaited.remove(key);
        watched.remove(key);
    }

    @Override
    public void close() {
        awaited.clear();
        watched.clear();
        timer.shutdown();
    }
}
