package holt.agent;

import holt.model.Limits;
import java.io.IOException;
import java.util.List;

/**
 * Holds an instance to its bandwidth: a token bucket at the host's end of its link for what it receives, and one at its
 * own end, which it may not change, for what it sends. Stateless; any thread.
 */
final class Bandwidth {
    private static final long LEAST_BURST_BYTES = 64 << 10;
    private static final int BURSTS_PER_SECOND = 50;
    private static final String LONGEST_WAIT = "100ms";

    /**
     * Does nothing for an instance without such a limit.
     *
     * @param namespace path by which its network namespace can be entered
     * @param port the host's end of its link
     */
    void limit(String namespace, String port, Limits limits) throws IOException {
        long rate = limits.networkBytesPerSecond();
        if (rate > 0) {
            Tool.check(bucket(List.of("tc"), port, rate), "");
            Tool.check(bucket(List.of("nsenter", "--net=" + namespace, "tc"), "eth0", rate), "");
        }
    }

    /** For tc, "bps" are bytes. */
    private static List<String> bucket(List<String> program, String link, long rate) {
        long burst = Math.max(LEAST_BURST_BYTES, rate / BURSTS_PER_SECOND);
        List<String> line = new java.util.ArrayList<>(program);
        line.addAll(List.of("qdisc", "replace", "dev", link, "root", "tbf"));
        line.addAll(List.of("rate", rate + "bps", "burst", burst + "b", "latency", LONGEST_WAIT));
        return line;
    }
}
