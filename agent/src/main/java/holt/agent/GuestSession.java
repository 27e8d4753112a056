package holt.agent;

import holt.model.AccessApi;
import holt.model.AgentRequest;
import holt.model.ErrorCode;
import holt.model.Frame;
import holt.model.Json;
import holt.model.Problem;
import java.io.IOException;
import java.io.InputStream;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/**
 * One program run inside an instance for somebody elsewhere: carries its streams until it ends or the other side is gone,
 * and then ends it with all it began. What reads and writes its pipes are platform threads, because they wait in the kernel.
 */
final class GuestSession implements AccessDesk.Session {
    private static final System.Logger LOG = System.getLogger(GuestSession.class.getName());
    private static final long IDLE_NANOS = TimeUnit.SECONDS.toNanos(2);
    private static final long LOOK_MILLIS = 50;

    private final AccessDesk desk;
    private final AccessDesk.SessionStream stream;
    private final AgentRequest.Run run;
    private final InstanceStatus instance;

    GuestSession(AccessDesk desk, AccessDesk.SessionStream stream, AgentRequest.Run run, InstanceStatus instance) {
        this.desk = desk;
        this.stream = stream;
        this.run = run;
        this.instance = instance;
    }

    @Override
    public void run() {
        try (Guest guest = desk.enter(run, instance)) {
            stream.whenBroken(() -> endGuest(guest));
            carry(guest);
        } catch (IOException fault) {
            fail(fault);
        } catch (InterruptedException stop) {
            Thread.currentThread().interrupt();
        }
    }

    private static void endGuest(Guest guest) {
        try {
            guest.end();
        } catch (InterruptedException stop) {
            Thread.currentThread().interrupt();
        }
    }

    private void fail(IOException fault) {
        LOG.log(System.Logger.Level.INFO, "event=session-failed instance={0} reason=\"{1}\"", instance.key(), fault);
        Problem problem = Problem.of(
                ErrorCode.PROCESS_NOT_RUNNING,
                "The command could not be begun in the instance: " + fault.getMessage() + ".");
        try {
            stream.finish(new Frame(Frame.Kind.FAILED, Json.bytes(problem)));
        } catch (IOException gone) {
            LOG.log(System.Logger.Level.DEBUG, "event=session-gone reason=\"{0}\"", gone.getMessage());
        } catch (InterruptedException stop) {
            Thread.currentThread().interrupt();
        }
    }

    private void carry(Guest guest) throws IOException, InterruptedException {
        stream.send(new Frame(
                Frame.Kind.STARTED,
                Json.bytes(new AccessApi.Started(
                        instance.spec().pid(), instance.spec().index()))));
        if (!run.input()) {
            guest.endInput();
        }
        Thread.ofPlatform().daemon().name("holt-session-input").start(() -> takeInput(guest));
        List<Pump> pumps = Stream.of(
                        pump(Frame.Kind.OUTPUT, guest.output()), pump(Frame.Kind.ERROR_OUTPUT, guest.errors()))
                .flatMap(Stream::ofNullable)
                .toList();
        int status = guest.waitFor();
        for (Pump pump : pumps) {
            pump.awaitEnd();
        }
        stream.finish(Frame.exited(status));
    }

    private @Nullable Pump pump(Frame.Kind kind, @Nullable InputStream from) {
        return from == null ? null : new Pump(kind, from);
    }

    private void takeInput(Guest guest) {
        boolean takes = run.input();
        try {
            while (true) {
                Frame frame = stream.receive();
                switch (frame.kind()) {
                    case INPUT -> takes = takes && isTaken(guest, frame.content());
                    case INPUT_END -> guest.endInput();
                    case RESIZE -> guest.resize(frame.pair(0), frame.pair(2));
                    case STARTED, OUTPUT, OUTPUT_END, ERROR_OUTPUT, EXITED, FAILED, ALIVE -> {}
                }
            }
        } catch (IOException ended) {
            LOG.log(System.Logger.Level.DEBUG, "event=session-input-ended reason=\"{0}\"", ended.getMessage());
        } catch (InterruptedException stop) {
            Thread.currentThread().interrupt();
        }
    }

    /** A program need not read all that is sent; the rest is dropped, as by a pipe. */
    private static boolean isTaken(Guest guest, byte[] content) {
        try {
            guest.input().write(content);
            guest.input().flush();
            return true;
        } catch (IOException closed) {
            return false;
        }
    }

    @Override
    public void end(String reason) {
        stream.end(reason);
    }

    /** Carries one stream of output. */
    private final class Pump {
        private final Frame.Kind kind;
        private final InputStream from;
        private final Thread thread;
        /** When it began to wait for output; 0 while it does not. Written by the thread, read by who waits for it. */
        private volatile long waitingSince;

        Pump(Frame.Kind kind, InputStream from) {
            this.kind = kind;
            this.from = from;
            this.thread =
                    Thread.ofPlatform().daemon().name("holt-session-output").start(this::carry);
        }

        private void carry() {
            byte[] buffer = new byte[Frame.MAX_CONTENT];
            try {
                for (int count = read(buffer); count >= 0; count = read(buffer)) {
                    stream.send(Frame.of(kind, buffer, count));
                }
            } catch (IOException ended) {
                LOG.log(System.Logger.Level.DEBUG, "event=session-output-ended reason=\"{0}\"", ended.getMessage());
            } catch (InterruptedException stop) {
                Thread.currentThread().interrupt();
            }
        }

        private int read(byte[] buffer) throws IOException {
            waitingSince = System.nanoTime() | 1;
            int count = from.read(buffer);
            waitingSince = 0;
            return count;
        }

        /** To the end of its output; what hid from the guest's end may keep that open, and is not waited for. */
        void awaitEnd() throws InterruptedException {
            while (!thread.join(java.time.Duration.ofMillis(LOOK_MILLIS))) {
                long since = waitingSince;
                if (since != 0 && System.nanoTime() - since > IDLE_NANOS) {
                    return;
                }
            }
        }
    }
}
