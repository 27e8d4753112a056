import static java.nio.charset.StandardCharsets.US_ASCII;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.util.Arrays;
import java.util.List;

/**
 * Work that waits for answers: requests, subscriptions that come and go, many idle clients and subscriptions. One thread,
 * which blocks; all of it is the same for both servers.
 */
final class BusTalk {
    private static final int PAYLOAD = 128;
    private static final int CHURN = 1000;

    private BusTalk() {}

    /** Requests and their latencies in microseconds, sorted; the latency only says something with one in flight. */
    record Requests(BusLoad.Result result, double[] micros) {
        double percentile(double share) {
            return micros[(int) Math.ceil(share * micros.length) - 1];
        }
    }

    /** A requester and a responder; so many requests are on their way at any time. */
    static Requests requests(BusRival server, int inFlight, double seconds) throws IOException {
        try (BusWire requester = BusWire.connect(server);
                BusWire responder = BusWire.connect(server)) {
            responder.writeAll("SUB bench.service 1\r\n");
            responder.sync();
            requester.writeAll("SUB bench.inbox.* 1\r\n");
            requester.sync();
            byte[] request = message("PUB bench.service bench.inbox.1 " + PAYLOAD);
            byte[] reply = message("PUB bench.inbox.1 " + PAYLOAD);
            Frames asked = new Frames(responder, message("MSG bench.service 1 bench.inbox.1 " + PAYLOAD), reply);
            Frames answered = new Frames(requester, message("MSG bench.inbox.1 1 " + PAYLOAD), request);

            BusStopwatch watch = new BusStopwatch(server);
            double[] micros = exchange(answered, asked, inFlight, System.nanoTime() + (long) (seconds * 1e9));
            return new Requests(watch.result(answered.total), micros);
        }
    }

    /** Each turn answers what the responder has and replaces what the requester got, so that none waits for another. */
    private static double[] exchange(Frames answered, Frames asked, int inFlight, long end) throws IOException {
        double[] micros = new double[1 << 20];
        int count = 0;
        long sentAt = System.nanoTime();
        answered.send(inFlight);
        for (int flying = inFlight; flying > 0; ) {
            if (asked.total - answered.total < flying) {
                asked.send(asked.take());
            }
            int taken = answered.take();
            long now = System.nanoTime();
            for (int i = 0; i < taken && count < micros.length; i++) {
                micros[count++] = (now - sentAt) / 1e3;
            }
            flying -= taken;
            if (now < end) {
                sentAt = System.nanoTime();
                answered.send(taken);
                flying += taken;
            }
        }
        double[] sorted = Arrays.copyOf(micros, count);
        Arrays.sort(sorted);
        return sorted;
    }

    private static byte[] message(String line) {
        return (line + "\r\n" + "x".repeat(PAYLOAD) + "\r\n").getBytes(US_ASCII);
    }

    /** Takes frames of one kind from a wire, each the same, and sends others, each the same. */
    private static final class Frames {
        private final BusWire wire;
        private final byte[] expected;
        private final byte[] outgoing;
        private final ByteBuffer in = ByteBuffer.allocateDirect(64 << 10);
        private final ByteBuffer out = ByteBuffer.allocateDirect(64 << 10);
        private final byte[] frame;
        private long total;

        Frames(BusWire wire, byte[] expected, byte[] outgoing) {
            this.wire = wire;
            this.expected = expected;
            this.outgoing = outgoing;
            this.frame = new byte[expected.length];
        }

        void send(int count) throws IOException {
            out.clear();
            for (int i = 0; i < count; i++) {
                out.put(outgoing);
            }
            wire.writeAll(out.flip());
        }

        /** Waits for at least one whole frame. */
        int take() throws IOException {
            while (in.position() < frame.length) {
                if (wire.read(in) < 0) {
                    throw new IOException("The server closed the connection after " + total + " messages");
                }
            }
            in.flip();
            int count = 0;
            while (in.remaining() >= frame.length) {
                in.get(frame);
                if (!Arrays.equals(frame, expected)) {
                    throw new IOException("Expected '" + new String(expected, US_ASCII) + "', found '"
                            + new String(frame, US_ASCII) + "'");
                }
                count++;
            }
            in.compact();
            total += count;
            return count;
        }
    }

    /** Subscribes to a thousand subjects and leaves them, again and again; counts subscriptions. */
    static BusLoad.Result churn(BusRival server, double seconds) throws IOException {
        StringBuilder text = new StringBuilder();
        for (int i = 0; i < CHURN; i++) {
            text.append("SUB bench.churn.").append(i).append(' ').append(i).append("\r\n");
        }
        for (int i = 0; i < CHURN; i++) {
            text.append("UNSUB ").append(i).append("\r\n");
        }
        byte[] bytes = text.toString().getBytes(US_ASCII);
        ByteBuffer block = ByteBuffer.allocateDirect(bytes.length).put(bytes).flip();
        try (BusWire wire = BusWire.connect(server)) {
            BusStopwatch watch = new BusStopwatch(server);
            long end = System.nanoTime() + (long) (seconds * 1e9);
            long subscriptions = 0;
            // A PING every so often, so that what waits in sockets' buffers is a small part of a run.
            while (System.nanoTime() < end) {
                for (int i = 0; i < 10; i++) {
                    wire.writeAll(block.duplicate());
                }
                wire.sync();
                subscriptions += 10L * CHURN;
            }
            return watch.result(subscriptions);
        }
    }

    /** Connects until there are so many clients. */
    static void connect(BusRival server, List<BusWire> clients, int count) throws IOException {
        while (clients.size() < count) {
            clients.add(BusWire.connect(server));
        }
    }

    /** Subscribes to subjects from one number up to another, in the way of a platform's apps and instances. */
    static void subscribe(BusWire wire, int from, int to) throws IOException {
        StringBuilder text = new StringBuilder();
        for (int i = from; i < to; i++) {
            text.append("SUB bench.app%d.instance%d.events %d\r\n".formatted(i / 100, i % 100, i));
            if (text.length() > 60_000) {
                wire.writeAll(text.toString());
                text.setLength(0);
            }
        }
        wire.writeAll(text.toString());
        wire.sync();
    }
}
