package holt.bus.server;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.SocketChannel;

/** The way bytes go to and from a socket: as they are, or through TLS. Owned by the loop's thread. */
interface Link {

    /**
     * Reads what has come.
     *
     * @return number of bytes; 0 where nothing has come, -1 at the end
     */
    int read(ByteBuffer into) throws IOException;

    /**
     * Writes as much as the socket takes.
     *
     * @return bytes the socket took, which is progress though some of them may be TLS's own
     */
    long write(OutBuffer out) throws IOException;

    /** Whether something waits to be written that is not in the buffer any more. */
    boolean hasUnwritten();

    /** Says goodbye as the way of sending has it; what cannot be written at once is not. */
    void finish() throws IOException;

    /** Bytes as they are. */
    final class Plain implements Link {
        /** A client that takes much lets others have their turn after this. */
        private static final int MOST_AT_ONCE = 1 << 20;

        private final SocketChannel channel;

        Plain(SocketChannel channel) {
            this.channel = channel;
        }

        @Override
        public int read(ByteBuffer into) throws IOException {
            return channel.read(into);
        }

        @Override
        public long write(OutBuffer out) throws IOException {
            long total = 0;
            for (byte[] first = out.first(); first != null && total < MOST_AT_ONCE; first = out.first()) {
                int from = out.firstFrom();
                int length = out.firstTo() - from;
                int written = channel.write(ByteBuffer.wrap(first, from, length));
                out.consume(written);
                total += written;
                if (written < length) {
                    break;
                }
            }
            return total;
        }

        @Override
        public boolean hasUnwritten() {
            return false;
        }

        @Override
        public void finish() throws IOException {
            channel.shutdownOutput();
        }
    }
}
