package holt.simulator;

import holt.model.ErrorCode;
import holt.model.Keeping;
import holt.model.Placement;
import holt.model.Problem;
import holt.model.ProblemException;
import holt.model.RestartPolicy;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import org.jspecify.annotations.Nullable;

/**
 * The text form of a plan: a line for each thing that happens, with the seconds from the beginning, a verb, and
 * {@code name=value} words; {@code #} begins a comment. What {@link #write} makes, {@link #read} takes.
 */
public final class HistoryText {
    private HistoryText() {}

    /** The plan as lines. */
    public static String write(Plan plan) {
        StringBuilder text = new StringBuilder("cluster seed=%d hosts=%d routers=%d memory=%d%s until=%s\n"
                .formatted(
                        plan.seed(),
                        plan.hosts(),
                        plan.routers(),
                        plan.hostMemoryMegabytes(),
                        plan.zones() == 0 ? "" : " zones=" + plan.zones(),
                        seconds(plan.untilMillis())));
        for (Plan.Entry entry : plan.entries()) {
            text.append(String.format(Locale.ROOT, "%.3f ", entry.atMillis() / 1000.0))
                    .append(words(entry.action()))
                    .append('\n');
        }
        return text.toString();
    }

    static String words(Action action) {
        return switch (action) {
            case Action.Push a ->
                "push app=%s instances=%d droplet=%s memory=%d"
                                .formatted(a.app(), a.instances(), a.droplet(), a.megabytes())
                        + placement(a.placement());
            case Action.Scale a -> "scale app=%s instances=%d".formatted(a.app(), a.instances());
            case Action.Resize a -> "resize app=%s memory=%d".formatted(a.app(), a.megabytes());
            case Action.Start a -> "start app=" + a.app();
            case Action.Stop a -> "stop app=" + a.app();
            case Action.Restart a -> "restart app=" + a.app();
            case Action.Delete a -> "delete app=" + a.app();
            case Action.MapRoute a -> "map app=%s route=%s".formatted(a.app(), a.route());
            case Action.UnmapRoute a -> "unmap app=%s route=%s".formatted(a.app(), a.route());
            case Action.Crash a -> "crash app=%s index=%d".formatted(a.app(), a.index());
            case Action.Fork a ->
                "fork app=%s parent=%d count=%d restart=%s key=%s"
                                .formatted(a.app(), a.parent(), a.count(), word(a.restart()), a.key())
                        + (a.detached() ? " detached=yes" : "")
                        + keeping(a.keeping());
            case Action.Kill a -> "kill app=%s process=%d".formatted(a.app(), a.process());
            case Action.Detach a -> "detach app=%s process=%d".formatted(a.app(), a.process());
            case Action.Reap a -> "reap app=%s process=%d".formatted(a.app(), a.process());
            case Action.Rebalance _ -> "rebalance";
            case Action.Drain a -> "drain host=%d for=%s".formatted(a.host(), seconds(a.forMillis()));
            case Action.Fault a ->
                "fault kind=%s target=%d count=%d for=%s strength=%s"
                        .formatted(a.kind().word(), a.target(), a.count(), seconds(a.forMillis()), a.strength());
            case Action.Settle a -> "settle within=" + seconds(a.withinMillis());
        };
    }

    private static String word(Enum<?> constant) {
        return constant.name().toLowerCase(Locale.ROOT).replace('_', '-');
    }

    private static String placement(Placement placement) {
        return (placement.tags().isEmpty() ? "" : " tags=" + String.join(",", placement.tags()))
                + (placement.apart() ? " apart=yes" : "")
                + (placement.notWith().isEmpty() ? "" : " not-with=" + String.join(",", placement.notWith()));
    }

    private static String keeping(@Nullable Keeping keeping) {
        return keeping == null
                ? ""
                : " keeping=%s restarts=%d period=%s"
                        .formatted(
                                word(keeping.strategy()),
                                keeping.maxRestarts(),
                                seconds(keeping.period().toMillis()));
    }

    private static String seconds(long millis) {
        return String.format(Locale.ROOT, "%.3f", millis / 1000.0);
    }

