package holt.bus.server;

import holt.model.Json;
import java.io.IOException;
import java.net.InetSocketAddress;
import java.nio.channels.SelectionKey;
import java.nio.channels.SocketChannel;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import org.jspecify.annotations.Nullable;

/**
 * One NATS client behind a socket: takes its operations, and keeps what waits for it. The loop's thread does all that
 * touches the socket; deliveries come from any thread. Guarded by the hub's lock.
 */
final class SocketClient extends Client implements Operations {
    private static final byte[] OK = ascii("+OK\r\n");
    private static final byte[] PING = ascii("PING\r\n");
    private static final byte[] PONG = ascii("PONG\r\n");
    private static final byte[] HMSG = ascii("HMSG ");
    private static final byte[] NO_RESPONDERS = ascii(" 16 16\r\nNATS/1.0 503\r\n\r\n\r\n");
    private static final byte[] NOTHING = {};

    private static final int LAST_PROTOCOL = 1;

    /** Where it stands. */
    private enum Stage {
        /** Being let in: TLS, CONNECT, checks. */
        ENTERING,
        SERVED,
        /** It is told why it is cut; what it sends is dropped. */
        LEAVING,
        GONE
    }

    private final Loop loop;
    private final BusLimits limits;
    private final SocketChannel channel;
    private final InetSocketAddress address;
    private final OutBuffer out;
    private final Parser parser;
    private Link link;
    private @Nullable SelectionKey key;
    private Stage stage = Stage.ENTERING;
    private ConnectOptions options = new ConnectOptions();
    private byte[] nonce = NOTHING;
    /** What came while an answer is waited for. */
    private byte[] rest = NOTHING;

    private boolean paused;
    private boolean connected;
    private boolean dirty;
    private boolean shutting;
    private boolean shaking;

    /** When it has to be let in, have said something, or be gone; by stage. */
    private long deadlineNanos;

    private final Pulse pulse;
    /** Since when it takes nothing of what waits; 0 where it does. */
    private long stalledNanos;

    private String reason = "Client Closed";

    SocketClient(Loop loop, long cid, SocketChannel channel, InetSocketAddress address) {
        super(cid);
        this.loop = loop;
        this.limits = loop.settings().limits();
        this.channel = channel;
        this.address = address;
        this.out = new OutBuffer(loop.chunks());
        this.link = new Link.Plain(channel, loop.ranges());
        this.parser = new Parser(this, limits.maxControlLine(), loop.scratch());
        BusUser first = loop.access().atFirst();
        if (first != null) {
            be(first);
        }
        deadlineNanos = loop.now() + limits.authTimeout().toNanos();
        this.pulse = new Pulse(limits, loop.now(), Loop.FIRST_PING_NANOS);
    }

    private static byte[] ascii(String text) {
        return text.getBytes(StandardCharsets.US_ASCII);
    }

    InetSocketAddress address() {
        return address;
    }

    ConnectOptions options() {
        return options;
    }

    boolean isTls() {
        return link instanceof TlsLink;
    }

    String tlsVersion() {
        return link instanceof TlsLink tls ? tls.protocol() : "";
    }

    long rttNanos() {
        return pulse.rttNanos();
    }

    void key(SelectionKey registered) {
        key = registered;
    }

    SocketChannel channel() {
        return channel;
    }

    void nonce(byte[] fresh) {
        nonce = fresh;
    }

    String nonceText() {
        return new String(nonce, StandardCharsets.US_ASCII);
    }

    /** From here on bytes go through TLS. */
    void secure(Link secured) {
        link = secured;
        shaking = true;
        deadlineNanos = loop.now() + limits.tlsTimeout().toNanos();
    }

    /** Whether TLS has yet to be agreed on. */
    boolean awaitsTls() {
        return shaking;
    }

    /** TLS is done: now it has to say who it is. */
    void secured() {
        shaking = false;
        deadlineNanos = loop.now() + limits.authTimeout().toNanos();
    }

    Link link() {
        return link;
    }

    // ---- what it sends

    /** Takes bytes that have come. */
    void take(byte[] in, int length) {
        activeAtMillis = loop.hub().nowMillis;
        pulse.heard(loop.now());
        if (stage == Stage.LEAVING || stage == Stage.GONE) {
            return;
        }
        if (paused) {
            keepRest(in, 0, length);
            return;
        }
        run(in, length);
    }

    private void run(byte[] in, int length) {
        try {
            int stopped = parser.parse(in, 0, length);
            if (paused && stopped < length) {
                keepRest(in, stopped, length);
            }
        } catch (ProtocolFault fault) {
            cut(fault.getMessage() == null ? "Protocol Violation" : fault.getMessage(), fault.answer());
        }
    }

