package holt.bus.server;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.SocketChannel;
import java.util.Arrays;

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

        private static final ByteBuffer NOTHING = ByteBuffer.allocate(0);

        private final SocketChannel channel;
        private final ByteBuffer[] ranges;

        /** @param ranges scratch space that all links of one loop may share */
        Plain(SocketChannel channel, ByteBuffer[] ranges) {
            this.channel = channel;
            this.ranges = ranges;
        }

        @Override
        public int read(ByteBuffer into) throws IOException {
            return channel.read(into);
        }

        @Override
        public long write(OutBuffer out) throws IOException {
            long total = 0;
            while (!out.isEmpty() && total < MOST_AT_ONCE) {
                long before = out.size();
                int count = out.ranges(ranges);
                long written = count == 1 ? channel.write(ranges[0]) : channel.write(ranges, 0, count);
                boolean all = !ranges[count - 1].hasRemaining();
                Arrays.fill(ranges, 0, count, NOTHING);
                out.consume(written);
                total += written;
                if (!all || out.size() == before) {
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
