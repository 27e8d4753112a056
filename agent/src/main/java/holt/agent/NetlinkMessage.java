package holt.agent;

import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;

/**
 * One request to the kernel's routing socket, written field by field (rtnetlink(7), linux/rtnetlink.h). Lengths are
 * filled in when it is closed. Mutable; one thread.
 */
final class NetlinkMessage {
    static final int NEW_LINK = 16;
    static final int DELETE_LINK = 17;
    static final int NEW_ADDRESS = 20;
    static final int NEW_ROUTE = 24;
    static final int NEW_NEIGHBOUR = 28;
    static final int ERROR = 2;
    static final int HEADER = 16;

    static final int REQUEST_ACKNOWLEDGED = 1 | 4;
    static final int CREATE = 0x400 | 0x200;
    static final int CREATE_OR_REPLACE = 0x400 | 0x100;

    private static final int ALIGNMENT = 4;
    private static final int CAPACITY = 512;
    private static final int NESTED = 0x8000;

    private final ByteBuffer buffer = ByteBuffer.allocate(CAPACITY).order(ByteOrder.nativeOrder());

    NetlinkMessage(int type, int flags) {
        buffer.putInt(0).putShort((short) type).putShort((short) (REQUEST_ACKNOWLEDGED | flags));
        buffer.putInt(0).putInt(0);
    }

    NetlinkMessage bytes(int... values) {
        for (int value : values) {
            buffer.put((byte) value);
        }
        return this;
    }

    NetlinkMessage number(int value) {
        buffer.putInt(value);
        return this;
    }

    NetlinkMessage shortNumber(int value) {
        buffer.putShort((short) value);
        return this;
    }

    /** struct ifinfomsg. */
    NetlinkMessage link(int index, int flags, int change) {
        return number(0).number(index).number(flags).number(change);
    }

    NetlinkMessage attribute(int type, byte[] value) {
        buffer.putShort((short) (ALIGNMENT + value.length))
                .putShort((short) type)
                .put(value);
        return align();
    }

    NetlinkMessage attribute(int type, int value) {
        buffer.putShort((short) (ALIGNMENT + Integer.BYTES))
                .putShort((short) type)
                .putInt(value);
        return this;
    }

    NetlinkMessage attribute(int type, String value) {
        return attribute(type, (value + "\0").getBytes(StandardCharsets.US_ASCII));
    }

    /** An address, which travels with its highest byte first. */
    NetlinkMessage address(int type, int address) {
        return attribute(
                type, ByteBuffer.allocate(Integer.BYTES).putInt(address).array());
    }

    /** Begins an attribute that holds others; {@link #end} wants what this returns. */
    int begin(int type) {
        int start = buffer.position();
        buffer.putShort((short) 0).putShort((short) (type | NESTED));
        return start;
    }

    NetlinkMessage end(int start) {
        buffer.putShort(start, (short) (buffer.position() - start));
        return this;
    }

    private NetlinkMessage align() {
        while (buffer.position() % ALIGNMENT != 0) {
            buffer.put((byte) 0);
        }
        return this;
    }

    /** The finished message. */
    byte[] finish(int sequence) {
        buffer.putInt(0, buffer.position()).putInt(8, sequence);
        byte[] bytes = new byte[buffer.position()];
        buffer.get(0, bytes);
        return bytes;
    }
}
