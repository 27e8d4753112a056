package holt.agent;

import holt.model.LogLine;
import holt.model.ProcessSpec;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.time.InstantSource;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Deque;
import java.util.List;
import java.util.Locale;
import java.util.concurrent.locks.ReentrantLock;
import java.util.function.Consumer;

/**
 * Reads what one instance writes, from where the last agent stopped, and passes it on line by line. A flood costs
 * bounded disk, memory and cpu: what cannot be passed on in time is skipped and told of, and what was read gives its
 * disk blocks back. Guarded by its lock.
 */
final class LogTail implements AutoCloseable {
    static final long MAX_BACKLOG_BYTES = 2 << 20;
    static final long MAX_KEPT_BYTES = 8 << 20;
    private static final int CHUNK_BYTES = 256 << 10;
    private static final int KEPT_LINES = 20;
    private static final int MAX_BATCH_CHARS = 256 << 10;
    private static final long WHOLE_FILE = 1L << 40;
    private static final int LAST_LINES_BYTES = 16 << 10;
    private static final int TOLD_EVERY_SECONDS = 1;
    private static final int REMEMBERED_BYTES = 16;

    private final ProcessSpec spec;
    private final InstantSource clock;
    private final Consumer<LogLine.Batch> sink;
    private final ReentrantLock lock = new ReentrantLock();
    private final List<Stream> streams;
    private final FileChannel offsets;
    private final FloodGate gate;
    private final Deque<String> last = new ArrayDeque<>();
    private List<LogLine> batch = new ArrayList<>();
    private int batchChars;
    private long droppedBytes;
    private long passedBytes;
    private long passedLines;
    private long toldNanos;

    /** One file of output. */
    private static final class Stream {
        private final String name;
        private final Path path;
        private final FileChannel channel;
        private long offset;
        private long punched;
        private byte[] before = new byte[0];

        Stream(String name, Path path) throws IOException {
            this.name = name;
            this.path = path;
            this.channel = FileChannel.open(path, StandardOpenOption.READ);
        }
    }

    LogTail(ProcessSpec spec, InstanceFolder folder, InstantSource clock, Consumer<LogLine.Batch> sink)
            throws IOException {
        this.spec = spec;
        this.clock = clock;
        this.sink = sink;
        this.gate = new FloodGate(System.nanoTime());
        List<Stream> opened = new ArrayList<>();
        for (String name : InstanceFolder.STREAMS) {
            opened.add(new Stream(name, folder.output(name)));
        }
        streams = List.copyOf(opened);
        offsets = FileChannel.open(
                folder.path().resolve("offsets"),
                StandardOpenOption.CREATE,
                StandardOpenOption.READ,
                StandardOpenOption.WRITE);
        loadOffsets();
    }

    private void loadOffsets() throws IOException {
        ByteBuffer buffer = ByteBuffer.allocate(Long.BYTES * streams.size());
        if (offsets.read(buffer, 0) < buffer.capacity()) {
            return;
        }
        buffer.flip();
        for (Stream stream : streams) {
            stream.offset = Math.max(0, buffer.getLong());
            stream.punched = Math.max(0, stream.offset - MAX_KEPT_BYTES);
            stream.before = bytesBefore(stream);
            long from = Math.max(0, stream.offset - LAST_LINES_BYTES);
            byte[] bytes = new byte[(int) (stream.offset - from)];
            int length = stream.channel.read(ByteBuffer.wrap(bytes), from);
            LineCutter.cut(bytes, Math.max(0, length), Integer.MAX_VALUE, false)
                    .lines()
                    .forEach(this::keep);
        }
    }

    private void saveOffsets() throws IOException {
        ByteBuffer buffer = ByteBuffer.allocate(Long.BYTES * streams.size());
        streams.forEach(stream -> buffer.putLong(stream.offset));
        offsets.write(buffer.flip(), 0);
    }

    /** Passes on what is new, as far as the rate allows; returns whether something waits to be passed on later. */
    boolean advance() throws IOException {
        lock.lock();
        try {
            if (!offsets.isOpen()) {
                return false;
            }
            boolean waiting = false;
            for (Stream stream : streams) {
                waiting |= advance(stream, false);
            }
            tellDropped(false);
            flush();
            return waiting || droppedBytes > 0;
        } finally {
            lock.unlock();
        }
    }

    /** Passes on all that is left of an instance that has ended, and returns its last lines. */
    List<String> finish() throws IOException {
        lock.lock();
        try {
            if (offsets.isOpen()) {
                for (Stream stream : streams) {
                    skipBacklog(stream);
                    advance(stream, true);
                }
                tellDropped(true);
                flush();
            }
            return List.copyOf(last);
        } finally {
            lock.unlock();
        }
    }

