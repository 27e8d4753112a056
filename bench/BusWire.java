import static java.nio.charset.StandardCharsets.US_ASCII;

import java.io.EOFException;
import java.io.IOException;
import java.net.InetSocketAddress;
import java.net.StandardSocketOptions;
import java.nio.ByteBuffer;
import java.nio.channels.SocketChannel;

/** A client's connection of the load generator: bytes and nothing else. Blocks until told otherwise. */
class BusWire implements AutoCloseable {
    final SocketChannel channel;

    BusWire(SocketChannel channel) {
        this.channel = channel;
    }

    /** Connects as the server's door wants it, and returns once the server has answered. */
    static BusWire connect(BusRival server) throws IOException {
        SocketChannel channel = SocketChannel.open(new InetSocketAddress("127.0.0.1", server.port()));
        channel.setOption(StandardSocketOptions.TCP_NODELAY, true);
        readLine(channel);
        BusWire wire = server.door() == BusRival.Door.TLS ? new BusTlsWire(channel) : new BusWire(channel);
        String who = server.door() == BusRival.Door.PERMISSIONS ? ",\"user\":\"bench\",\"pass\":\"bench\"" : "";
        wire.writeAll("CONNECT {\"verbose\":false,\"pedantic\":false,\"headers\":true" + who + "}\r\n");
        wire.sync();
        return wire;
    }

    /** Bytes taken; 0 where there are none and the wire does not block; -1 at the end. */
    int read(ByteBuffer into) throws IOException {
        return channel.read(into);
    }

    /** Gives the server what it takes now. */
    void write(ByteBuffer from) throws IOException {
        channel.write(from);
    }

    /** Whether nothing that was written still waits here. */
    boolean flushed() throws IOException {
        return true;
    }

    void writeAll(String text) throws IOException {
        writeAll(ByteBuffer.wrap(text.getBytes(US_ASCII)));
    }

    void writeAll(ByteBuffer bytes) throws IOException {
        while (bytes.hasRemaining() || !flushed()) {
            write(bytes);
        }
    }

    /** Returns when the server has done all that was written; only its own PINGs may come before. For blocking wires. */
    void sync() throws IOException {
        writeAll("PING\r\n");
        ByteBuffer answer = ByteBuffer.allocate(64 << 10);
        String said = "";
        while (!said.endsWith("PONG\r\n")) {
            if (read(answer) < 0) {
                throw new EOFException("The server closed the connection, having said " + said);
            }
            said = text(answer.duplicate().flip());
        }
        if (!said.replace("PING\r\n", "").equals("PONG\r\n")) {
            throw new IOException("Expected PONG, found " + said);
        }
    }

    static String text(ByteBuffer bytes) {
        return US_ASCII.decode(bytes.duplicate().limit(Math.min(bytes.limit(), 200))).toString();
    }

    private static void readLine(SocketChannel channel) throws IOException {
        ByteBuffer info = ByteBuffer.allocate(4096);
        while (info.position() == 0 || info.get(info.position() - 1) != '\n') {
            if (channel.read(info) < 0) {
                throw new EOFException("The server closed the connection instead of saying INFO");
            }
        }
    }

    @Override
    public void close() throws IOException {
        channel.close();
    }
}
