import static java.nio.charset.StandardCharsets.US_ASCII;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.ByteBuffer;
import java.nio.channels.SelectionKey;
import java.nio.channels.Selector;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;

/**
 * Publishers and subscribers on one thread. Publishers write a prepared block of messages again and again; deliveries are
 * counted where they arrive, by their bytes, and every subscriber has to get every message. Who publishes never runs ahead
 * of the slowest subscriber by more than a window, which no server's bound for slow readers comes near.
 */
final class BusLoad {
    /** A server is told of after this much time without any progress, milliseconds. */
    private static final long PATIENCE_MILLIS = 10_000;

    private static final long WINDOW_BYTES = 8 << 20;
    private static final int BLOCK_BYTES = 64 << 10;

    private BusLoad() {}

    /**
     * What is done.
     *
     * @param payload bytes of a message
     * @param publishers connections that publish, all to the same subjects
     * @param subscribers connections that each get everything
     * @param wildcard whether messages go to a hundred subjects, and subscriptions are by wildcard
     */
    record Shape(int payload, int publishers, int subscribers, boolean wildcard) {
        private String subject(int message) {
            return wildcard ? "bench.w%02d.data".formatted(message % 100) : "bench.data";
        }

        private String subscription() {
            return wildcard ? "bench.*.data" : "bench.data";
        }

        /** Messages of a block. */
        private int blockMessages() {
            int messages = Math.max(1, BLOCK_BYTES / (payload + 20));
            return wildcard ? (messages + 99) / 100 * 100 : messages;
        }

        private ByteBuffer block() {
            StringBuilder text = new StringBuilder();
            for (int message = 0; message < blockMessages(); message++) {
                text.append("PUB %s %d\r\n%s\r\n".formatted(subject(message), payload, "x".repeat(payload)));
            }
            byte[] bytes = text.toString().getBytes(US_ASCII);
            return ByteBuffer.allocateDirect(bytes.length).put(bytes).flip();
        }

        private byte[] frame(int message) {
            return "MSG %s 1 %d\r\n%s\r\n".formatted(subject(message), payload, "x".repeat(payload)).getBytes(US_ASCII);
        }
    }

    /**
     * How it went.
     *
     * @param messages that were delivered, or published where nobody subscribes
     * @param seconds from the first byte to the last answer
     * @param serverCpu seconds of the processor that the server took
     * @param ownCpu seconds of the processor that this generator's thread took
     */
    record Result(long messages, double seconds, double serverCpu, double ownCpu) {
        double rate() {
            return messages / seconds;
        }
    }

    static Result run(BusRival server, Shape shape, double seconds) throws IOException {
        try (Run run = new Run(server, shape)) {
            BusStopwatch watch = new BusStopwatch(server);
            long published = run.loop((long) (seconds * 1e9));
            return watch.result(published * Math.max(1, shape.subscribers));
        }
    }

    /** One run's connections. */
    private static final class Run implements AutoCloseable {
        private final Selector selector = Selector.open();
        private final List<BusWire> wires = new ArrayList<>();
        private final List<Publisher> publishers = new ArrayList<>();
        private final List<Subscriber> subscribers = new ArrayList<>();
        private final Shape shape;
        private final long window;
        private long published;

        Run(BusRival server, Shape shape) throws IOException {
            this.shape = shape;
            this.window = WINDOW_BYTES / shape.frame(0).length;
            for (int i = 0; i < shape.subscribers; i++) {
                BusWire wire = connect(server);
                wire.writeAll("SUB " + shape.subscription() + " 1\r\n");
                wire.sync();
                subscribers.add(new Subscriber(wire, shape));
            }
            for (int i = 0; i < shape.publishers; i++) {
                publishers.add(new Publisher(connect(server), shape.block()));
            }
            for (BusWire wire : wires) {
                wire.channel.configureBlocking(false);
            }
            for (Subscriber subscriber : subscribers) {
                subscriber.wire.channel.register(selector, SelectionKey.OP_READ, subscriber);
            }
            for (Publisher publisher : publishers) {
                publisher.key = publisher.wire.channel.register(selector, SelectionKey.OP_READ, publisher);
            }
        }

        private BusWire connect(BusRival server) throws IOException {
            BusWire wire = BusWire.connect(server);
            wires.add(wire);
            return wire;
        }

        /** Publishes for the time, then waits until all has arrived. Returns the messages published. */
        long loop(long nanos) throws IOException {
            long end = System.nanoTime() + nanos;
            boolean sending = true;
            while (sending || !done()) {
                sending = sending && System.nanoTime() < end;
                for (Publisher publisher : publishers) {
                    publisher.prepare(sending, this);
                }
                if (selector.select(this::progress, PATIENCE_MILLIS) == 0) {
                    throw new IOException("Nothing moved for " + PATIENCE_MILLIS + " ms: " + published
                            + " messages published, the slowest subscriber got " + slowest());
                }
            }
            for (Subscriber subscriber : subscribers) {
                subscriber.check(published);
            }
            return published;
        }