    /** Nothing is read while an answer is waited for, so that this is what one read brought at most. */
    private void keepRest(byte[] in, int from, int to) {
        byte[] kept = Arrays.copyOf(rest, rest.length + to - from);
        System.arraycopy(in, from, kept, rest.length, to - from);
        keepRest(kept);
    }

    private void keepRest(byte[] kept) {
        loop.scratch().keeps(kept.length - rest.length);
        rest = kept;
    }

    @Override
    public boolean awaitsConnect() {
        return stage == Stage.ENTERING && loop.access().isRequired();
    }

    @Override
    public boolean isOver() {
        return stage == Stage.LEAVING || stage == Stage.GONE;
    }

    @Override
    public boolean isPaused() {
        return paused;
    }

    @Override
    public ProtocolFault unauthorized() {
        return new ProtocolFault("Authentication Failure", "Authorization Violation");
    }

    @Override
    public void connect(byte[] line, int from, int to) throws ProtocolFault {
        options.read(line, from, to);
        ConnectOptions.Claim claim = options.claim;
        options.claim = null;
        echo = options.echo;
        name = options.name;
        language = options.language;
        version = options.version;
        if (claim == null || (claim.isEmpty() && connected && stage == Stage.SERVED)) {
            admitted();
        } else if (loop.access().isSlow(claim)) {
            paused = true;
            byte[] signed = nonce;
            loop.elsewhere(() -> {
                BusUser found = loop.access().check(claim, signed);
                loop.later(() -> checked(found));
            });
        } else {
            admit(loop.access().check(claim, nonce));
        }
    }

    /** Whether it may come in was found out elsewhere; what it sent meanwhile follows. */
    private void checked(@Nullable BusUser found) {
        if (isOver()) {
            return;
        }
        paused = false;
        try {
            admit(found);
        } catch (ProtocolFault fault) {
            cut(String.valueOf(fault.getMessage()), fault.answer());
        }
        byte[] waiting = rest;
        keepRest(NOTHING);
        if (!isOver()) {
            run(waiting, waiting.length);
            loop.interest(this);
        }
    }

    private void admit(@Nullable BusUser found) throws ProtocolFault {
        if (found == null) {
            throw unauthorized();
        }
        be(found);
        admitted();
    }

    private void be(BusUser somebody) {
        user = somebody.name();
        rights = somebody.permissions().equals(BusUser.Permissions.ALL) ? null : new Rights(somebody.permissions());
    }

    private void admitted() throws ProtocolFault {
        if (options.protocol < 0 || options.protocol > LAST_PROTOCOL) {
            throw new ProtocolFault("Bad Client Protocol Version", "invalid client protocol");
        }
        if (options.noResponders && !options.headers) {
            throw new ProtocolFault("No Responders Requires Headers", "no responders requires headers support");
        }
        noResponders = options.noResponders;
        connected = true;
        serve();
        confirm();
    }

    private void serve() {
        if (stage == Stage.ENTERING) {
            stage = Stage.SERVED;
            loop.expects(dueNanos());
        }
    }

    private void confirm() {
        if (options.verbose) {
            say(OK);
        }
    }

    @Override
    public void ping() {
        say(PONG);
    }

    @Override
    public void pong() {
        pulse.answered(loop.now());
    }

    @Override
    public void error() {
        cut("Protocol Violation", null);
    }

    @Override
    public boolean hasHeaders() {
        return options.headers;
    }

    @Override
    public void announced(Publication message) throws ProtocolFault {
        if (message.size > limits.maxPayload()) {
            throw new ProtocolFault("Maximum Message Payload Exceeded", "Maximum Payload Violation");
        }
        if (options.pedantic && !Subjects.isLiteral(message.line, message.subjectFrom, message.subjectTo)) {
            complain("Invalid Publish Subject");
        }
    }

    @Override
    public void publish(Publication message) {
        Rights mine = rights;
        if (mine != null && !mine.mayPublish(message.line, message.subjectFrom, message.subjectTo, loop.now())) {
            complain("Permissions Violation for Publish to \"" + text(message.subject()) + "\"");
            return;
        }
        confirm();
        if (!loop.hub().route(this, message) && message.hasReply() && noResponders) {
            tellNoResponders(message);
        }
    }

