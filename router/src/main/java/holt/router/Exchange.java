package holt.router;

import io.netty.buffer.ByteBuf;
import io.netty.channel.ChannelException;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;

/**
 * One request on its way: finds an endpoint, tries another where no connection can be made, and relays the response.
 * Counts on exactly one backend at a time, and on none once it is over. Belongs to the event loop of its client.
 */
final class Exchange {
    /** A request that cannot be repeated goes only on a connection used this recently, or on a new one. */
    private static final long YOUNG_NANOS = TimeUnit.SECONDS.toNanos(1);

    /** How long an endpoint that takes no more of a request may still answer it. */
    private static final long BROKEN_OUTPUT_NANOS = TimeUnit.SECONDS.toNanos(2);

    private final Loop loop;
    private final RouterContext context;
    private final ClientConnection client;
    private final RequestHead request;
    private final long startNanos;
    private final boolean repeatable;
    private final ResponseRelay relay;
    private final Attempts attempts;
    private @Nullable Backend backend;
    private @Nullable UpstreamConnection upstream;
    private boolean over;
    private boolean repeated;
    private long progressNanos;
    private long patienceNanos;
    private int lastIndex = -1;

    Exchange(Loop loop, ClientConnection client, RequestHead request) {
        this.loop = loop;
        this.context = loop.context;
        this.client = client;
        this.request = request;
        this.startNanos = context.ticker.nanoTime();
        this.repeatable = client.isRequestComplete() && request.isIdempotent();
        this.relay = new ResponseRelay(loop, client, request);
        this.attempts = new Attempts(loop, request.host());
        this.patienceNanos = context.responseNanos;
        context.stats.underWay.increment();
    }

    ClientConnection client() {
        return client;
    }

    boolean isHead() {
        return request.isHead();
    }

    boolean wantsUpgrade() {
        return request.wantsUpgrade();
    }

    boolean isRequestComplete() {
        return client.isRequestComplete();
    }

    /** Whether bytes of the request's body have somewhere to go now. */
    boolean takesBody() {
        return upstream != null && upstream.isWritable();
    }

    /** Whether it is the client that nothing goes on for. */
    boolean waitsForBody() {
        return takesBody() && !relay.hasBegun();
    }

    void progress() {
        progressNanos = loop.coarseNanos;
    }

    void start() {
        progress();
        if (!attempts.hasTarget()) {
            fail(context.table.isSynced() ? ErrorAnswer.unknownRoute(request.host()) : ErrorAnswer.starting());
            return;
        }
        tryNext();
    }

    private void tryNext() {
        Backend choice = attempts.next();
        if (choice != null) {
            backend = choice;
            lastIndex = choice.endpoint().index();
            UpstreamConnection pooled = loop.pool.take(choice, repeatable ? Long.MAX_VALUE : YOUNG_NANOS);
            if (pooled != null) {
                attach(pooled);
            } else {
                connect(choice);
            }
        } else if (!attempts.hasFailed()) {
            fail(ErrorAnswer.noInstance(app(), attempts.reason()));
        } else {
            fail(ErrorAnswer.endpointFailure(app(), attempts.lastFailure()));
        }
    }

    private void connect(Backend choice) {
        try {
            loop.pool.connect(choice, this);
        } catch (ChannelException noSocket) {
            fail(ErrorAnswer.noSocket(String.valueOf(noSocket.getMessage())));
        }
    }

    /** Hears of a connection that was asked for. */
    void connected(UpstreamConnection connection, @Nullable Throwable cause) {
        if (over) {
            connection.close();
        } else if (cause == null) {
            attach(connection);
        } else {
            attempts.failed(connection.backend(), cause);
            releaseBackend();
            tryNext();
        }
    }

    private void attach(UpstreamConnection connection) {
        upstream = connection;
        progress();
        connection.begin(this);
        HeadWriter.request(
                loop.scratch,
                request,
                client.address(),
                client.port(),
                context.clock.millis(),
                context.settings.trustForwarded());
        connection.write(loop.scratch.buffer(client.output().allocator(), 0));
        client.process();
    }

    /** Sends a part of the request's body, or of what follows an upgrade. */
    void toUpstream(ByteBuf part) {
        progress();
        if (upstream == null) {
            part.release();
        } else {
            upstream.write(part);
        }
    }