        private void progress(SelectionKey key) {
            try {
                if (key.attachment() instanceof Subscriber subscriber) {
                    subscriber.take();
                } else if (key.attachment() instanceof Publisher publisher) {
                    publisher.move();
                }
            } catch (IOException fault) {
                throw new UncheckedIOException(fault);
            }
        }

        private boolean done() {
            return publishers.stream().allMatch(publisher -> publisher.answered)
                    && subscribers.stream().allMatch(subscriber -> subscriber.hasAll(published));
        }

        private long slowest() {
            long slowest = Long.MAX_VALUE;
            for (Subscriber subscriber : subscribers) {
                slowest = Math.min(slowest, subscriber.messages());
            }
            return slowest;
        }

        boolean mayPublish() {
            return subscribers.isEmpty() || published - slowest() < window;
        }

        @Override
        public void close() throws IOException {
            for (BusWire wire : wires) {
                wire.close();
            }
            selector.close();
        }
    }

    private static final class Publisher {
        private static final byte[] PING = "PING\r\n".getBytes(US_ASCII);

        private final BusWire wire;
        private final ByteBuffer block;
        private final ByteBuffer answer = ByteBuffer.allocateDirect(64 << 10);
        private SelectionKey key;
        private ByteBuffer current;
        private boolean asked;
        private boolean answered;

        Publisher(BusWire wire, ByteBuffer block) {
            this.wire = wire;
            this.block = block;
            this.current = ByteBuffer.allocate(0);
        }

        /** Decides what is next: a block, the rest of one, the PING at the end, or nothing for now. */
        void prepare(boolean sending, Run run) throws IOException {
            if (!current.hasRemaining() && wire.flushed()) {
                if (sending && run.mayPublish()) {
                    current = block.duplicate();
                    run.published += run.shape.blockMessages();
                } else if (!sending && !asked) {
                    current = ByteBuffer.wrap(PING);
                    asked = true;
                }
            }
            boolean waits = current.hasRemaining() || !wire.flushed();
            key.interestOps(waits ? SelectionKey.OP_READ | SelectionKey.OP_WRITE : SelectionKey.OP_READ);
        }

        void move() throws IOException {
            if (key.isWritable()) {
                wire.write(current);
            }
            if (key.isReadable()) {
                int count = wire.read(answer);
                String said = BusWire.text(answer.duplicate().flip()).replace("PING\r\n", "");
                answered = said.equals("PONG\r\n");
                if (count < 0 || !"PONG\r\n".startsWith(said)) {
                    throw new IOException("Expected PONG from the server, found '" + said + "' (" + count + ")");
                }
            }
        }
    }

    /**
     * Counts what arrives. All frames are equally long; the first and the last have to be what they should be. One PING may
     * be among them: a server asks a client two seconds after it came, and a run on a busy machine may last that long.
     */
    private static final class Subscriber {
        private static final long PING_BYTES = 6;

        private final BusWire wire;
        private final Shape shape;
        private final ByteBuffer in = ByteBuffer.allocateDirect(256 << 10);
        private final byte[] first;
        private final byte[] tail;
        private long bytes;

        Subscriber(BusWire wire, Shape shape) {
            this.wire = wire;
            this.shape = shape;
            this.first = new byte[shape.frame(0).length];
            this.tail = new byte[first.length];
        }

        long messages() {
            return bytes / first.length;
        }

        void take() throws IOException {
            in.clear();
            int count = wire.read(in);
            if (count < 0) {
                throw new IOException("The server cut a subscriber after " + messages() + " messages");
            }
            if (bytes < first.length && count > 0) {
                in.get(0, first, (int) bytes, (int) Math.min(count, first.length - bytes));
            }
            int kept = Math.min(count, tail.length);
            System.arraycopy(tail, kept, tail, 0, tail.length - kept);
            in.get(count - kept, tail, tail.length - kept, kept);
            bytes += count;
        }

        boolean hasAll(long expected) {
            return bytes >= expected * tail.length && Arrays.equals(tail, lastFrame(expected));
        }

        void check(long expected) throws IOException {
            long more = bytes - expected * first.length;
            boolean counted = more == 0 || more == PING_BYTES;
            if (!counted || !Arrays.equals(first, shape.frame(0))) {
                throw new IOException("Expected %d messages of %d bytes, found %d bytes; first '%s', last '%s'"
                        .formatted(expected, first.length, bytes, ascii(first), ascii(tail)));
            }
        }

        private byte[] lastFrame(long expected) {
            return shape.frame((int) ((expected - 1) % shape.blockMessages()));
        }

        private static String ascii(byte[] bytes) {
            return BusWire.text(ByteBuffer.wrap(bytes));
        }
    }
}