    private void tellNoResponders(Publication message) {
        Interest waiting = loop.hub().awaits(this, message.line, message.replyFrom, message.replyTo);
        if (waiting != null) {
            out.add(HMSG, 0, HMSG.length);
            out.add(message.line, message.replyFrom, message.replyTo);
            out.add((byte) ' ');
            out.add(waiting.sid, 0, waiting.sid.length);
            say(NO_RESPONDERS);
        }
    }

    @Override
    public void subscribe(byte[] line, Arguments arguments) throws ProtocolFault {
        int count = arguments.count();
        if (count != 2 && count != 3) {
            throw ProtocolFault.badArguments();
        }
        int from = arguments.from(0);
        int to = arguments.to(0);
        byte[] queue = count == 2 ? null : Arrays.copyOfRange(line, arguments.from(1), arguments.to(1));
        if (rights != null && !rights.maySubscribe(line, from, to, queue)) {
            complain("Permissions Violation for Subscription to \"" + text(Arrays.copyOfRange(line, from, to)) + "\""
                    + (queue == null ? "" : " using queue \"" + text(queue) + "\""));
            return;
        }
        if (limits.maxSubscriptions() > 0 && subscriptions.size() >= limits.maxSubscriptions()) {
            complain("maximum subscriptions exceeded");
            return;
        }
        int sidFrom = arguments.from(count - 1);
        int sidTo = arguments.to(count - 1);
        if (subscriptions.find(line, sidFrom, sidTo) == null) {
            if (!Subjects.isValid(line, from, to)) {
                complain("Invalid Subject");
                return;
            }
            byte[] sid = Arrays.copyOfRange(line, sidFrom, sidTo);
            loop.hub().subscribe(new Interest(this, sid, queue), line, from, to);
        }
        confirm();
    }

    private static String text(byte[] bytes) {
        return new String(bytes, StandardCharsets.UTF_8);
    }

    @Override
    public void unsubscribe(byte[] line, Arguments arguments) throws ProtocolFault {
        int count = arguments.count();
        if (count != 1 && count != 2) {
            throw ProtocolFault.badArguments();
        }
        int max = count == 1 ? -1 : Parser.number(line, arguments.from(1), arguments.to(1));
        Interest subscription = subscriptions.find(line, arguments.from(0), arguments.to(0));
        if (subscription != null) {
            subscription.max = Math.max(0, max);
            if (max <= subscription.delivered) {
                loop.hub().unsubscribe(subscription);
            }
        }
        confirm();
    }

    // ---- what it is told

    /** The first thing a client hears, and what has changed of it later. */
    void inform(byte[] info) {
        say(info);
    }

    /** Whether it wants to be told what changes. */
    boolean wantsNews() {
        return connected && options.protocol >= LAST_PROTOCOL;
    }

    private void complain(String text) {
        say(("-ERR '" + text + "'\r\n").getBytes(StandardCharsets.UTF_8));
    }

    private void say(byte[] bytes) {
        if (!isOver() && out.size() + bytes.length > limits.maxPending()) {
            cutAsSlow("Slow Consumer (Pending Bytes)");
        } else if (stage != Stage.GONE) {
            out.add(bytes, 0, bytes.length);
            soil();
        }
    }

    private void soil() {
        if (!dirty) {
            dirty = true;
            loop.soiled(this);
        }
    }

    @Override
    boolean deliver(Interest subscription, Publication message) {
        if (loop.isShort()) {
            loop.relieve();
        }
        if (isOver()) {
            return false;
        }
        int length = message.subjectLength()
                + subscription.sid.length
                + message.replyLength()
                + MessageLine.REST
                + message.size;
        if (out.size() + length > limits.maxPending()) {
            cutAsSlow("Slow Consumer (Pending Bytes)");
            return false;
        }
        boolean headers = message.hasHeaders() && options.headers;
        int skipped = headers ? 0 : message.headerSize;
        byte[] chunk = out.roomFor(length);
        if (chunk == null) {
            chunk = loop.line(length - message.size);
            int end = MessageLine.write(chunk, 0, subscription, message, headers);
            out.add(chunk, 0, end);
            out.add(message.body, message.bodyFrom + skipped, message.bodyFrom + message.size + 2);
        } else {
            int end = MessageLine.write(chunk, out.end(), subscription, message, headers);
            int payload = message.size + 2 - skipped;
            System.arraycopy(message.body, message.bodyFrom + skipped, chunk, end, payload);
            out.wrote(end + payload);
        }
        soil();
        return true;
    }

    @Override
    long pendingBytes() {
        return out.size();
    }

    /** Bytes held for it in both directions. */
    long holds() {
        return out.size() + parser.keeps() + rest.length;
    }

