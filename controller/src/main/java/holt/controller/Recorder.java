package holt.controller;

import holt.kernel.Brain;
import holt.kernel.Cluster;
import holt.kernel.ClusterSettings;
import holt.kernel.ClusterView;
import holt.kernel.Effect;
import holt.kernel.IdSource;
import holt.kernel.Input;
import holt.model.ErrorCode;
import holt.model.Problem;
import holt.model.ProblemException;
import holt.model.Truth;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.nio.file.attribute.PosixFilePermissions;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/**
 * Writes down what the cluster's brains begin with, what they are told and when, and what they decide: a line of JSON
 * each, that {@link Replay} goes through again. Each start of the controller goes on in the same file, which only its
 * owner can read. It holds no secret: tokens never reach a brain, environments only sealed.
 *
 * <p>Recording never disturbs what is recorded: where the file is full or cannot be written, it stops and says so. One
 * thread at a time uses it, the control loop's.
 */
final class Recorder implements AutoCloseable {
    static final long MAX_BYTES = 256L << 20;

    private static final System.Logger LOG = System.getLogger(Recorder.class.getName());

    private final Path file;
    private final FileChannel channel;
    private final long maxBytes;
    private long bytes;
    private boolean stopped;

    private Recorder(Path file, FileChannel channel, long maxBytes) throws IOException {
        this.file = file;
        this.channel = channel;
        this.maxBytes = maxBytes;
        this.bytes = channel.size();
    }

    /**
     * Goes on with a recording, or begins it.
     *
     * @param maxBytes size at which recording stops
     * @throws ProblemException {@code parameter-invalid} where the file cannot be written
     */
    static Recorder open(Path file, long maxBytes) {
        try {
            FileChannel channel = FileChannel.open(
                    file,
                    Set.of(StandardOpenOption.CREATE, StandardOpenOption.READ, StandardOpenOption.WRITE),
                    PosixFilePermissions.asFileAttribute(PosixFilePermissions.fromString("rw-------")));
            cutTornLine(channel);
            return new Recorder(file, channel, maxBytes);
        } catch (IOException fault) {
            throw new ProblemException(
                    Problem.of(ErrorCode.PARAMETER_INVALID, "The recording '" + file + "' cannot be written: " + fault)
                            .remedy("Choose another file with debug.record, or none."),
                    fault);
        }
    }

    /** A server that was killed may have left part of a line. */
    private static void cutTornLine(FileChannel channel) throws IOException {
        ByteBuffer one = ByteBuffer.allocate(1);
        long end = channel.size();
        while (end > 0) {
            channel.read(one.clear(), end - 1);
            if (one.get(0) == '\n') {
                break;
            }
            end--;
        }
        channel.truncate(end);
        channel.position(end);
    }

    /** A brain like any other, all of whose doings are written down. */
    Brain brain(Truth truth, String epoch, ClusterSettings settings, IdSource ids) {
        return new Recorded(truth, epoch, settings, ids);
    }

    private final class Recorded implements Brain {
        private final Truth truth;
        private final String epoch;
        private final ClusterSettings settings;
        private final Cluster cluster;
        private List<String> drawn = new ArrayList<>();

        Recorded(Truth truth, String epoch, ClusterSettings settings, IdSource ids) {
            this.truth = truth;
            this.epoch = epoch;
            this.settings = settings;
            this.cluster = new Cluster(truth, epoch, settings, () -> {
                String id = ids.next();
                drawn.add(id);
                return id;
            });
        }

        @Override
        public List<Effect> start(Instant now) {
            return recorded(
                    () -> cluster.start(now),
                    (effects, fault) -> new RecordedLine.Begin(
                            RecordedLine.FORMAT, now, epoch, settings, truth, takeIds(), effects, fault));
        }

        @Override
        public List<Effect> handle(Input input, Instant at) {
            return recorded(
                    () -> cluster.handle(input, at),
                    (effects, fault) -> new RecordedLine.Step(at, input, takeIds(), effects, fault));
        }

        @Override
        public ClusterView snapshot() {
            return cluster.snapshot();
        }

        private List<String> takeIds() {
            List<String> taken = drawn;
            drawn = new ArrayList<>();
            return taken;
        }

        private List<Effect> recorded(Supplier<List<Effect>> decision, LineMaker line) {
            try {
                List<Effect> effects = decision.get();
                write(line.line(effects, null));
                return effects;
            } catch (RuntimeException fault) {
                write(line.line(List.of(), fault.toString()));
                throw fault;
            }
        }
    }

    @FunctionalInterface
    private interface LineMaker {
        RecordedLine line(List<Effect> effects, @Nullable String fault);
    }

    private void write(RecordedLine line) {
        if (stopped) {
            return;
        }
        try {
            byte[] text = (RecordingCodec.text(line) + "\n").getBytes(StandardCharsets.UTF_8);
            if (bytes + text.length > maxBytes) {
                stop("full");
                return;
            }
            ByteBuffer left = ByteBuffer.wrap(text);
            while (left.hasRemaining()) {
                channel.write(left);
            }
            bytes += text.length;
        } catch (IOException | RuntimeException fault) {
            stop(fault.toString());
        }
    }

    private void stop(String reason) {
        stopped = true;
        LOG.log(
                System.Logger.Level.WARNING,
                "event=recording-stopped file=\"{0}\" bytes={1,number,#} reason=\"{2}\"",
                file,
                bytes,
                reason);
    }

    @Override
    public void close() {
        stopped = true;
        try {
            channel.close();
        } catch (IOException fault) {
            LOG.log(System.Logger.Level.WARNING, "event=recording-not-closed reason=\"{0}\"", fault.getMessage());
        }
    }
}
