package holt.simulator;

import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.function.LongConsumer;

/**
 * Runs plans, and explains those that fail: with the shortest history found that breaks the same rule, and the story of
 * it. Instances are for one thread.
 */
public final class Simulator {
    /** How many shorter histories are tried at most. */
    public static final int SHRINKING_RUNS = 400;

    private static final int LONGEST_STORY = 400;

    private final Parts parts;
    private final int shrinkingRuns;

    /** A simulator of the real parts. */
    public Simulator() {
        this(new Parts(), SHRINKING_RUNS);
    }

    /** A simulator of these parts, which may be broken. */
    public Simulator(Parts parts, int shrinkingRuns) {
        this.parts = parts;
        this.shrinkingRuns = shrinkingRuns;
    }

    /**
     * What a plan came to.
     *
     * @param failure empty for a good run
     */
    public record Findings(Plan plan, Outcome outcome, Optional<Failure> failure) {}

    /**
     * Why a run failed.
     *
     * @param shrunk a short history in which the same rule is broken
     * @param found what is seen in that history
     * @param story what happens in it, in words
     * @param runs number of histories that were tried
     */
    public record Failure(Plan shrunk, Outcome.Found found, List<String> story, int runs) {
        public Failure {
            story = List.copyOf(story);
        }

        /** All a person needs: the rule, the story, and the history to replay. */
        public String text() {
            return "broken rule: " + found.invariant() + "\n  " + found.detail() + "\n\nWhat happens (seconds):\n"
                    + String.join("\n", story) + "\n\nThe history, to be replayed with --history FILE:\n"
                    + HistoryText.write(shrunk);
        }
    }

    /** Runs without a word of why, for those who only want the outcome. */
    public Outcome run(Plan plan) {
        return new Simulation(plan, parts, null).run(at -> {});
    }

    /**
     * Runs a plan, and shrinks it if it fails.
     *
     * @param progress told the virtual milliseconds that have passed, from time to time
     */
    public Findings explore(Plan plan, LongConsumer progress) {
        Outcome outcome = new Simulation(plan, parts, null).run(progress);
        return new Findings(plan, outcome, outcome.found().map(found -> explain(plan, found, outcome.summary())));
    }

    private Failure explain(Plan plan, Outcome.Found found, Outcome.Summary summary) {
        Shrinker shrinker = new Shrinker(parts, plan, found, summary, shrinkingRuns);
        Plan shrunk = shrinker.shrink();
        List<String> story = new ArrayList<>();
        Outcome last = new Simulation(shrunk, parts, story::add).run(at -> {});
        int from = Math.max(0, story.size() - LONGEST_STORY);
        return new Failure(shrunk, last.found().orElse(found), story.subList(from, story.size()), shrinker.runs());
    }
}