    void flush() {
        if (upstream != null) {
            upstream.flush();
        }
    }

    void interim(ResponseHead head) {
        relay.interim(head);
    }

    void upgraded(ResponseHead head) {
        relay.head(head);
        client.upgraded();
    }

    void responded(ResponseHead head, BodyFraming body, ByteBuf in) throws BadMessage {
        patienceNanos = context.streamNanos;
        relay.response(head, body, in);
        pauseUpstream();
    }

    void relay(BodyFraming body, ByteBuf in) throws BadMessage {
        relay.body(body, in);
        pauseUpstream();
    }

    void toClient(ByteBuf part) {
        relay.tunnel(part);
        pauseUpstream();
    }

    private void pauseUpstream() {
        if (upstream != null && !client.output().isWritable()) {
            upstream.read(false);
        }
    }

    /** The client takes more again. */
    void resumeUpstream() {
        if (upstream != null) {
            progress();
            upstream.read(true);
        }
    }

    /** The response is complete. */
    void ended() {
        upstream = null;
        finish(relay.status());
        client.exchangeEnded(relay.keepsAlive());
    }

    /** The response, or what followed an upgrade, ended with the endpoint's connection. */
    void endedByClose() {
        relay.end();
        ended();
    }

    /** The endpoint closed the connection where it should not have. */
    void upstreamClosed(UpstreamConnection connection, String why) {
        upstream = null;
        if (over) {
            return;
        }
        if (connection.isReused() && !connection.hasHeard() && repeatable && !repeated) {
            // It was closed while it waited: the request was never looked at.
            repeated = true;
            context.stats.retries.increment();
            connect(connection.backend());
            return;
        }
        upstreamBroken(why + (connection.hasHeard() ? " in the middle of its response" : " without a response"));
    }

    /** The endpoint sent what is no response, or only half of one. */
    void upstreamBroken(String why) {
        upstream = null;
        fail(ErrorAnswer.endpointFailure(app(), "The request reached " + backend + ", but " + why + "."));
    }

    /** The endpoint takes no more of the request. What is left of it is dropped; a response gets a little time. */
    void outputBroken() {
        progress();
        patienceNanos = Math.min(patienceNanos, BROKEN_OUTPUT_NANOS);
        client.process();
    }

    /** Ends it with an answer of our own, or where a response has begun, by breaking the client's connection. */
    void fail(ErrorAnswer answer) {
        if (over) {
            return;
        }
        closeUpstream();
        if (relay.hasBegun()) {
            finish(relay.status());
            client.abort();
        } else {
            finish(answer.status());
            client.answer(answer);
        }
    }

    /** The client went away. */
    void cancel(int status) {
        if (!over) {
            if (upstream != null && relay.isTunnel()) {
                upstream.closeAfterFlush();
                upstream = null;
            }
            closeUpstream();
            finish(relay.hasBegun() ? relay.status() : status);
        }
    }

    void sweep(long nowNanos) {
        if (over || relay.isTunnel()) {
            return;
        }
        long patience = client.output().isWritable() ? patienceNanos : Math.min(patienceNanos, context.bodyNanos);
        if (upstream != null && nowNanos - progressNanos > patience) {
            fail(ErrorAnswer.endpointTimeout(app(), String.valueOf(backend), TimeUnit.NANOSECONDS.toSeconds(patience)));
        }
    }

    private String app() {
        return attempts.app();
    }

    private void closeUpstream() {
        if (upstream != null) {
            upstream.close();
            upstream = null;
        }
    }

    private void releaseBackend() {
        if (backend != null) {
            backend.release();
            backend = null;
        }
    }

    private void finish(int status) {
        over = true;
        releaseBackend();
        long durationNanos = context.ticker.nanoTime() - startNanos;
        context.stats.underWay.decrement();
        context.stats.finished(status, relay.bytes(), durationNanos);
        attempts.count();
        if (context.log != AccessLog.NONE) {
            context.log.finished(new AccessLog.Entry(
                    request.host(),
                    app(),
                    lastIndex,
                    request.method(),
                    request.path(),
                    status,
                    relay.bytes(),
                    durationNanos));
        }
    }
}
