package holt.agent;

import holt.bus.Bus;
import holt.bus.Message;
import holt.bus.stream.BusStream;
import holt.model.AgentReply;
import holt.model.AgentRequest;
import holt.model.Frame;
import holt.model.Json;
import holt.model.Subjects;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;
import java.util.Optional;
import java.util.UUID;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.LockSupport;
import java.util.regex.Pattern;

/**
 * The sessions in which people work inside this host's instances: bounds their number, begins them, and ends them with
 * their instance. Any thread.
 */
final class AccessDesk implements AutoCloseable {
    static final int MOST_OF_AN_INSTANCE = 16;
    static final int MOST = 256;

    private static final System.Logger LOG = System.getLogger(AccessDesk.class.getName());
    private static final long PATIENCE_NANOS = TimeUnit.SECONDS.toNanos(5);
    private static final long PAUSE_NANOS = TimeUnit.MILLISECONDS.toNanos(10);
    private static final Pattern SESSION = Pattern.compile("[A-Za-z0-9-]{16,64}");

    private final Bus bus;
    private final Backend backend;
    private final InstanceRunner runner;
    private final Path marks;
    private final Map<String, Entry> sessions = new ConcurrentHashMap<>();
    /** Written once, by the thread that closes; read by all. */
    private volatile boolean closed;

    private record Entry(InstanceKey key, Session session) {}

    /** One session that was begun. */
    interface Session {
        /** Runs it to its end. */
        void run();

        /** Ends it soon. */
        void end(String reason);
    }

    /** @param home where it is written down which guests there are, for the next agent */
    AccessDesk(Path home, Bus bus, Backend backend, InstanceRunner runner) throws IOException {
        this.bus = bus;
        this.backend = backend;
        this.runner = runner;
        this.marks = Folders.createPrivate(home.resolve("sessions"));
        endLeftBehind();
    }

    /** An agent that was killed left its guests where they are. */
    private void endLeftBehind() throws IOException {
        for (Path each : Folders.list(marks)) {
            Optional<InstanceKey> key = InstanceKey.parse(Files.readString(each));
            if (key.isPresent()) {
                backend.endGuest(runner.folder(key.get()), String.valueOf(each.getFileName()));
            }
            Files.delete(each);
        }
    }

    void receive(Message message, AgentRequest.Enter enter) {
        Thread.startVirtualThread(() -> message.reply(Json.bytes(begin(enter))));
    }

    private AgentReply begin(AgentRequest.Enter enter) {
        if (!SESSION.matcher(enter.session()).matches()) {
            return new AgentReply.Refused("the session's id cannot be used");
        }
        InstanceKey key = new InstanceKey(enter.pid(), enter.incarnation());
        InstanceFolder folder = runner.folder(key);
        try {
            Optional<InstanceStatus> status = folder.status();
            if (status.isEmpty() || status.get().isExited()) {
                return new AgentReply.Refused("it does not run on this host");
            }
            return admit(enter, key, status.get());
        } catch (IOException | RuntimeException fault) {
            LOG.log(System.Logger.Level.WARNING, "event=session-refused instance=" + key, fault);
            return new AgentReply.Refused("its host failed to begin a session: " + fault.getMessage());
        }
    }

    private AgentReply admit(AgentRequest.Enter enter, InstanceKey key, InstanceStatus status) {
        if (sessions.containsKey(enter.session())) {
            return new AgentReply.Accepted(); // asked twice
        }
        long here = sessions.values().stream()
                .filter(entry -> entry.key().equals(key))
                .count();
        if (here >= MOST_OF_AN_INSTANCE || sessions.size() >= MOST) {
            return new AgentReply.Refused("it has " + here + " sessions, its host " + sessions.size() + "; at most "
                    + MOST_OF_AN_INSTANCE + " and " + MOST + " can be open");
        }
        SessionStream stream = new SessionStream(enter.session(), bus);
        Session session = switch (enter.errand()) {
            case AgentRequest.Run run -> new GuestSession(this, stream, run, status);
            case AgentRequest.Connect connect ->
                new PortSession(stream, () -> backend.connect(runner.folder(key), connect.port()), connect);
        };
        sessions.put(enter.session(), new Entry(key, session));
        LOG.log(System.Logger.Level.INFO, "event=session-begins instance={0} session={1}", key, enter.session());
        Thread.ofVirtual().name("holt-session").start(() -> run(enter.session(), session, stream));
        return new AgentReply.Accepted();
    }

    private void run(String id, Session session, SessionStream stream) {
        try {
            if (!closed) {
                session.run();
            }
        } catch (RuntimeException fault) {
            LOG.log(System.Logger.Level.ERROR, "event=session-fault session=" + id, fault);
        } finally {
            stream.close();
            sessions.remove(id);
            LOG.log(System.Logger.Level.INFO, "event=session-ended session={0}", id);
        }
    }

    /** Begins a guest and writes down that it is there, so that no agent's end leaves it behind. */
    Guest enter(AgentRequest.Run run, InstanceStatus status) throws IOException {
        String mark = UUID.randomUUID().toString();
        Path note = Files.writeString(marks.resolve(mark), status.key().toString());
        try {
            Guest guest = backend.enter(new Guest.Wish(
                    runner.start(status.spec()),
                    run.command(),
                    runner.opened(run.environment()),
                    run.directory(),
                    run.terminal(),
                    mark));
            guest.whenClosed(() -> Files.deleteIfExists(note));
            return guest;
        } catch (IOException | RuntimeException fault) {
            Files.deleteIfExists(note);
            throw fault;
        }
    }

    /** An instance has ended, and its sessions end with it. */
    void ended(InstanceKey key) {
        sessions.values().stream()
                .filter(entry -> entry.key().equals(key))
                .forEach(entry -> entry.session().end("the instance has ended"));
    }

    /** How many sessions are open. */
    int open() {
        return sessions.size();
    }

    /** Ends all sessions and waits for that: unlike instances, guests do not go on without their agent. */
    @Override
    public void close() {
        closed = true;
        sessions.values().forEach(entry -> entry.session().end("the agent stops"));
        long limit = System.nanoTime() + PATIENCE_NANOS;
        while (!sessions.isEmpty() && System.nanoTime() < limit) {
            LockSupport.parkNanos(PAUSE_NANOS);
        }
    }

    /** What a stream carries, as frames. */
    static final class SessionStream implements AutoCloseable {
        private static final java.time.Duration FAREWELL = java.time.Duration.ofSeconds(12);

        private final BusStream stream;
        private volatile Runnable broken = () -> {};
        private volatile boolean isBroken;

        SessionStream(String id, Bus bus) {
            stream = new BusStream(bus, Subjects.session(id, true), Subjects.session(id, false), this::breaks);
        }

        private void breaks() {
            isBroken = true;
            broken.run();
        }

        /** What is to be done when the stream ends, whoever ends it; at once where it has ended. */
        void whenBroken(Runnable action) {
            broken = action;
            if (isBroken) {
                action.run();
            }
        }

        void send(Frame frame) throws IOException, InterruptedException {
            stream.send(frame.bytes());
        }

        Frame receive() throws IOException, InterruptedException {
            try {
                return Frame.read(stream.receive());
            } catch (IllegalArgumentException strange) {
                throw new IOException(strange.getMessage(), strange);
            }
        }

        /** Says the last word and waits until it was heard. */
        void finish(Frame last) throws IOException, InterruptedException {
            send(last);
            stream.drain(FAREWELL);
        }

        void end(String reason) {
            stream.end(reason);
        }

        @Override
        public void close() {
            stream.close();
        }
    }
}
