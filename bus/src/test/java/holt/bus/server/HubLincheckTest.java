package holt.bus.server;

import java.util.ArrayList;
import java.util.List;
import org.jetbrains.lincheck.datastructures.IntGen;
import org.jetbrains.lincheck.datastructures.ModelCheckingOptions;
import org.jetbrains.lincheck.datastructures.Operation;
import org.jetbrains.lincheck.datastructures.Param;
import org.jetbrains.lincheck.datastructures.StressOptions;
import org.junit.jupiter.api.Test;

/** Subscribing, unsubscribing and publishing by several threads: as if one did it after the other. */
@Param(name = "sid", gen = IntGen.class, conf = "1:2")
public class HubLincheckTest {
    private final Hub hub = new Hub(java.time.InstantSource.system());
    private final Counting client = new Counting();
    private final Interest[] subscriptions = new Interest[3];

    /** Takes everything, at once. */
    private static final class Counting extends Client {
        private final List<Integer> got = new ArrayList<>();

        private Counting() {
            super(1);
        }

        @Override
        boolean deliver(Interest subscription, Publication message) {
            got.add((int) subscription.sid[0]);
            return true;
        }
    }

    public HubLincheckTest() {
        hub.enter(client);
    }

    @Operation
    public boolean subscribe(@Param(name = "sid") int sid) {
        hub.lock.lock();
        try {
            if (subscriptions[sid] != null || client.gone) {
                return false;
            }
            subscriptions[sid] = new Interest(client, new byte[] {(byte) sid}, null);
            byte[] pattern = Setup.bytes(sid == 1 ? "a" : "*");
            hub.subscribe(subscriptions[sid], pattern, 0, pattern.length);
            return true;
        } finally {
            hub.lock.unlock();
        }
    }

    @Operation
    public boolean unsubscribe(@Param(name = "sid") int sid) {
        hub.lock.lock();
        try {
            Interest subscription = subscriptions[sid];
            if (subscription == null) {
                return false;
            }
            hub.unsubscribe(subscription);
            subscriptions[sid] = null;
            return true;
        } finally {
            hub.lock.unlock();
        }
    }

    /** Who got it. */
    @Operation
    public List<Integer> publish() {
        hub.lock.lock();
        try {
            client.got.clear();
            hub.route(client, Publication.of("a", null, new byte[0]));
            return client.got.stream().sorted().toList();
        } finally {
            hub.lock.unlock();
        }
    }

    @Operation
    public int leave() {
        hub.lock.lock();
        try {
            hub.leave(client, "test");
            return hub.subjects.size();
        } finally {
            hub.lock.unlock();
        }
    }

    @Test
    void holdsUnderStress() {
        new StressOptions()
                .iterations(1)
                .invocationsPerIteration(10)
                .threads(3)
                .actorsPerThread(2)
                .check(HubLincheckTest.class);
    }

    @Test
    void holdsForInterleavingsThatAreTried() {
        new ModelCheckingOptions()
                .iterations(1)
                .invocationsPerIteration(10)
                .threads(2)
                .actorsPerThread(3)
                .check(HubLincheckTest.class);
    }
}
