package holt.simulator;

import java.util.ArrayList;
import java.util.List;

/**
 * The bus between the controller and all others: a star. Without faults a message takes a few milliseconds and keeps its
 * place in its link, as with NATS; with faults it may be lost, come twice, be late or overtake. One thread.
 */
final class Network {
    private static final long SHORTEST_MILLIS = 1;
    private static final long LONGEST_MILLIS = 5;
    private static final long SECOND_COPY_MILLIS = 4000;

    private final Agenda agenda;
    private final Dice dice;
    /** When the last message of each link arrives: what is sent later does not come earlier. */
    private final long[] arrivalsUp;

    private final long[] arrivalsDown;
    /** How many faults cut each node's words off, and those to it. */
    private final int[] cutUp;

    private final int[] cutDown;
    private final List<Action.Fault> disturbances = new ArrayList<>();
    private double loss;
    private double duplication;
    private double delay;
    private double reordering;
    private int away;
    private long generation;
    private long sent;
    private long lost;

    Network(Agenda agenda, Dice dice, int nodes) {
        this.agenda = agenda;
        this.dice = dice;
        this.arrivalsUp = new long[nodes];
        this.arrivalsDown = new long[nodes];
        this.cutUp = new int[nodes];
        this.cutDown = new int[nodes];
    }

    long sent() {
        return sent;
    }

    long lost() {
        return lost;
    }

    /** From a node to the controller. */
    void up(int node, Runnable arrival) {
        send(node, cutUp, arrivalsUp, arrival);
    }

    /** From the controller to a node. */
    void down(int node, Runnable arrival) {
        send(node, cutDown, arrivalsDown, arrival);
    }

    /** Whether words pass in both directions. */
    boolean connects(int node) {
        return away == 0 && cutUp[node] == 0 && cutDown[node] == 0;
    }

    private void send(int node, int[] cut, long[] arrivals, Runnable arrival) {
        sent++;
        if (away > 0 || cut[node] > 0 || dice.chance(loss)) {
            lost++;
            return;
        }
        long at = agenda.now() + dice.between(SHORTEST_MILLIS, LONGEST_MILLIS + 1);
        if (delay > 0) {
            at += dice.between(0, (long) delay + 1);
        }
        if (reordering > 0) {
            at += dice.between(0, (long) reordering + 1);
        } else {
            at = Math.max(at, arrivals[node]);
            arrivals[node] = at;
        }
        deliver(at, node, cut, arrival);
        if (dice.chance(duplication)) {
            deliver(at + dice.between(0, SECOND_COPY_MILLIS), node, cut, arrival);
        }
    }

    private void deliver(long at, int node, int[] cut, Runnable arrival) {
        long sentIn = generation;
        agenda.at(at, () -> {
            if (sentIn != generation || away > 0 || cut[node] > 0) {
                lost++;
            } else {
                arrival.run();
            }
        });
    }

    /** All under way is lost, and nothing passes until {@link #busBack}. */
    void busAway() {
        away++;
        generation++;
    }

    void busBack() {
        away--;
    }

    /** Adds to what cuts a node off, or takes away from it. */
    void cut(int node, boolean up, boolean down, int step) {
        if (node < cutUp.length) {
            cutUp[node] += up ? step : 0;
            cutDown[node] += down ? step : 0;
        }
    }

    void disturb(Action.Fault fault) {
        disturbances.add(fault);
        weigh();
    }

    void calm(Action.Fault fault) {
        disturbances.remove(fault);
        weigh();
    }

    /** Of several disturbances of one kind the strongest counts. */
    private void weigh() {
        loss = strongest(FaultKind.LOSS);
        duplication = strongest(FaultKind.DUPLICATION);
        delay = strongest(FaultKind.DELAY);
        reordering = strongest(FaultKind.REORDERING);
    }

    private double strongest(FaultKind kind) {
        double most = 0;
        for (Action.Fault fault : disturbances) {
            most = fault.kind() == kind ? Math.max(most, fault.strength()) : most;
        }
        return most;
    }
}
