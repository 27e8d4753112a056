package holt.router;

import io.netty.buffer.ByteBuf;
import io.netty.channel.Channel;
import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.ChannelInboundHandlerAdapter;
import java.io.IOException;
import java.net.InetSocketAddress;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;

/**
 * A client's connection: reads requests, hands each to an {@link Exchange}, and begins the next only when the one before
 * is answered. Belongs to one event loop.
 */
final class ClientConnection extends ChannelInboundHandlerAdapter {
    private static final System.Logger LOG = System.getLogger(ClientConnection.class.getName());

    /** Bytes of further requests that are kept while one is under way; beyond, the client waits. */
    private static final int MAX_AHEAD = 64 << 10;

    /** How long what a client still sends is read and dropped, so that it gets the last answer before the end. */
    private static final long LINGER_NANOS = TimeUnit.SECONDS.toNanos(2);

    private static final int CLIENT_CLOSED = 499;

    private enum State {
        /** Waits for a request or reads its head. */
        HEAD,
        /** Sends a request's body to the endpoint as it comes. */
        BODY,
        /** The request is complete; its response is not. */
        RESPONSE,
        /** Passes bytes both ways after an upgrade. */
        TUNNEL,
        /** The last answer is written; drops what comes. */
        LINGER,
        CLOSED
    }

    private final Loop loop;
    private final RouterContext context;
    private final Channel channel;
    private final RequestHead head;
    private final BodyFraming body;
    private final ClientOutput output;
    private final byte[] address;
    private final int port;
    private State state = State.HEAD;
    private @Nullable ByteBuf input;
    private @Nullable Exchange exchange;
    private boolean processing;
    private boolean inRead;
    private long sinceNanos;

    ClientConnection(Loop loop, Channel channel) {
        this.loop = loop;
        this.context = loop.context;
        this.channel = channel;
        this.output = new ClientOutput(channel);
        this.head = new RequestHead(context.settings.limits());
        this.body = new BodyFraming(context.settings.limits());
        this.address = Ascii.bytes(
                ((InetSocketAddress) channel.remoteAddress()).getAddress().getHostAddress());
        this.port = ((InetSocketAddress) channel.localAddress()).getPort();
        this.sinceNanos = loop.coarseNanos;
    }

    /** Of the client, as text. */
    byte[] address() {
        return address;
    }

    /** The client came to. */
    int port() {
        return port;
    }

    ClientOutput output() {
        return output;
    }

    boolean isRequestComplete() {
        return state != State.BODY;
    }

    /** Whether the present request can be followed by another one. */
    boolean canKeepAlive() {
        return isRequestComplete() && head.keepsAlive() && !context.closing;
    }

    @Override
    public void channelRead(ChannelHandlerContext context, Object message) {
        ByteBuf more = (ByteBuf) message;
        if (state == State.LINGER || state == State.CLOSED) {
            more.release();
            return;
        }
        inRead = true;
        ByteBuf before = input;
        if (before == null) {
            input = more;
        } else {
            input = output.allocator().ioBuffer(before.readableBytes() + more.readableBytes());
            input.writeBytes(before).writeBytes(more);
            before.release();
            more.release();
        }
        process();
    }

    @Override
    public void channelReadComplete(ChannelHandlerContext context) {
        inRead = false;
        flushAll();
    }

    private void flushAll() {
        if (exchange != null) {
            exchange.flush();
        }
        output.flush();
    }

    /** Does what can be done with the bytes that are here; called whenever more might be possible. */
    void process() {
        if (processing) {
            return;
        }
        processing = true;
        try {
            ByteBuf in = input;
            while (in != null && in.isReadable() && step(in)) {}
        } catch (BadMessage bad) {
            refuse(bad);
        } finally {
            processing = false;
            releaseInput(false);
        }
        updateReading();
        if (!inRead) {
            flushAll();
        }
    }

    private boolean step(ByteBuf in) throws BadMessage {
        return switch (state) {
            case HEAD -> readHead(in);
            case BODY -> readBody(in);
            case RESPONSE -> false;
            case TUNNEL -> {
                sendOn(in, in.readableBytes());
                yield true;
            }
            case LINGER, CLOSED -> {
                in.skipBytes(in.readableBytes());
                yield false;
            }
        };
    }

    private boolean readHead(ByteBuf in) throws BadMessage {
        if (head.isEmpty()) {
            sinceNanos = loop.coarseNanos;
        }
        if (!head.read(in)) {
            return false;
        }
        head.check();
        if (head.chunked) {
            body.chunked();
        } else {
            body.length(Math.max(head.contentLength, 0));
        }
        state = body.isDone() ? State.RESPONSE : State.BODY;
        sinceNanos = loop.coarseNanos;
        Exchange begun = new Exchange(loop, this, head);
        exchange = begun;
        begun.start();
        return true;
    }

    private boolean readBody(ByteBuf in) throws BadMessage {
        if (exchange == null || !exchange.takesBody()) {
            return false;
        }
        sinceNanos = loop.coarseNanos;
        int count = body.scan(in);
        if (body.isDone()) {
            state = State.RESPONSE;
        }
        sendOn(in, count);
        return true;
    }

    private void sendOn(ByteBuf in, int count) {
        if (exchange != null) {
            exchange.toUpstream(in.readRetainedSlice(count));
        }
    }

