package holt.bus.server;

import java.time.InstantSource;
import java.util.ArrayDeque;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.concurrent.ThreadLocalRandom;
import java.util.concurrent.locks.ReentrantLock;
import org.jspecify.annotations.Nullable;

/**
 * Where all clients meet: who subscribes to what, and each message to those it is for. Everything here, and all clients'
 * state, is guarded by {@link #lock}; it is a fair one, so that a flood from the sockets does not keep the parts of this
 * process from their turn.
 */
final class Hub {
    private static final int CLOSED_REMEMBERED = 1000;
    private static final int SWEPT_AT_ONCE = 10_000;

    final ReentrantLock lock = new ReentrantLock(true);
    final SubjectTree subjects = new SubjectTree();
    final Map<Long, Client> clients = new LinkedHashMap<>();
    /** Clients that are gone, the one that left first in front. */
    final Map<Long, Departed> departed = new LinkedHashMap<>();

    private final InstantSource clock;
    private final ArrayDeque<Client> leaving = new ArrayDeque<>();

    private long cids;
    long nowNanos = System.nanoTime();
    long nowMillis;
    long totalConnections;
    long messagesIn;
    long messagesOut;
    long bytesIn;
    long bytesOut;
    long slowConsumers;

    Hub(InstantSource clock) {
        this.clock = clock;
        look();
    }

    InstantSource clock() {
        return clock;
    }

    /** A client that is gone, and why. */
    record Departed(Client client, String reason, long atMillis) {}

    /** Reads the clock for all that is done until the next time. */
    void look() {
        nowNanos = System.nanoTime();
        nowMillis = clock.millis();
    }

    long nextCid() {
        return ++cids;
    }

    void enter(Client client) {
        client.startedAtMillis = nowMillis;
        client.activeAtMillis = nowMillis;
        clients.put(client.cid, client);
        totalConnections++;
    }

    /** Takes a client out with all its subscriptions. */
    void leave(Client client, String reason) {
        if (client.gone) {
            return;
        }
        client.gone = true;
        clients.remove(client.cid);
        leaving.add(client);
        sweep();
        client.remember(null);
        departed.put(client.cid, new Departed(client, reason, nowMillis));
        if (departed.size() > CLOSED_REMEMBERED) {
            departed.remove(departed.keySet().iterator().next());
        }
    }

    /**
     * Takes subscriptions of those that are gone out of the tree, a part of them at a time, so that one with a million
     * keeps nobody waiting: until then nothing is delivered to them. Tells whether any are left.
     */
    boolean sweep() {
        for (int left = SWEPT_AT_ONCE; left > 0 && !leaving.isEmpty(); ) {
            Client client = leaving.getFirst();
            int before = client.subscriptions.size();
            if (!client.subscriptions.drain(left, subjects::remove)) {
                leaving.removeFirst();
            }
            left -= Math.max(1, before - client.subscriptions.size());
        }
        return !leaving.isEmpty();
    }

    /** Adds a subscription to a valid pattern. */
    void subscribe(Interest subscription, byte[] in, int from, int to) {
        Client client = subscription.client;
        subscription.filtered = client.rights != null && client.rights.filters(in, from, to);
        client.subscriptions.add(subscription);
        subjects.add(in, from, to, subscription);
    }

    void unsubscribe(Interest subscription) {
        subjects.remove(subscription);
        subscription.client.subscriptions.remove(subscription);
    }

    /**
     * Hands a message to all it is for.
     *
     * @return whether anybody got it
     */
    boolean route(Client from, Publication message) {
        from.messagesIn++;
        from.bytesIn += message.size;
        messagesIn++;
        bytesIn += message.size;
        Match match = match(from, message);
        boolean delivered = false;
        for (Interest subscription : match.plain) {
            delivered |= deliver(from, subscription, message);
        }
        for (Interest[] queue : match.queues) {
            delivered |= deliverToOne(from, queue, message);
        }
        return delivered;
    }

    private Match match(Client from, Publication message) {
        Match last = from.last(subjects, message.line, message.subjectFrom, message.subjectTo);
        if (last != null) {
            return last;
        }
        Match match = subjects.match(message.line, message.subjectFrom, message.subjectTo);
        from.remember(match.current ? match : null);
        return match;
    }

    /** Of a queue one at random, or the next one that can take it. */
    private boolean deliverToOne(Client from, Interest[] queue, Publication message) {
        int start = queue.length == 1 ? 0 : ThreadLocalRandom.current().nextInt(queue.length);
        for (int i = 0; i < queue.length; i++) {
            if (deliver(from, queue[(start + i) % queue.length], message)) {
                return true;
            }
        }
        return false;
    }

    private boolean deliver(Client from, Interest subscription, Publication message) {
        Client to = subscription.client;
        if (to.gone || subscription.isGone() || (to == from && !from.echo)) {
            return false;
        }
        Rights rights = to.rights;
        if (rights != null && !isHeard(rights, subscription, message)) {
            return false;
        }
        subscription.delivered++;
        if (!to.deliver(subscription, message)) {
            return false;
        }
        to.messagesOut++;
        to.bytesOut += message.size;
        messagesOut++;
        bytesOut += message.size;
        if (subscription.isSpent()) {
            unsubscribe(subscription);
        }
        return true;
    }

    private boolean isHeard(Rights rights, Interest subscription, Publication message) {
        if (subscription.filtered
                && !rights.maySubscribe(message.line, message.subjectFrom, message.subjectTo, subscription.queue)) {
            return false;
        }
        rights.asked(message, nowNanos);
        return true;
    }

    /** One of the client's own subscriptions that would get an answer on this subject. */
    @Nullable
    Interest awaits(Client client, byte[] in, int from, int to) {
        Match match = subjects.match(in, from, to);
        for (Interest each : match.plain) {
            if (each.client == client) {
                return each;
            }
        }
        return Arrays.stream(match.queues)
                .flatMap(Arrays::stream)
                .filter(each -> each.client == client)
                .findFirst()
                .orElse(null);
    }
}
