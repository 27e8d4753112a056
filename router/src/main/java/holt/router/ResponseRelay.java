package holt.router;

import io.netty.buffer.ByteBuf;
import org.jspecify.annotations.Nullable;

/**
 * Turns an endpoint's response into the client's: the same bytes, framed so that a client of its version can see the
 * end. Belongs to one exchange.
 */
final class ResponseRelay {
    /** Up to this size copying a body behind its head is cheaper than a buffer of its own. */
    private static final int COPIED_BYTES = 4096;

    private static final byte[] LAST_CHUNK = Ascii.bytes("0\r\n\r\n");

    private enum Conversion {
        NONE,
        TO_CHUNKS,
        FROM_CHUNKS
    }

    private final Loop loop;
    private final ClientConnection client;
    private final ClientOutput output;
    private final RequestHead request;
    private Conversion conversion = Conversion.NONE;
    private boolean keepsAlive;
    private boolean tunnel;
    private int status;
    private long bytes;

    ResponseRelay(Loop loop, ClientConnection client, RequestHead request) {
        this.loop = loop;
        this.client = client;
        this.output = client.output();
        this.request = request;
    }

    /** Whether the client has got the final head. */
    boolean hasBegun() {
        return status != 0;
    }

    int status() {
        return status;
    }

    /** Of the body, as they went to the client. */
    long bytes() {
        return bytes;
    }

    boolean keepsAlive() {
        return keepsAlive;
    }

    boolean isTunnel() {
        return tunnel;
    }

    /** A response that announces another; HTTP/1.0 does not know such. */
    void interim(ResponseHead head) {
        if (request.minorVersion > 0) {
            HeadWriter.response(loop.scratch, head, HeadWriter.Framing.AS_IT_IS, null);
            output.write(loop.scratch);
        }
    }

    /** The head of an upgrade. */
    void head(ResponseHead head) {
        status = head.status;
        tunnel = true;
        HeadWriter.response(loop.scratch, head, HeadWriter.Framing.AS_IT_IS, null);
        output.write(loop.scratch);
    }

    /** The final head with what has come of the body. */
    void response(ResponseHead head, BodyFraming body, ByteBuf in) throws BadMessage {
        status = head.status;
        HeadWriter.Framing framing = framing(body);
        keepsAlive = client.canKeepAlive() && framing != HeadWriter.Framing.UNTIL_CLOSE;
        HeadWriter.response(loop.scratch, head, framing, connection());
        if (conversion == Conversion.NONE) {
            writeWithBody(body, in);
        } else {
            output.write(loop.scratch);
            body(body, in);
        }
    }

    private HeadWriter.Framing framing(BodyFraming body) {
        boolean knowsChunks = request.minorVersion > 0;
        if (body.isUntilClose()) {
            conversion = knowsChunks ? Conversion.TO_CHUNKS : Conversion.NONE;
        } else if (body.isChunked()) {
            conversion = knowsChunks ? Conversion.NONE : Conversion.FROM_CHUNKS;
        } else {
            return HeadWriter.Framing.AS_IT_IS;
        }
        return knowsChunks ? HeadWriter.Framing.CHUNKED : HeadWriter.Framing.UNTIL_CLOSE;
    }

    private @Nullable Boolean connection() {
        if (!keepsAlive) {
            return Boolean.FALSE;
        }
        return request.minorVersion > 0 ? null : Boolean.TRUE;
    }

    private void writeWithBody(BodyFraming body, ByteBuf in) throws BadMessage {
        int count = body.scan(in);
        bytes += count;
        if (count <= COPIED_BYTES) {
            output.write(loop.scratch.buffer(output.allocator(), count).writeBytes(in, count));
        } else {
            output.write(loop.scratch);
            output.write(in.readRetainedSlice(count));
        }
    }

    /** More of the body. */
    void body(BodyFraming body, ByteBuf in) throws BadMessage {
        switch (conversion) {
            case NONE -> pass(in, body.scan(in));
            case TO_CHUNKS -> toChunks(in, body.scan(in));
            case FROM_CHUNKS -> fromChunks(body, in);
        }
    }

    void tunnel(ByteBuf part) {
        bytes += part.readableBytes();
        output.write(part);
    }

    private void pass(ByteBuf in, int count) {
        if (count > 0) {
            bytes += count;
            output.write(in.readRetainedSlice(count));
        }
    }

    private void toChunks(ByteBuf in, int count) {
        if (count > 0) {
            String size = Integer.toHexString(count);
            output.write(loop.scratch.clear().text(size).lineEnd());
            pass(in, count);
            output.write(loop.scratch.clear().lineEnd());
        }
    }

    private void fromChunks(BodyFraming body, ByteBuf in) throws BadMessage {
        ByteBuf data = output.allocator().ioBuffer(Math.max(in.readableBytes(), 1));
        try {
            in.skipBytes(body.scan(in, data));
            bytes += data.readableBytes();
            output.write(data.retain());
        } finally {
            data.release();
        }
    }

    /** A body ended with the endpoint's connection. */
    void end() {
        if (conversion == Conversion.TO_CHUNKS) {
            output.write(loop.scratch.clear().text(LAST_CHUNK));
        }
    }
}
