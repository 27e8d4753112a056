package holt.kernel;

import static holt.kernel.Sentences.seconds;

import holt.model.Process;
import holt.model.ProcessState;
import holt.model.Release;
import java.time.Duration;
import java.util.List;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/** What an app's state means to people: pure functions of the app. */
final class Diagnosis {
    private Diagnosis() {}

    static AppStatus status(AppEntry app, RestartRule rule) {
        List<ProcessStatus> processes = app.slots.values().stream()
                .sorted(java.util.Comparator.comparingInt(Slot::index).thenComparingLong(Slot::pid))
                .map(Slot::status)
                .toList();
        return new AppStatus(
                app.row,
                app.target(),
                app.live(),
                app.latest(),
                processes,
                app.forked.values().stream().map(Slot::status).toList(),
                health(app, rule),
                app.running(),
                failure(app),
                RouteTable.endpoints(app),
                reason(app));
    }

    static Health health(AppEntry app, RestartRule rule) {
        if (app.row.targetVersion() == 0) {
            return Health.EMPTY;
        }
        if (!app.row.started()) {
            return Health.STOPPED;
        }
        if (app.row.isRolling() && app.row.liveVersion() != 0) {
            return Health.ROLLING;
        }
        return healthOfInstances(app, rule);
    }

    private static Health healthOfInstances(AppEntry app, RestartRule rule) {
        boolean flapping = app.slots.values().stream()
                .anyMatch(slot -> isDown(slot) && rule.isFlapping(slot.row().crashes()));
        int running = app.running();
        if (flapping) {
            return Health.FLAPPING;
        }
        if (running >= app.row.instances()) {
            return Health.RUNNING;
        }
        if (running > 0) {
            return Health.PARTIAL;
        }
        return app.slots.values().stream()
                        .anyMatch(slot -> isDown(slot) && slot.row().crashes() > 0)
                ? Health.CRASHED
                : Health.STARTING;
    }

    private static boolean isDown(Slot slot) {
        return slot.is(ProcessState.WAITING) || slot.is(ProcessState.STARTING) || slot.is(ProcessState.EXITED);
    }

    static @Nullable String failure(AppEntry app) {
        Release latest = app.latest();
        return latest == null || latest.state() != Release.State.FAILED ? null : latest.reason();
    }

    /** Why no request can be answered; null when one can. */
    static @Nullable String reason(AppEntry app) {
        if (app.slots.values().stream().anyMatch(slot -> slot.isServing() && slot.endpoint() != null)) {
            return null;
        }
        String name = app.name();
        String failure = failure(app);
        if (app.row.targetVersion() == 0) {
            return failure == null
                    ? "app " + name + " has nothing to run yet"
                    : "app " + name + " did not come up: " + failure;
        }
        if (!app.row.started()) {
            return "app " + name + " is stopped";
        }
        if (app.row.instances() == 0) {
            return "app " + name + " is scaled to 0 instances";
        }
        return reasonOfInstances(app);
    }

    private static String reasonOfInstances(AppEntry app) {
        List<Slot> active = app.active();
        if (active.stream().anyMatch(slot -> slot.is(ProcessState.STARTING))) {
            return "app " + app.name() + " is starting";
        }
        if (active.stream().anyMatch(slot -> slot.is(ProcessState.RUNNING))) {
            return "app " + app.name() + " runs, but listens on no port";
        }
        if (!active.isEmpty() && active.stream().allMatch(slot -> slot.is(ProcessState.EXITED))) {
            return "all instances of " + app.name() + " have crashed and were given up; restart the app to try again";
        }
        return active.stream()
                .map(Slot::row)
                .filter(row -> row.notBefore() != null)
                .min(java.util.Comparator.comparing(row -> Objects.requireNonNull(row.notBefore())))
                .map(row -> "all instances of " + app.name() + " have crashed; next start in " + seconds(delay(row)))
                .orElseGet(() -> reasonOfWaiting(app, active));
    }

    /** The whole delay and not what is left of it: a text that changes with the clock would be published again and again. */
    private static Duration delay(Process row) {
        return Duration.between(row.stateSince(), Objects.requireNonNull(row.notBefore()));
    }

    private static String reasonOfWaiting(AppEntry app, List<Slot> active) {
        return active.stream()
                .map(slot -> slot.note)
                .filter(Objects::nonNull)
                .findFirst()
                .map(note -> "app " + app.name() + (note.startsWith(Actions.WAITS) ? " " : " waits: ") + note)
                .orElse("app " + app.name() + " is starting");
    }
}
