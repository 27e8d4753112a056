package holt.bus.server;

import java.util.ArrayDeque;
import java.util.Queue;
import org.jspecify.annotations.Nullable;

/**
 * Bytes that wait to be written to one client, in chunks that go back to a pool: a client for whom nothing waits holds no
 * memory, and one for whom little waits holds little, since a message to many waits for each of them at once. Guarded by
 * the hub's lock.
 */
final class OutBuffer {
    static final int CHUNK = 1 << 16;
    /** The first chunk, for as long as it is the only one and suffices. */
    static final int SMALL_CHUNK = 1 << 11;

    /** Chunks that nobody uses. */
    static final class Pool {
        private static final int MOST = 64;
        private static final int MOST_SMALL = 1024;
        private final ArrayDeque<byte[]> free = new ArrayDeque<>();
        private final ArrayDeque<byte[]> freeSmall = new ArrayDeque<>();

        private long used;

        /** Bytes of chunks in use. */
        long bytes() {
            return used;
        }

        private byte[] take() {
            byte[] chunk = free.pollLast();
            used += CHUNK;
            return chunk != null ? chunk : new byte[CHUNK];
        }

        private byte[] takeSmall() {
            byte[] chunk = freeSmall.pollLast();
            used += SMALL_CHUNK;
            return chunk != null ? chunk : new byte[SMALL_CHUNK];
        }

        private void giveBack(byte[] chunk) {
            used -= chunk.length;
            if (chunk.length == CHUNK && free.size() < MOST) {
                free.addLast(chunk);
            } else if (chunk.length == SMALL_CHUNK && freeSmall.size() < MOST_SMALL) {
                freeSmall.addLast(chunk);
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
            chunk = pool.takeSmall();
            last = chunk;
            end = 0;
        } else if (end == chunk.length) {
            chunk = chunk.length == SMALL_CHUNK ? grow(chunk) : next(chunk);
        }
        return chunk;
    }

    private byte[] next(byte[] filled) {
        if (full == null) {
            full = new ArrayDeque<>(4);
        }
        full.add(filled);
        byte[] chunk = pool.take();
        last = chunk;
        end = 0;
        return chunk;
    }

    /** The small chunk, which is the only one, becomes a large one. */
    private byte[] grow(byte[] small) {
        byte[] chunk = pool.take();
        System.arraycopy(small, start, chunk, start, end - start);
        pool.giveBack(small);
        last = chunk;
        return chunk;
    }

    /**
     * The chunk to write to where it has so much room; null where it has not. Whoever writes there says so with
     * {@link #wrote}.
     */
    byte @Nullable [] roomFor(int length) {
        byte[] chunk = room();
        if (chunk.length == SMALL_CHUNK && SMALL_CHUNK - end < length && CHUNK - end >= length) {
            chunk = grow(chunk);
        }
        return chunk.length - end >= length ? chunk : null;
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

    /** So many of the first bytes are written. */
    void consume(int count) {
        size -= count;
        int left = count;
        while (left > 0) {
            int length = Math.min(left, firstTo() - start);
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
