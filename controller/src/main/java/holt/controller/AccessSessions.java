package holt.controller;

import holt.bus.Bus;
import holt.bus.stream.BusStream;
import holt.model.AccessApi;
import holt.model.AgentReply;
import holt.model.AgentRequest;
import holt.model.ErrorCode;
import holt.model.Frame;
import holt.model.Json;
import holt.model.Problem;
import holt.model.ProblemException;
import holt.model.Process;
import holt.model.Subjects;
import java.io.IOException;
import java.time.Duration;
import java.util.Set;
import java.util.UUID;
import java.util.concurrent.CompletionException;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.Semaphore;
import java.util.concurrent.TimeUnit;
import tools.jackson.core.JacksonException;

/** All sessions of people with instances: bounds their number, begins them, and ends them with the server. Any thread. */
final class AccessSessions implements AutoCloseable {
    static final int MOST = 512;

    private static final System.Logger LOG = System.getLogger(AccessSessions.class.getName());
    private static final Duration ANSWER = Duration.ofSeconds(10);
    private static final Duration BEGIN = Duration.ofSeconds(20);
    private static final int UPGRADE_SECONDS = 15;

    private final Bus bus;
    private final Semaphore places = new Semaphore(MOST);
    private final Set<SessionConnection> open = ConcurrentHashMap.newKeySet();
    /** Written once, by the thread that closes; read by all. */
    private volatile boolean closed;

    AccessSessions(Bus bus) {
        this.bus = bus;
    }

    /**
     * Begins a session at the agent and upgrades the caller's connection to it.
     *
     * @param note is run when the session has begun and before the caller is told; where it throws, the session ends
     */
    void open(Call call, Process process, AgentRequest.Errand errand, Runnable note) {
        if (closed || !places.tryAcquire()) {
            throw Problem.of(ErrorCode.UNAVAILABLE, "No further session can be opened now.")
                    .expected("at most " + MOST + " sessions at once", null)
                    .remedy("Close one, or try again later.")
                    .exception();
        }
        String id = UUID.randomUUID().toString();
        BusStream stream = new BusStream(bus, Subjects.session(id, false), Subjects.session(id, true), () -> {});
        boolean handedOver = false;
        try {
            begin(stream, id, process, errand);
            note.run();
            Frame started =
                    new Frame(Frame.Kind.STARTED, Json.bytes(new AccessApi.Started(process.pid(), process.index())));
            call.upgrade(AccessApi.PROTOCOL, (endPoint, executor) -> keep(endPoint, executor, stream, started));
            handedOver = true;
        } finally {
            if (!handedOver) {
                stream.end("the caller was refused");
                places.release();
            }
        }
    }

    private SessionConnection keep(
            org.eclipse.jetty.io.EndPoint endPoint,
            java.util.concurrent.Executor executor,
            BusStream stream,
            Frame started) {
        SessionConnection[] made = new SessionConnection[1];
        SessionConnection connection = new SessionConnection(endPoint, executor, stream, started, () -> {
            open.remove(made[0]);
            places.release();
        });
        made[0] = connection;
        open.add(connection);
        if (closed) {
            connection.end("the server stops");
        }
        Thread.startVirtualThread(() -> expectUpgrade(connection));
        return connection;
    }

    /** A caller can be gone before he is told, and then nothing is ever opened. */
    private static void expectUpgrade(SessionConnection connection) {
        try {
            TimeUnit.SECONDS.sleep(UPGRADE_SECONDS);
            if (!connection.isOpen()) {
                connection.end("the caller was gone before it began");
            }
        } catch (InterruptedException stop) {
            Thread.currentThread().interrupt();
        }
    }

    private void begin(BusStream stream, String id, Process process, AgentRequest.Errand errand) {
        AgentRequest.Enter enter = new AgentRequest.Enter(process.pid(), process.incarnation(), id, errand);
        String host = process.host();
        String refusal = ask(host == null ? "" : host, enter);
        if (!refusal.isEmpty()) {
            throw Problem.of(ErrorCode.PROCESS_NOT_RUNNING, "The instance cannot be entered: " + refusal + ".")
                    .exception();
        }
        try {
            Frame first = stream.receive(BEGIN)
                    .map(Frame::read)
                    .orElseThrow(() -> new IOException("its host did not begin within " + BEGIN.toSeconds() + " s"));
            if (first.kind() == Frame.Kind.FAILED) {
                throw problem(first).exception();
            }
        } catch (IOException | IllegalArgumentException broken) {
            throw new ProblemException(
                    Problem.of(ErrorCode.UNAVAILABLE, "The instance cannot be entered: " + broken.getMessage() + "."),
                    broken);
        } catch (InterruptedException stop) {
            Thread.currentThread().interrupt();
            throw new ProblemException(Problem.of(ErrorCode.UNAVAILABLE, "The server stops."), stop);
        }
    }

    private String ask(String host, AgentRequest.Enter enter) {
        try {
            AgentReply reply = bus.request(Subjects.agent(host), Json.bytes(enter), ANSWER)
                    .thenApply(answer -> Json.read(answer, AgentReply.class))
                    .join();
            String refusal = Asker.refusal(reply, null);
            return refusal == null ? "" : refusal;
        } catch (CompletionException fault) {
            throw new ProblemException(
                    Problem.of(
                            ErrorCode.UNAVAILABLE,
                            "The instance cannot be entered: " + Asker.refusal(null, fault) + "."),
                    fault);
        }
    }

    /** What an agent says went wrong. */
    static Problem problem(Frame failed) {
        try {
            return Json.read(failed.content(), Problem.class);
        } catch (JacksonException strange) {
            LOG.log(System.Logger.Level.WARNING, "event=session-problem-unreadable", strange);
            return Problem.of(ErrorCode.UNAVAILABLE, "The instance's host failed, and did not say how.");
        }
    }

    /** Ends all sessions. */
    @Override
    public void close() {
        closed = true;
        open.forEach(connection -> connection.end("the server stops"));
    }
}