    /**
     * Reads a history.
     *
     * @throws ProblemException {@code parameter-invalid} naming the first line that cannot be understood
     */
    public static Plan read(String text) {
        Words cluster = null;
        List<Plan.Entry> entries = new ArrayList<>();
        int number = 0;
        for (String line : text.split("\n", -1)) {
            number++;
            String content = line.contains("#") ? line.substring(0, line.indexOf('#')) : line;
            if (content.isBlank()) {
                continue;
            }
            Words words = new Words(content.strip(), number);
            if (cluster == null) {
                cluster = words.expectVerb("cluster");
            } else {
                entries.add(new Plan.Entry(words.millisAt(), action(words)));
            }
        }
        if (cluster == null) {
            throw Problem.of(ErrorCode.PARAMETER_INVALID, "The history is empty.")
                    .expected("a first line such as: cluster seed=1 hosts=4 routers=2 memory=2048 until=600", null)
                    .exception();
        }
        return new Plan(
                cluster.number("seed", Long.MIN_VALUE, Long.MAX_VALUE),
                (int) cluster.number("hosts", 1, SimulationSettings.MAX_HOSTS),
                (int) cluster.number("routers", 0, 100),
                cluster.number("memory", 64, 1 << 20),
                cluster.has("zones") ? (int) cluster.number("zones", 0, 100) : 0,
                cluster.millis("until"),
                entries);
    }

    private static Action action(Words words) {
        return switch (words.verb()) {
            case "push" ->
                new Action.Push(
                        words.text("app"),
                        (int) words.number("instances", 0, 1000),
                        words.text("droplet"),
                        (int) words.number("memory", 16, 1 << 19),
                        new Placement(words.list("tags"), words.has("apart"), words.list("not-with")));
            case "scale" -> new Action.Scale(words.text("app"), (int) words.number("instances", 0, 1000));
            case "resize" -> new Action.Resize(words.text("app"), (int) words.number("memory", 16, 1 << 19));
            case "start" -> new Action.Start(words.text("app"));
            case "stop" -> new Action.Stop(words.text("app"));
            case "restart" -> new Action.Restart(words.text("app"));
            case "delete" -> new Action.Delete(words.text("app"));
            case "map" -> new Action.MapRoute(words.text("app"), words.text("route"));
            case "unmap" -> new Action.UnmapRoute(words.text("app"), words.text("route"));
            case "crash" -> new Action.Crash(words.text("app"), (int) words.number("index", 0, 1000));
            case "fork" -> fork(words);
            case "kill" -> new Action.Kill(words.text("app"), (int) words.number("process", 0, 1 << 20));
            case "detach" -> new Action.Detach(words.text("app"), (int) words.number("process", 0, 1 << 20));
            case "reap" -> new Action.Reap(words.text("app"), (int) words.number("process", 0, 1 << 20));
            case "rebalance" -> new Action.Rebalance();
            case "drain" ->
                new Action.Drain((int) words.number("host", 0, SimulationSettings.MAX_HOSTS), words.millis("for"));
            case "fault" ->
                new Action.Fault(
                        words.kind(),
                        (int) words.number("target", 0, SimulationSettings.MAX_HOSTS + 100L),
                        (int) words.number("count", 1, SimulationSettings.MAX_HOSTS + 100L),
                        words.millis("for"),
                        words.decimal("strength"));
            case "settle" -> new Action.Settle(words.millis("within"));
            default -> throw words.misunderstood("a verb such as push, scale, fork, kill, drain, fault or settle");
        };
    }

    private static Action fork(Words words) {
        return new Action.Fork(
                words.text("app"),
                (int) words.number("parent", 0, 1 << 20),
                (int) words.number("count", 1, 1000),
                words.constant("restart", RestartPolicy.class),
                words.has("keeping") ? keeping(words) : null,
                words.has("detached"),
                words.text("key"));
    }

    private static Keeping keeping(Words words) {
        return new Keeping(
                words.constant("keeping", Keeping.Strategy.class),
                (int) words.number("restarts", 0, Keeping.MAX_RESTARTS),
                Duration.ofMillis(words.millis("period")));
    }
}
