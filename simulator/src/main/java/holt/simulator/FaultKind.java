package holt.simulator;

import java.util.Arrays;
import java.util.List;
import java.util.Optional;

/** What can go wrong. The words are those of {@code --faults} and of histories. */
public enum FaultKind {
    LOSS("loss", Scope.NETWORK, 1, 10, 90, 0.02, 0.3, "messages are lost"),
    DUPLICATION("duplication", Scope.NETWORK, 1, 10, 90, 0.02, 0.3, "messages come twice"),
    DELAY("delay", Scope.NETWORK, 1, 10, 60, 200, 4000, "messages are late, in their order"),
    REORDERING("reordering", Scope.NETWORK, 1, 10, 90, 20, 3000, "messages overtake each other"),
    PARTITION("partition", Scope.NODES, 2, 5, 180, 0, 0, "hosts or routers are cut off"),
    ONE_WAY("one-way", Scope.NODES, 2, 5, 180, 0, 2, "hosts or routers hear but are not heard, or the reverse"),
    BUS_RESTART("bus-restart", Scope.NETWORK, 1, 1, 30, 0, 0, "the bus forgets all that is under way, and is away"),
    HOST_CRASH("host-crash", Scope.HOST, 1, 10, 300, 0, 0, "a host dies with all on it, and returns"),
    SLOW_HOST("slow-host", Scope.HOST, 1, 20, 180, 3, 80, "a host does everything many times slower"),
    AGENT_RESTART("agent-restart", Scope.HOST, 1, 1, 30, 0, 0, "an agent ends and returns; processes live on"),
    AGENT_AMNESIA("agent-amnesia", Scope.HOST, 1, 1, 30, 0, 0, "an agent returns without its state"),
    DISK_FULL("disk-full", Scope.HOST, 1, 10, 90, 0, 0, "a host's disk is full: nothing can start there"),
    CLOCK_JUMP("clock-jump", Scope.CONTROLLER, 1, 1, 2, -120_000, 120_000, "the controller's clock is set"),
    CLOCK_DRIFT("clock-drift", Scope.CONTROLLER, 1, 60, 600, -0.05, 0.05, "the controller's clock goes wrong"),
    STORE_FAILOVER("store-failover", Scope.CONTROLLER, 1, 1, 40, 0, 0, "the store fails over: nothing read or written"),
    STORE_FULL("store-full", Scope.CONTROLLER, 1, 1, 40, 0, 0, "the store can be read, but writes are refused"),
    CONTROLLER_RESTART(
            "controller-restart", Scope.CONTROLLER, 2, 1, 20, 0, 3, "the controller ends in the middle, and returns");

    /** What a fault is done to. */
    enum Scope {
        NETWORK,
        NODES,
        HOST,
        CONTROLLER
    }

    private final String word;
    private final Scope scope;
    private final double perHour;
    private final int shortestSeconds;
    private final int longestSeconds;
    private final double weakest;
    private final double strongest;
    private final String meaning;

    FaultKind(
            String word,
            Scope scope,
            double perHour,
            int shortestSeconds,
            int longestSeconds,
            double weakest,
            double strongest,
            String meaning) {
        this.word = word;
        this.scope = scope;
        this.perHour = perHour;
        this.shortestSeconds = shortestSeconds;
        this.longestSeconds = longestSeconds;
        this.weakest = weakest;
        this.strongest = strongest;
        this.meaning = meaning;
    }

    /** Its name on the command line and in histories. */
    public String word() {
        return word;
    }

    /** What it does, for people. */
    public String meaning() {
        return meaning;
    }

    Scope scope() {
        return scope;
    }

    /** How often it comes: those of the network and the controller alike in every cluster, others with its size. */
    double perHour(int hosts) {
        return scope == Scope.HOST || scope == Scope.NODES ? perHour * Math.max(1, hosts / 20.0) : perHour;
    }

    long duration(Dice dice) {
        return dice.between(shortestSeconds * 1000L, longestSeconds * 1000L);
    }

    double strength(Dice dice) {
        return weakest + dice.unit() * (strongest - weakest);
    }

    static Optional<FaultKind> of(String word) {
        return Arrays.stream(values()).filter(kind -> kind.word.equals(word)).findFirst();
    }

    /** All names. */
    public static List<String> words() {
        return Arrays.stream(values()).map(FaultKind::word).toList();
    }
}