    private boolean advance(Stream stream, boolean ended) throws IOException {
        long size = stream.channel.size();
        if (size < stream.offset || size > stream.offset && !Arrays.equals(stream.before, bytesBefore(stream))) {
            stream.offset = 0; // the program has truncated its own output, as "> /dev/stdout" in a shell does
            stream.punched = 0;
        }
        while (stream.offset < size) {
            int allowed = ended ? Integer.MAX_VALUE : gate.allowedLines(System.nanoTime());
            if (allowed == 0) {
                skipBacklog(stream);
                giveBack(stream);
                stream.before = bytesBefore(stream);
                return true;
            }
            if (!pass(stream, size, allowed, ended)) {
                break;
            }
        }
        giveBack(stream);
        stream.before = bytesBefore(stream);
        return false;
    }

    /** The last bytes that were read: others in their place tell that the file is not the same any more. */
    private static byte[] bytesBefore(Stream stream) throws IOException {
        byte[] bytes = new byte[(int) Math.min(REMEMBERED_BYTES, stream.offset)];
        stream.channel.read(ByteBuffer.wrap(bytes), stream.offset - bytes.length);
        return bytes;
    }

    /** Passes on lines of the next chunk; false where no line is complete. */
    private boolean pass(Stream stream, long size, int allowed, boolean ended) throws IOException {
        byte[] bytes = new byte[(int) Math.min(CHUNK_BYTES, size - stream.offset)];
        int length = stream.channel.read(ByteBuffer.wrap(bytes), stream.offset);
        boolean lastChunk = ended && stream.offset + length >= size;
        LineCutter.Cut cut = LineCutter.cut(bytes, Math.max(0, length), allowed, lastChunk);
        for (String line : cut.lines()) {
            keep(line);
            add(stream.name, line);
        }
        stream.offset += cut.bytes();
        gate.passed(cut.lines().size(), cut.bytes());
        passedBytes += cut.bytes();
        passedLines += cut.lines().size();
        return cut.bytes() > 0;
    }

    /** What the program wrote faster than it may is skipped, all but the newest part. */
    private void skipBacklog(Stream stream) throws IOException {
        long backlog = stream.channel.size() - stream.offset;
        if (backlog > MAX_BACKLOG_BYTES) {
            long skipped = backlog - CHUNK_BYTES;
            stream.offset += skipped;
            stream.before = bytesBefore(stream);
            droppedBytes += skipped;
        }
    }

    private void tellDropped(boolean now) {
        long nanos = System.nanoTime();
        if (droppedBytes == 0 || !now && nanos - toldNanos < TOLD_EVERY_SECONDS * 1_000_000_000L) {
            return;
        }
        toldNanos = nanos;
        long lines = Math.max(1, droppedBytes * Math.max(1, passedLines) / Math.max(1, passedBytes));
        add(
                "holt",
                String.format(
                        Locale.ROOT,
                        "about %,d lines dropped: the program writes more than %,d lines or 1 MiB a second",
                        lines,
                        FloodGate.LINES_PER_SECOND));
        droppedBytes = 0;
    }

    /** A line of the platform about this instance. */
    void say(String text) {
        lock.lock();
        try {
            add("holt", text);
            flush();
        } catch (IOException fault) {
            throw new java.io.UncheckedIOException("Offsets of the log cannot be kept", fault);
        } finally {
            lock.unlock();
        }
    }

    private void keep(String line) {
        if (last.size() == KEPT_LINES) {
            last.removeFirst();
        }
        last.addLast(line);
    }

    private void add(String stream, String line) {
        batch.add(new LogLine(clock.instant(), spec.app(), spec.index(), spec.pid(), stream, line));
        batchChars += line.length();
        if (batchChars >= MAX_BATCH_CHARS || batch.size() >= FloodGate.LINES_PER_SECOND) {
            send();
        }
    }

    private void send() {
        if (!batch.isEmpty()) {
            sink.accept(new LogLine.Batch(List.copyOf(batch)));
            batch = new ArrayList<>();
            batchChars = 0;
        }
    }

    private void flush() throws IOException {
        boolean something = !batch.isEmpty();
        send();
        if (something && offsets.isOpen()) {
            saveOffsets();
        }
    }

    /** The file's size goes on growing, but what was read takes no space any more. */
    private static void giveBack(Stream stream) throws IOException {
        if (stream.offset - stream.punched < MAX_KEPT_BYTES) {
            return;
        }
        if (stream.offset > WHOLE_FILE && stream.offset == stream.channel.size()) {
            Files.write(stream.path, new byte[0]);
            stream.offset = 0;
            stream.punched = 0;
            return;
        }
        int descriptor = Native.open(stream.path.toString(), Native.O_RDWR);
        try {
            Native.punchHole(descriptor, stream.offset - LAST_LINES_BYTES);
            stream.punched = stream.offset;
        } finally {
            Native.close(descriptor);
        }
    }

    @Override
    public void close() throws IOException {
        lock.lock();
        try {
            for (Stream stream : streams) {
                stream.channel.close();
            }
            offsets.close();
        } finally {
            lock.unlock();
        }
    }
}
