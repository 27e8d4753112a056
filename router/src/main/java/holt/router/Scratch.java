package holt.router;

import io.netty.buffer.ByteBuf;
import io.netty.buffer.ByteBufAllocator;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;

/** Bytes to write a head into before it becomes a buffer. One for each event loop, used again for each head. */
final class Scratch {
    private static final byte[] HEX = Ascii.bytes("0123456789abcdef");
    private byte[] bytes = new byte[8192];
    private int length;

    Scratch clear() {
        length = 0;
        return this;
    }

    Scratch text(byte[] ascii) {
        return bytes(ascii, 0, ascii.length);
    }

    @SuppressWarnings("deprecation")
    Scratch text(String ascii) {
        int count = ascii.length();
        room(count);
        // The fastest way for ASCII: no charset, no intermediate array.
        ascii.getBytes(0, count, bytes, length);
        length += count;
        return this;
    }

    /** Text of people, which may hold anything. */
    Scratch utf8(String text) {
        return text(text.getBytes(StandardCharsets.UTF_8));
    }

    Scratch bytes(byte[] source, int from, int to) {
        int count = to - from;
        room(count);
        System.arraycopy(source, from, bytes, length, count);
        length += count;
        return this;
    }

    Scratch one(byte b) {
        room(1);
        bytes[length++] = b;
        return this;
    }

    Scratch decimal(long number) {
        room(20);
        int at = length;
        long rest = number;
        do {
            bytes[at++] = (byte) ('0' + rest % 10);
            rest /= 10;
        } while (rest > 0);
        for (int left = length, right = at - 1; left < right; left++, right--) {
            byte other = bytes[left];
            bytes[left] = bytes[right];
            bytes[right] = other;
        }
        length = at;
        return this;
    }

    /** All 16 digits. */
    Scratch hex(long number) {
        room(16);
        for (int shift = 60; shift >= 0; shift -= 4) {
            bytes[length++] = HEX[(int) (number >>> shift) & 15];
        }
        return this;
    }

    Scratch lineEnd() {
        room(2);
        bytes[length++] = Ascii.CR;
        bytes[length++] = Ascii.LF;
        return this;
    }

    int length() {
        return length;
    }

    /** What was written, in a buffer with room for more. */
    ByteBuf buffer(ByteBufAllocator allocator, int more) {
        ByteBuf buffer = allocator.ioBuffer(length + more);
        return buffer.writeBytes(bytes, 0, length);
    }

    private void room(int count) {
        if (length + count > bytes.length) {
            bytes = Arrays.copyOf(bytes, Math.max(bytes.length * 2, length + count));
        }
    }
}
