package holt.simulator;

import java.util.Arrays;
import java.util.Map;
import java.util.stream.Collectors;

/** What a simulated program does, told by the first word of its droplet's name: {@code web-7} behaves as WEB. */
enum Program {
    /** Ready soon, ends when asked. */
    WEB(200, 2000, 0, 50, 2000, true),
    /** Takes its time to become ready. */
    SLOW(5000, 20_000, 0, 50, 2000, true),
    /** Does not listen to SIGTERM. */
    STUBBORN(200, 2000, 0, Long.MAX_VALUE, Long.MAX_VALUE, true),
    /** Becomes ready, and crashes after a while, again and again. */
    CRASHY(200, 2000, 20_000, 50, 500, false),
    /** Ends with an error before it is ready. */
    BROKEN(100, 3000, 1, 50, 500, false),
    /** Does its work and ends well. */
    JOB(200, 2000, 60_000, 50, 500, true),
    /** Never becomes ready. */
    DEAF(Long.MAX_VALUE, Long.MAX_VALUE, 0, 50, 500, false);

    private static final Map<String, Program> BY_WORD =
            Arrays.stream(values()).collect(Collectors.toMap(Program::word, program -> program));

    private final long soonestReady;
    private final long latestReady;
    private final long lifetime;
    private final long soonestEnd;
    private final long latestEnd;
    private final boolean healthy;

    Program(long soonestReady, long latestReady, long lifetime, long soonestEnd, long latestEnd, boolean healthy) {
        this.soonestReady = soonestReady;
        this.latestReady = latestReady;
        this.lifetime = lifetime;
        this.soonestEnd = soonestEnd;
        this.latestEnd = latestEnd;
        this.healthy = healthy;
    }

    static Program of(String droplet) {
        String word = droplet.contains("-") ? droplet.substring(0, droplet.indexOf('-')) : droplet;
        return BY_WORD.getOrDefault(word, WEB);
    }

    String word() {
        return name().toLowerCase(java.util.Locale.ROOT);
    }

    /** Whether all its instances run where nothing disturbs them. */
    boolean isHealthy() {
        return healthy;
    }

    /** Milliseconds from its start until it is ready; MAX_VALUE for never. */
    long readyAfter(Dice dice) {
        return this == BROKEN ? Long.MAX_VALUE : draw(dice, soonestReady, latestReady);
    }

    /** Milliseconds from its start until it ends by itself; MAX_VALUE for never. */
    long crashAfter(Dice dice) {
        return switch (this) {
            case BROKEN -> draw(dice, soonestReady, latestReady);
            case CRASHY, JOB -> latestReady + (long) dice.exponential(lifetime);
            case WEB, SLOW, STUBBORN, DEAF -> Long.MAX_VALUE;
        };
    }

    /** Its exit code when it ends by itself. */
    int exitCode() {
        return this == JOB ? 0 : 1;
    }

    /** Milliseconds from SIGTERM to its end; MAX_VALUE for never. */
    long endsAfter(Dice dice) {
        return draw(dice, soonestEnd, latestEnd);
    }

    private static long draw(Dice dice, long low, long high) {
        return low == Long.MAX_VALUE ? Long.MAX_VALUE : dice.between(low, high);
    }
}
