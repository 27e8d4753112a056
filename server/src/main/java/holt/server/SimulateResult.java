package holt.server;

import holt.simulator.HistoryText;
import holt.simulator.Outcome;
import holt.simulator.Simulator;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import org.jspecify.annotations.Nullable;

/**
 * What {@code holt simulate --json} prints.
 *
 * @param trace fingerprint of the run: the same seed and options lead to the same
 * @param brokenRule null for a good run, as the following are
 * @param history the shortest history found that breaks the rule
 * @param story what happens in it, in words
 */
record SimulateResult(
        long seed,
        int hosts,
        String trace,
        Outcome.Summary summary,
        double seconds,
        double simulatedHoursAnHour,
        @Nullable String brokenRule,
        @Nullable String detail,
        @Nullable String history,
        List<String> story,
        int shrinkingRuns) {
    private static final double HOUR_MILLIS = 3_600_000;

    static SimulateResult of(Simulator.Findings findings, Duration took) {
        Outcome outcome = findings.outcome();
        double seconds = Math.max(1, took.toMillis()) / 1000.0;
        Simulator.Failure failure = findings.failure().orElse(null);
        return new SimulateResult(
                findings.plan().seed(),
                findings.plan().hosts(),
                Long.toHexString(outcome.trace()),
                outcome.summary(),
                seconds,
                outcome.summary().simulatedMillis() / 1000.0 / seconds,
                failure == null ? null : failure.found().invariant(),
                failure == null ? null : failure.found().detail(),
                failure == null ? null : HistoryText.write(failure.shrunk()),
                failure == null ? List.of() : failure.story(),
                failure == null ? 0 : failure.runs());
    }

    /** The same for people. */
    List<String> lines() {
        List<String> lines = new ArrayList<>();
        lines.add(brokenRule == null ? "All rules held." : "A rule was broken: " + brokenRule);
        add(lines, "virtual time", "%.2f h, %d hosts, seed %d", summary.simulatedMillis() / HOUR_MILLIS, hosts, seed);
        add(lines, "events", "%,d", summary.events());
        add(lines, "messages", "%,d, %,d of them lost", summary.messages(), summary.lost());
        add(lines, "commits", "%,d", summary.commits());
        add(lines, "commands", "%,d done, %,d refused", summary.commands(), summary.refused());
        add(lines, "placements", "%,d", summary.placements());
        add(lines, "restarts", "%,d", summary.restarts());
        add(lines, "hosts lost", "%,d times", summary.hostsLost());
        add(lines, "processes", "%,d started, %,d running at the end", summary.starts(), summary.running());
        add(lines, "longest drift", "%.1f s until zero, once faults had stopped", summary.longestSettleMillis() / 1e3);
        add(lines, "checks", "%,d", summary.checks());
        add(lines, "real time", "%.1f s: %,.0f simulated hours an hour", seconds, simulatedHoursAnHour);
        add(lines, "trace", "%s", trace);
        if (brokenRule != null) {
            lines.add("");
            lines.add("  " + detail);
            lines.add("");
            lines.add("What happens (seconds), in the shortest of " + shrinkingRuns + " histories tried:");
            lines.addAll(story);
            lines.add("");
            lines.add("To be replayed with: holt simulate --history FILE, where FILE holds:");
            lines.add(String.valueOf(history).strip());
        }
        return lines;
    }

    private static void add(List<String> lines, String name, String format, Object... values) {
        lines.add(String.format(Locale.ROOT, "  %-14s ", name) + String.format(Locale.ROOT, format, values));
    }
}
