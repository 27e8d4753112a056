package holt.router;

import io.netty.buffer.ByteBuf;
import io.netty.buffer.Unpooled;
import io.netty.channel.Channel;
import io.netty.channel.ChannelFutureListener;
import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.ChannelInboundHandlerAdapter;
import io.netty.channel.socket.ChannelOutputShutdownEvent;
import java.io.IOException;
import org.jspecify.annotations.Nullable;

/**
 * A connection to an endpoint: reads responses, one after the other, for the exchange that has it at the time. Belongs
 * to one event loop, the same as the clients it serves.
 */
final class UpstreamConnection extends ChannelInboundHandlerAdapter {
    private static final System.Logger LOG = System.getLogger(UpstreamConnection.class.getName());

    private enum State {
        IDLE,
        HEAD,
        BODY,
        TUNNEL,
        CLOSED
    }

    private final Loop loop;
    private final Backend backend;
    private final Channel channel;
    private final ResponseHead head;
    private final BodyFraming body;
    private State state = State.IDLE;
    private @Nullable Exchange exchange;
    private @Nullable ClientConnection unflushedClient;
    private boolean used;
    private boolean reused;
    private boolean heard;
    private boolean outputBroken;
    private boolean unflushed;
    private long idleSinceNanos;
    private String closeReason = "it closed the connection";

    UpstreamConnection(Loop loop, Backend backend, Channel channel) {
        this.loop = loop;
        this.backend = backend;
        this.channel = channel;
        this.head = new ResponseHead(loop.context.settings.limits());
        this.body = new BodyFraming(loop.context.settings.limits());
    }

    Backend backend() {
        return backend;
    }

    long idleSinceNanos() {
        return idleSinceNanos;
    }

    /** Whether it was used before the present exchange, so that its endpoint may have closed it meanwhile. */
    boolean isReused() {
        return reused;
    }

    /** Whether anything of a response has come since the present exchange began. */
    boolean hasHeard() {
        return heard;
    }

    /** Whether the endpoint takes no more of the request; its response may still come. */
    boolean isOutputBroken() {
        return outputBroken;
    }

    void begin(Exchange user) {
        exchange = user;
        reused = used;
        used = true;
        heard = false;
        head.reset();
        state = State.HEAD;
    }

    void write(ByteBuf part) {
        if (outputBroken) {
            part.release();
            return;
        }
        unflushed = true;
        channel.write(part, channel.voidPromise());
    }

    void flush() {
        if (unflushed) {
            unflushed = false;
            channel.flush();
        }
    }

    boolean isWritable() {
        return outputBroken || channel.isWritable();
    }

    void read(boolean wanted) {
        channel.config().setAutoRead(wanted);
    }

    /** Ends it; an exchange that has it is not told. */
    void close() {
        state = State.CLOSED;
        exchange = null;
        channel.close();
    }

    void closeAfterFlush() {
        state = State.CLOSED;
        exchange = null;
        channel.writeAndFlush(Unpooled.EMPTY_BUFFER).addListener(ChannelFutureListener.CLOSE);
    }

    @Override
    public void channelRead(ChannelHandlerContext context, Object message) {
        ByteBuf in = (ByteBuf) message;
        try {
            while (in.isReadable() && step(in)) {}
        } catch (BadMessage bad) {
            Exchange user = exchange;
            close();
            if (user != null) {
                user.upstreamBroken(bad.detail());
            }
        } finally {
            in.release();
        }
    }

    @Override
    public void channelReadComplete(ChannelHandlerContext context) {
        ClientConnection client = unflushedClient;
        if (client != null) {
            unflushedClient = null;
            client.output().flush();
        }
    }

    private boolean step(ByteBuf in) throws BadMessage {
        Exchange user = exchange;
        if (user == null) {
            // Nothing was asked: whatever this is, it must not become the answer to the next request.
            loop.pool.remove(this);
            close();
            return false;
        }
        heard = true;
        user.progress();
        unflushedClient = user.client();
        switch (state) {
            case HEAD -> {
                if (!head.read(in)) {
                    return false;
                }
                headRead(user, in);
            }
            case BODY -> {
                user.relay(body, in);
                endIfDone(user, in);
            }
            case TUNNEL -> user.toClient(in.readRetainedSlice(in.readableBytes()));
            case IDLE, CLOSED -> throw new IllegalStateException("An exchange has a connection that is " + state);
        }
        return true;
    }

    private void headRead(Exchange user, ByteBuf in) throws BadMessage {
        if (head.isInterim()) {
            user.interim(head);
            head.reset();
            return;
        }
        if (head.status == 101) {
            if (!user.wantsUpgrade()) {
                throw BadMessage.malformed("the response switches protocols, which was not asked for");
            }
            state = State.TUNNEL;
            user.upgraded(head);
            return;
        }
        frame(user.isHead());
        state = State.BODY;
        user.responded(head, body, in);
        endIfDone(user, in);
    }

    private void frame(boolean answersHead) {
        if (answersHead || head.hasNoBody()) {
            body.none();
        } else if (head.chunked) {
            body.chunked();
        } else if (head.contentLength >= 0) {
            body.length(head.contentLength);
        } else {
            body.untilClose();
        }
    }

    private void endIfDone(Exchange user, ByteBuf in) {
        if (!body.isDone() || exchange != user) {
            return;
        }
        boolean reusable = head.keepsAlive() && !in.isReadable() && !outputBroken && user.isRequestComplete();
        if (reusable) {
            exchange = null;
            state = State.IDLE;
            idleSinceNanos = loop.coarseNanos;
            channel.config().setAutoRead(true);
            loop.pool.giveBack(this);
        } else {
            close();
        }
        user.ended();
    }

    @Override
    public void channelInactive(ChannelHandlerContext context) {
        Exchange user = exchange;
        boolean completes = state == State.BODY && body.isUntilClose() || state == State.TUNNEL;
        boolean idle = state == State.IDLE;
        state = State.CLOSED;
        exchange = null;
        if (idle) {
            loop.pool.remove(this);
        }
        if (user == null) {
            return;
        }
        if (completes) {
            user.endedByClose();
        } else {
            user.upstreamClosed(this, closeReason);
        }
    }

    @Override
    public void channelWritabilityChanged(ChannelHandlerContext context) {
        Exchange user = exchange;
        if (user != null) {
            user.client().updateReading();
        }
    }

    @Override
    public void userEventTriggered(ChannelHandlerContext context, Object event) {
        if (event instanceof ChannelOutputShutdownEvent) {
            outputBroken = true;
            read(true);
            Exchange user = exchange;
            if (user != null) {
                user.outputBroken();
            }
        }
    }

    @Override
    public void exceptionCaught(ChannelHandlerContext context, Throwable cause) {
        if (cause instanceof IOException) {
            // The end of the connection follows and is handled there; a failed write may still leave a response.
            closeReason = "the connection broke (" + cause.getMessage() + ")";
            return;
        }
        LOG.log(System.Logger.Level.ERROR, "event=upstream-fault endpoint=\"" + backend + "\"", cause);
        channel.close();
    }
}