    private void refuse(BadMessage bad) {
        ErrorAnswer answer = ErrorAnswer.badRequest(bad);
        if (exchange != null) {
            exchange.fail(answer);
        } else {
            refuse(answer);
        }
    }

    /** Answers a request that no exchange was made for, and ends the connection. */
    private void refuse(ErrorAnswer answer) {
        context.stats.finished(answer.status(), 0, 0);
        if (context.log != AccessLog.NONE) {
            context.log.finished(new AccessLog.Entry("", "", -1, "", "", answer.status(), 0, 0));
        }
        state = State.BODY;
        answer(answer);
    }

    /** Turns the client away as soon as it came. */
    void overloaded() {
        channel.eventLoop().execute(() -> refuse(ErrorAnswer.overloaded(context.settings.maxConnections())));
    }

    /** Writes an answer of the router's own; the exchange is over. */
    void answer(ErrorAnswer answer) {
        boolean keepAlive = canKeepAlive();
        Boolean connection = !keepAlive ? Boolean.FALSE : head.minorVersion > 0 ? null : Boolean.TRUE;
        int accept = head.acceptField;
        String accepted = accept < 0 ? null : Ascii.string(head.bytes, head.valueStart(accept), head.valueEnd(accept));
        ErrorPage.write(loop.scratch, answer, accepted, !head.isHead(), connection, context.clock.instant());
        output.write(loop.scratch);
        exchangeEnded(keepAlive);
    }

    /** The response is written; the next request may begin. */
    void exchangeEnded(boolean keepAlive) {
        exchange = null;
        if (state == State.CLOSED) {
            return;
        }
        if (!keepAlive || !isRequestComplete()) {
            end();
            return;
        }
        head.reset();
        state = State.HEAD;
        sinceNanos = loop.coarseNanos;
        process();
    }

    /** Both sides now speak another protocol. */
    void upgraded() {
        state = State.TUNNEL;
        process();
    }

    /** Closes when all is written; where the client may still be sending, in a way that does not destroy the answer. */
    private void end() {
        if (!isRequestComplete() || input != null && input.isReadable()) {
            state = State.LINGER;
            sinceNanos = loop.coarseNanos;
            output.endAfterFlush();
        } else {
            state = State.CLOSED;
            output.closeAfterFlush();
        }
    }

    /** Breaks the connection, so that the client sees that its response is not complete. */
    void abort() {
        state = State.CLOSED;
        exchange = null;
        output.abort();
    }

    /** Reads from the client exactly as long as there is a place for what it sends. */
    void updateReading() {
        ByteBuf in = input;
        boolean wanted = switch (state) {
            case HEAD, LINGER, CLOSED -> true;
            case BODY, TUNNEL -> exchange != null && exchange.takesBody() || in == null;
            case RESPONSE -> in == null || in.readableBytes() < MAX_AHEAD;
        };
        channel.config().setAutoRead(wanted);
        if (wanted && in != null && !processing && state == State.BODY) {
            process();
        }
    }

    /** Ends the connection as soon as no request is under way; for a router that closes. */
    void closeWhenIdle() {
        if (state == State.HEAD && head.isEmpty()) {
            channel.close();
        }
    }

    void closeNow() {
        channel.close();
    }

    void sweep(long nowNanos) {
        long waitedNanos = nowNanos - sinceNanos;
        switch (state) {
            case HEAD -> {
                if (head.isEmpty() && waitedNanos > context.keepAliveNanos) {
                    channel.close();
                } else if (!head.isEmpty() && waitedNanos > context.headNanos) {
                    refuse(ErrorAnswer.requestTimeout("The request's head", seconds(context.headNanos)));
                }
            }
            case BODY -> {
                if (exchange != null && exchange.waitsForBody() && waitedNanos > context.bodyNanos) {
                    exchange.fail(ErrorAnswer.requestTimeout("More of the request's body", seconds(context.bodyNanos)));
                }
            }
            case LINGER -> {
                if (waitedNanos > LINGER_NANOS) {
                    channel.close();
                }
            }
            case RESPONSE, TUNNEL, CLOSED -> {}
        }
        if (exchange != null) {
            exchange.sweep(nowNanos);
        }
    }

    private static long seconds(long nanos) {
        return TimeUnit.NANOSECONDS.toSeconds(nanos);
    }

    @Override
    public void channelInactive(ChannelHandlerContext context) {
        state = State.CLOSED;
        loop.remove(this);
        this.context.stats.connections.decrementAndGet();
        releaseInput(true);
        Exchange present = exchange;
        exchange = null;
        if (present != null) {
            present.cancel(CLIENT_CLOSED);
        }
    }

    private void releaseInput(boolean all) {
        ByteBuf in = input;
        if (in != null && (all || !in.isReadable()) && !processing) {
            input = null;
            in.release();
        }
    }

    @Override
    public void channelWritabilityChanged(ChannelHandlerContext context) {
        if (exchange != null && channel.isWritable()) {
            exchange.resumeUpstream();
        }
    }

    @Override
    public void exceptionCaught(ChannelHandlerContext context, Throwable cause) {
        if (cause instanceof IOException) {
            // The client broke the connection; what was under way ends with channelInactive.
            return;
        }
        LOG.log(System.Logger.Level.ERROR, "event=client-fault", cause);
        channel.close();
    }
}