    // ---- how it leaves

    /** Ends it: it is told why where there are words, and what it sends is dropped from now on. */
    void cut(String why, @Nullable String answer) {
        if (isOver()) {
            return;
        }
        if (answer != null) {
            complain(answer);
            if (isOver()) {
                return; // it does not read either
            }
        }
        reason = why;
        stage = Stage.LEAVING;
        deadlineNanos = loop.now() + Loop.LINGER_NANOS;
        loop.expects(deadlineNanos);
        loop.hub().leave(this, why);
        loop.left(this, why);
        soil();
    }

    /** Ends it, and what waits for it is dropped. */
    void cutAsSlow(String why) {
        if (!isOver()) {
            loop.hub().slowConsumers++;
            out.clear();
            cut(why, null);
            deadlineNanos = loop.now();
            loop.expects(deadlineNanos);
        }
    }

    /** Its socket ended, or failed. */
    void closed(String why) {
        if (stage == Stage.GONE) {
            return;
        }
        if (stage != Stage.LEAVING) {
            reason = why;
            loop.hub().leave(this, why);
            loop.left(this, why);
        }
        stage = Stage.GONE;
        out.clear();
        keepRest(NOTHING);
        parser.forget();
        link = new Link.Plain(channel, loop.ranges());
        loop.close(channel);
    }

    boolean isGone() {
        return stage == Stage.GONE;
    }

    boolean isLeaving() {
        return stage == Stage.LEAVING;
    }

    String reason() {
        return reason;
    }

    // ---- its socket, by the loop's thread

    /** Writes what waits, as far as the socket takes it. */
    void flush() {
        dirty = false;
        if (stage == Stage.GONE) {
            return;
        }
        try {
            long written = link.write(out);
            boolean waiting = isWriting();
            if (!waiting) {
                stalledNanos = 0;
            } else if (written > 0 || stalledNanos == 0) {
                stalledNanos = loop.now();
                loop.expects(stalledNanos + limits.writeDeadline().toNanos());
            }
            if (!waiting && stage == Stage.LEAVING && !shutting) {
                shutting = true;
                link.finish();
            }
            loop.interest(this);
        } catch (IOException gone) {
            closed(stage == Stage.LEAVING ? reason : "Write Error");
        }
    }

    /** Whether something waits to be written, by us or by its link. */
    boolean isWriting() {
        return !out.isEmpty() || link.hasUnwritten();
    }

    /** What the loop has to wait for. */
    int interest() {
        boolean waiting = isWriting();
        boolean reads = !paused && !(link instanceof TlsLink tls && tls.isWaiting());
        return (reads ? SelectionKey.OP_READ : 0) | (waiting ? SelectionKey.OP_WRITE : 0);
    }

    @Nullable
    SelectionKey key() {
        return key;
    }

    /** The moment it has to be looked at again. */
    long dueNanos() {
        long due = switch (stage) {
            case ENTERING -> deadlineNanos;
            case SERVED -> pulse.dueNanos();
            case LEAVING -> deadlineNanos;
            case GONE -> Long.MAX_VALUE;
        };
        if (stage == Stage.ENTERING && !awaitsConnect() && !shaking) {
            due = pulse.dueNanos();
        }
        return stalledNanos == 0 || stage == Stage.GONE
                ? due
                : Math.min(due, stalledNanos + limits.writeDeadline().toNanos());
    }

    /** Time has come this far. */
    void at(long now) {
        if (stage == Stage.GONE) {
            return;
        }
        if (stage == Stage.LEAVING) {
            if (now >= deadlineNanos) {
                closed(reason);
            }
            return;
        }
        if (stalledNanos != 0 && now - stalledNanos >= limits.writeDeadline().toNanos()) {
            cutAsSlow("Slow Consumer (Write Deadline)");
        } else if (shaking && now >= deadlineNanos) {
            closed("TLS Handshake Failure");
        } else if (awaitsConnect() && now >= deadlineNanos) {
            cut("Authentication Timeout", "Authentication Timeout");
        } else if (!shaking && now >= pulse.dueNanos()) {
            askWhetherThere(now);
        }
    }

    private void askWhetherThere(long now) {
        if (!pulse.ask(now)) {
            cut("Stale Connection", "Stale Connection");
            return;
        }
        say(PING);
    }

    /** A line of the log, with no secret in it. */
    @Override
    public String toString() {
        return "cid=" + cid + " client=" + address.getHostString() + ":" + address.getPort() + " name="
                + Json.text(name);
    }
}
