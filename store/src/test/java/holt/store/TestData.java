package holt.store;

import holt.model.AfterStop;
import holt.model.App;
import holt.model.Event;
import holt.model.Exit;
import holt.model.Fork;
import holt.model.Keeping;
import holt.model.Lifecycle;
import holt.model.Limits;
import holt.model.Liveness;
import holt.model.Placement;
import holt.model.Process;
import holt.model.ProcessState;
import holt.model.Readiness;
import holt.model.Release;
import holt.model.RestartPolicy;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Map;

/** Values to keep. */
final class TestData {
    /** Not a round number: what comes back must be equal to the last digit. */
    static final Instant NOW = Instant.parse("2026-11-21T10:15:30.123456789Z");

    private TestData() {}

    static App app(String name, long target, long live) {
        return new App(name, 2, true, 3, List.of(name + ".localhost", "b.example"), target, live, NOW, NOW);
    }

    static Release release(String app, long version) {
        return new Release(
                app,
                version,
                "d".repeat(64),
                "node",
                "node app.js",
                "e1.sealed",
                new Limits(256L << 20, 500, 64, 1L << 30, 2048, 10L << 20, 5L << 20),
                new Readiness(Readiness.Kind.HTTP, 12, "/healthz"),
                Release.State.FAILED,
                "it's \"broken\"",
                NOW,
                "ops",
                new Placement(List.of("gpu", "zone=a"), true, List.of("greedy")),
                new Lifecycle(new Liveness(Readiness.Kind.COMMAND, "test -f ok", 3, 2, 4), 25, "./drain \"now\""),
                "debian-12");
    }

    static Process process(String app, long pid, long version) {
        Exit exit = new Exit(Exit.Reason.SIGNALED, 137, "killed by SIGKILL", List.of("last", "words: ünï"));
        return new Process(
                pid,
                2,
                app,
                1,
                version,
                4,
                "11-22",
                ProcessState.RUNNING,
                "host",
                "10.0.0.2",
                8080,
                2,
                NOW,
                NOW,
                NOW,
                exit,
                new Keeping(Keeping.Strategy.REST_FOR_ONE, 3, Duration.ofMillis(1500)),
                AfterStop.RESTART,
                new Fork(RestartPolicy.ON_FAILURE, true, List.of("--part", "ünï \"7\""), "load-7"));
    }

    static Process waiting(String app, long pid) {
        return new Process(pid, 2, app, 0, 1, 1, "11-22", ProcessState.WAITING, null, null, 0, 0, null, NOW, NOW, null);
    }

    static Event event(long id, String app) {
        return new Event(id, NOW, app, Event.APP_SCALED, "scaled to " + id, Map.of("count", "3", "actor", "ops"));
    }
}
