package holt.bus.server;

import java.nio.ByteBuffer;
import java.util.ArrayDeque;
import java.util.Queue;
import org.jspecify.annotations.Nullable;

/**
 * Bytes that wait to be written to one client, in chunks that go back to a pool: a client for whom nothing waits holds no
 * memory, one for whom little waits holds little. Guarded by the hub's lock.
 */
final class OutBuffer {
    /** The largest chunk; only the last one of a buffer may be smaller. */
    static final int CHUNK = 1 << 16;

    private static final int FIRST_CHUNK = 1 << 10;
    private static final int GROWTH = 8;

    /** Chunks that nobody uses. */
    static final class Pool {
        private static final int MOST_BYTES = 4 << 20;
        private final ArrayDeque<byte[]> small = new ArrayDeque<>();
        private final ArrayDeque<byte[]> large = new ArrayDeque<>();
        private long used;
        private int free;

        /** Bytes of chunks in use. */
        long bytes() {
            return used;
        }

        private byte[] take(int length) {
            used += length;
            byte[] chunk = length == CHUNK ? large.pollLast() : length == FIRST_CHUNK ? small.pollLast() : null;
            if (chunk == null) {
                return new byte[length];
            }
            free -= length;
            return chunk;
        }

        private void giveBack(byte[] chunk) {
            int length = chunk.length;
            used -= length;
            boolean kept = (length == CHUNK || length == FIRST_CHUNK) && free + length <= MOST_BYTES;
            if (kept) {
                free += length;
                (length == CHUNK ? large : small).addLast(chunk);
            }
        }
    }

    private final Pool pool;
    /** Full chunks before the last one; null where there were never any. */
    private @Nullable Queue<byte[]> full;

    private byte @Nullable [] last;
    private int end;
    /** Bytes of the first chunk that are written already. */
    private int start;

    private long size;

    OutBuffer(Pool pool) {
        this.pool = pool;
    }

    long size() {
        return size;
    }

    boolean isEmpty() {
        return size == 0;
    }

    void add(byte[] bytes, int from, int to) {
        int at = from;
        while (at < to) {
            byte[] chunk = room();
            int length = Math.min(to - at, chunk.length - end);
            System.arraycopy(bytes, at, chunk, end, length);
            end += length;
            at += length;
        }
        size += to - from;
    }

    void add(byte each) {
        room()[end++] = each;
        size++;
    }

    /** The chunk to write to, which has room for a byte at least. */
    private byte[] room() {
        byte[] chunk = last;
        if (chunk == null) {
            chunk = pool.take(FIRST_CHUNK);
            end = 0;
        } else if (end == CHUNK) {
            if (full == null) {
                full = new ArrayDeque<>(4);
            }
            full.add(chunk);
            chunk = pool.take(CHUNK);
            end = 0;
        } else if (end == chunk.length) {
            chunk = grown(chunk);
        }
        last = chunk;
        return chunk;
    }

    private byte[] grown(byte[] chunk) {
        byte[] larger = pool.take(chunk.length * GROWTH);
        System.arraycopy(chunk, 0, larger, 0, end);
        pool.giveBack(chunk);
        return larger;
    }

    /**
     * The chunk to write to where it has so much room; null where it has not. Whoever writes there says so with
     * {@link #wrote}.
     */
    byte @Nullable [] roomFor(int length) {
        byte[] chunk = room();
        if (CHUNK - end < length) {
            return null;
        }
        while (chunk.length - end < length) {
            chunk = grown(chunk);
        }
        last = chunk;
        return chunk;
    }

    /** Where in the chunk with room to begin. */
    int end() {
        return end;
    }

    void wrote(int newEnd) {
        size += newEnd - end;
        end = newEnd;
    }

    /** The bytes that come first, as the array they are in, from {@link #firstFrom} to {@link #firstTo}; null for none. */
    byte @Nullable [] first() {
        byte[] chunk = full == null ? null : full.peek();
        return chunk != null ? chunk : last;
    }

    int firstFrom() {
        return start;
    }

    int firstTo() {
        return full == null || full.isEmpty() ? end : CHUNK;
    }

    /** Ranges with the first bytes, for one write; tells how many of the places given are used. */
    int ranges(ByteBuffer[] places) {
        int used = 0;
        int from = start;
        if (full != null) {
            for (byte[] chunk : full) {
                if (used == places.length) {
                    return used;
                }
                places[used++] = ByteBuffer.wrap(chunk, from, CHUNK - from);
                from = 0;
            }
        }
        if (last != null && used < places.length) {
            places[used++] = ByteBuffer.wrap(last, from, end - from);
        }
        return used;
    }

    /** So many of the first bytes are written. */
    void consume(long count) {
        size -= count;
        long left = count;
        while (left > 0) {
            int length = (int) Math.min(left, firstTo() - start);
            start += length;
            left -= length;
            if (start == firstTo()) {
                dropFirst();
            }
        }
    }

    private void dropFirst() {
        start = 0;
        byte[] chunk = full == null ? null : full.poll();
        if (chunk == null && last != null) {
            chunk = last;
            last = null;
            end = 0;
        }
        if (chunk != null) {
            pool.giveBack(chunk);
        }
        if (full != null && full.isEmpty()) {
            full = null;
        }
    }

    /** What waits is of no use any more. */
    void clear() {
        while (first() != null) {
            dropFirst();
        }
        size = 0;
    }
}
