package holt.simulator;

import java.util.List;

/**
 * Pseudo-random numbers of our own, so that a seed means the same with every JDK: SplitMix64 (Steele, Lea, Flood: Fast
 * splittable pseudorandom number generators, OOPSLA 2014). Parts that draw from streams of their own do not disturb each
 * other when one of them draws more. One thread.
 */
final class Dice {
    private static final long GOLDEN_GAMMA = 0x9E3779B97F4A7C15L;
    private static final double UNIT = 0x1.0p-53;

    private long state;

    Dice(long seed) {
        this.state = seed;
    }

    static long mix(long value) {
        long z = value;
        z = (z ^ (z >>> 30)) * 0xBF58476D1CE4E5B9L;
        z = (z ^ (z >>> 27)) * 0x94D049BB133111EBL;
        return z ^ (z >>> 31);
    }

    /** Another stream, which depends on this one's seed and the key and on nothing drawn so far. */
    static Dice of(long seed, long key) {
        return new Dice(mix(mix(seed) + mix(key + GOLDEN_GAMMA)));
    }

    long next() {
        state += GOLDEN_GAMMA;
        return mix(state);
    }

    double unit() {
        return (next() >>> 11) * UNIT;
    }

    /** From low, which can come, to high, which cannot. */
    long between(long low, long high) {
        return low + (long) (unit() * (high - low));
    }

    int below(int bound) {
        return (int) between(0, bound);
    }

    boolean chance(double probability) {
        return probability > 0 && unit() < probability;
    }

    <T> T pick(List<T> items) {
        return items.get(below(items.size()));
    }

    /** Time to the next event of those that come one in {@code mean} on average. */
    double exponential(double mean) {
        return -mean * StrictMath.log(1 - unit());
    }
}
