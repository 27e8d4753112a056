package holt.agent;

import static java.lang.foreign.ValueLayout.ADDRESS;
import static java.lang.foreign.ValueLayout.JAVA_BYTE;
import static java.lang.foreign.ValueLayout.JAVA_INT;
import static java.lang.foreign.ValueLayout.JAVA_LONG;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.lang.invoke.MethodHandle;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.util.List;

/**
 * A socket to the kernel's routing tables: what {@code ip} does, without starting a program each time. It speaks to the
 * network namespace it was made in, whatever namespace its user is in later. One thread at a time.
 */
final class Netlink implements AutoCloseable {
    static final int ENODEV = 19;

    private static final int AF_NETLINK = 16;
    private static final int SOCK_RAW_CLOEXEC = 3 | Native.O_CLOEXEC;
    private static final int NETLINK_ROUTE = 0;
    private static final int ANSWER_BYTES = 16_384;

    private static final MethodHandle SOCKET = Native.handle("socket", JAVA_INT, JAVA_INT, JAVA_INT, JAVA_INT);
    private static final MethodHandle SEND = Native.handle("send", JAVA_LONG, JAVA_INT, ADDRESS, JAVA_LONG, JAVA_INT);
    private static final MethodHandle RECEIVE =
            Native.handle("recv", JAVA_LONG, JAVA_INT, ADDRESS, JAVA_LONG, JAVA_INT);
    private static final MethodHandle INDEX = Native.handle("if_nametoindex", JAVA_INT, ADDRESS);

    private final int socket;
    private int sequence;

    private Netlink(int socket) {
        this.socket = socket;
    }

    /** A socket to the namespace the calling thread is in. */
    static Netlink open() throws IOException {
        try (Arena arena = Arena.ofConfined()) {
            MemorySegment state = Native.state(arena);
            return new Netlink(Native.checked(
                    "socket", state, (int) SOCKET.invokeExact(state, AF_NETLINK, SOCK_RAW_CLOEXEC, NETLINK_ROUTE)));
        } catch (Throwable fault) {
            throw Native.rethrown(fault);
        }
    }

    /** The number of a network device in the calling thread's namespace. */
    static int index(String device) throws IOException {
        try (Arena arena = Arena.ofConfined()) {
            MemorySegment state = Native.state(arena);
            int index = (int) INDEX.invokeExact(state, arena.allocateFrom(device));
            return Native.checked("if_nametoindex " + device, state, index == 0 ? -1 : index);
        } catch (Throwable fault) {
            throw Native.rethrown(fault);
        }
    }

    /**
     * Sends requests in one go and returns when the kernel has carried out all of them.
     *
     * @param what they are for, as it is told when one of them fails
     */
    void request(String what, List<NetlinkMessage> messages) throws IOException {
        ByteArrayOutputStream all = new ByteArrayOutputStream();
        int first = sequence + 1;
        for (NetlinkMessage each : messages) {
            all.writeBytes(each.finish(++sequence));
        }
        try (Arena arena = Arena.ofConfined()) {
            MemorySegment state = Native.state(arena);
            MemorySegment bytes = arena.allocateFrom(JAVA_BYTE, all.toByteArray());
            Native.checked(what, state, (int) (long) SEND.invokeExact(state, socket, bytes, (long) all.size(), 0));
            readAnswers(what, first, messages.size(), state, arena.allocate(ANSWER_BYTES, Long.BYTES));
        } catch (Throwable fault) {
            throw Native.rethrown(fault);
        }
    }

    private void readAnswers(String what, int first, int expected, MemorySegment state, MemorySegment space)
            throws Throwable {
        int error = 0;
        for (int answers = 0; answers < expected; ) {
            int length = Native.checked(
                    what, state, (int) (long) RECEIVE.invokeExact(state, socket, space, (long) ANSWER_BYTES, 0));
            ByteBuffer buffer = space.asSlice(0, length).asByteBuffer().order(ByteOrder.nativeOrder());
            for (int at = 0; at + NetlinkMessage.HEADER <= length; at += Math.max(4, (buffer.getInt(at) + 3) & ~3)) {
                if (buffer.getShort(at + 4) == NetlinkMessage.ERROR && buffer.getInt(at + 8) - first >= 0) {
                    answers++;
                    error = error == 0 ? -buffer.getInt(at + NetlinkMessage.HEADER) : error;
                }
            }
        }
        if (error != 0) {
            throw new Native.CallFailed(what, error);
        }
    }

    @Override
    public void close() throws IOException {
        Native.close(socket);
    }
}
