package holt.agent;

import holt.model.Liveness;
import holt.model.ProcessSpec;
import holt.model.Readiness;
import java.time.Duration;

/**
 * One look at an instance from outside.
 *
 * @param kind what is looked at
 * @param target the path that is asked for, or the command that is run; empty where the kind needs none
 * @param host what an HTTP request says it is meant for
 * @param limit how long it may take
 */
record Check(Readiness.Kind kind, String target, String host, Duration limit) {
    /** Whether the instance is ready. */
    static Check ofReadiness(ProcessSpec spec) {
        Readiness readiness = spec.readiness();
        int seconds = spec.lifecycle().liveness().timeoutSeconds();
        return new Check(readiness.kind(), readiness.target(), host(spec), limit(seconds));
    }

    /** Whether the instance is alive. */
    static Check ofLiveness(ProcessSpec spec) {
        Liveness liveness = spec.lifecycle().liveness();
        return new Check(liveness.kind(), liveness.target(), host(spec), limit(liveness.timeoutSeconds()));
    }

    private static Duration limit(int seconds) {
        return Duration.ofSeconds(Math.max(1, seconds));
    }

    private static String host(ProcessSpec spec) {
        return spec.routes().isEmpty() ? "localhost" : spec.routes().getFirst();
    }

    /** What came of it: whether all is well, and what was seen, for people. */
    record Result(boolean passed, String seen) {
        static Result passed(String seen) {
            return new Result(true, seen);
        }

        static Result failed(String seen) {
            return new Result(false, seen);
        }
    }
}
