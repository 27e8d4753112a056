package holt.controller;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import holt.bus.stream.BusStream;
import holt.model.AccessApi;
import holt.model.AgentReply;
import holt.model.AgentRequest;
import holt.model.Api;
import holt.model.ErrorCode;
import holt.model.Event;
import holt.model.Frame;
import holt.model.Json;
import holt.model.Problem;
import holt.model.Subjects;
import java.io.BufferedInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.net.InetAddress;
import java.net.Socket;
import java.net.http.HttpResponse;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class AccessHandlersTest {
    private static final Duration PATIENCE = Duration.ofSeconds(20);

    @TempDir
    static Path home;

    private static TestPlatform platform;

    /** The agent's end of the last session. */
    private volatile @Nullable BusStream agent;

    private final CountDownLatch ended = new CountDownLatch(1);

    @BeforeAll
    static void start() throws Exception {
        platform = new TestPlatform(home);
        platform.push("shop");
        await().atMost(PATIENCE).until(() -> platform.app("shop").running() == 1);
    }

    @AfterAll
    static void stop() {
        platform.close();
    }

    @BeforeEach
    void letGuestsIn() {
        platform.agent.entering = this::enter;
    }

    private AgentReply enter(AgentRequest.Enter enter) {
        BusStream stream = new BusStream(
                platform.bus,
                Subjects.session(enter.session(), true),
                Subjects.session(enter.session(), false),
                ended::countDown);
        agent = stream;
        say(new Frame(Frame.Kind.STARTED, Json.bytes(new AccessApi.Started(0, 0))));
        return new AgentReply.Accepted();
    }

    private void say(Frame frame) {
        try {
            agent().send(frame.bytes());
        } catch (Exception broken) {
            throw new IllegalStateException(broken);
        }
    }

    private BusStream agent() {
        return java.util.Objects.requireNonNull(agent);
    }

    private Frame heard() throws Exception {
        return Frame.read(agent().receive(PATIENCE).orElseThrow());
    }

    /** A caller who was let in. */
    private record Caller(Socket socket, InputStream in, String head) implements AutoCloseable {
        void send(Frame frame) throws IOException {
            socket.getOutputStream().write(frame.onWire());
        }

        Frame next() throws IOException {
            Frame frame = Frame.read(in);
            while (frame != null && frame.kind() == Frame.Kind.ALIVE) {
                frame = Frame.read(in);
            }
            return java.util.Objects.requireNonNull(frame, "the connection ended");
        }

        @Override
        public void close() throws IOException {
            socket.close();
        }
    }

    private static Caller call(String verb, Object body) throws IOException {
        Socket socket = new Socket(InetAddress.getLoopbackAddress(), platform.controller.port());
        socket.setSoTimeout((int) PATIENCE.toMillis());
        byte[] json = Json.bytes(body);
        String head = "POST /api/v1/apps/shop/" + verb + " HTTP/1.1\r\nHost: x\r\nAuthorization: Bearer "
                + platform.tokens.get(holt.identity.Role.DEVELOPER)
                + "\r\nContent-Type: application/json\r\nConnection: Upgrade\r\nUpgrade: holt-session\r\nContent-Length: "
                + json.length + "\r\n\r\n";
        socket.getOutputStream().write(head.getBytes(StandardCharsets.US_ASCII));
        socket.getOutputStream().write(json);
        InputStream in = new BufferedInputStream(socket.getInputStream());
        StringBuilder answer = new StringBuilder();
        while (!answer.toString().endsWith("\r\n\r\n")) {
            int b = in.read();
            if (b < 0) {
                break;
            }
            answer.append((char) b);
        }
        return new Caller(socket, in, answer.toString());
    }

    private static AccessApi.Exec exec(String... command) {
        return new AccessApi.Exec(List.of(command), null, Map.of("A", "secret-b"), null, true, null);
    }

    private static List<Event> events() throws Exception {
        return platform.read("/apps/shop/events?limit=1000", Api.Events.class).events();
    }

    @Test
    void framesGoBothWaysAndTheLastOneEndsIt() throws Exception {
        try (Caller caller = call("exec", exec("cat", "x"))) {
            assertThat(caller.head()).startsWith("HTTP/1.1 101").contains("holt-session");
            AccessApi.Started started = Json.read(caller.next().content(), AccessApi.Started.class);
            assertThat(started.pid()).isPositive();
            caller.send(new Frame(Frame.Kind.INPUT, new byte[] {1, 2, 3}));
            assertThat(heard().content()).containsExactly(1, 2, 3);
            say(new Frame(Frame.Kind.OUTPUT, new byte[] {4, 5}));
            assertThat(caller.next().content()).containsExactly(4, 5);
            say(Frame.exited(3));
            caller.send(new Frame(Frame.Kind.INPUT, new byte[] {6}));
            assertThat(caller.next().status()).isEqualTo(3);
            assertThat(caller.in().read()).isNegative();
        }
        assertThat(events()).anySatisfy(event -> {
            assertThat(event.kind()).isEqualTo(Event.ACCESS_EXEC);
            assertThat(event.message()).isEqualTo("Command cat was run in shop/0 by test-developer");
            assertThat(event.data()).containsEntry("command", "cat").containsEntry("actor", "test-developer");
        });
        assertThat(Json.text(events())).doesNotContain("secret-b");
        assertThat(Json.text(platform.agent.requests.getLast())).doesNotContain("secret-b");
    }

    @Test
    void whenTheCallerVanishesTheAgentIsTold() throws Exception {
        Caller caller = call("exec", exec("sleep"));
        caller.next();
        caller.close();
        assertThat(ended.await(PATIENCE.toSeconds(), TimeUnit.SECONDS)).isTrue();
    }

    @Test
    void whenTheAgentIsLostTheCallerIsToldWhy() throws Exception {
        try (Caller caller = call("exec", exec("sleep"))) {
            caller.next();
            agent().end("the instance has ended");
            Frame last = caller.next();
            assertThat(last.kind()).isEqualTo(Frame.Kind.FAILED);
            assertThat(new String(last.content(), StandardCharsets.UTF_8)).contains("the instance has ended");
        }
    }

    @Test
    void aCallerWhoDoesNotReadStopsTheAgent() throws Exception {
        try (Caller caller = call("exec", exec("yes"))) {
            caller.next();
            Thread writer = Thread.startVirtualThread(() -> {
                try {
                    while (true) {
                        agent().send(new Frame(Frame.Kind.OUTPUT, new byte[Frame.MAX_CONTENT]).bytes());
                    }
                } catch (Exception over) {
                    Thread.currentThread().interrupt();
                }
            });
            await().atMost(PATIENCE).until(() -> writer.getState() == Thread.State.WAITING);
            assertThat(caller.next().content()).hasSize(Frame.MAX_CONTENT);
        }
        assertThat(ended.await(PATIENCE.toSeconds(), TimeUnit.SECONDS)).isTrue();
    }

    @Test
    void nonsenseFromTheCallerEndsTheSession() throws Exception {
        try (Caller caller = call("exec", exec("cat"))) {
            caller.next();
            caller.socket().getOutputStream().write(new byte[] {0x7f, 0, 0, 0, 1, 1, 1});
            assertThat(ended.await(PATIENCE.toSeconds(), TimeUnit.SECONDS)).isTrue();
        }
    }

    @Test
    void anAgentsRefusalIsAProblemAndNoEvent() throws Exception {
        platform.agent.entering = enter -> new AgentReply.Refused("it has 16 sessions");
        long before = events().size();
        try (Caller caller = call("exec", exec("cat"))) {
            assertThat(caller.head()).startsWith("HTTP/1.1 409");
        }
        platform.agent.entering = enter -> {
            AgentReply reply = enterWith(enter, Problem.of(ErrorCode.PORT_CLOSED, "Nobody listens on port 9."));
            return reply;
        };
        try (Caller caller = call("forward", new AccessApi.Forward(9, 0))) {
            assertThat(caller.head()).startsWith("HTTP/1.1 409");
        }
        assertThat(events()).hasSize((int) before);
    }

    private AgentReply enterWith(AgentRequest.Enter enter, Problem problem) {
        agent = new BusStream(
                platform.bus,
                Subjects.session(enter.session(), true),
                Subjects.session(enter.session(), false),
                ended::countDown);
        say(new Frame(Frame.Kind.FAILED, Json.bytes(problem)));
        return new AgentReply.Accepted();
    }

    @Test
    void manyConnectionsToAPortAreOneEvent() throws Exception {
        for (int n = 0; n < 3; n++) {
            try (Caller caller = call("forward", new AccessApi.Forward(8080, 0))) {
                assertThat(caller.next().kind()).isEqualTo(Frame.Kind.STARTED);
            }
        }
        assertThat(events().stream().filter(event -> event.kind().equals(Event.ACCESS_FORWARD)))
                .hasSize(1);
    }

    @Test
    void mistakesAreTold() throws Exception {
        assertThat(refused("exec", exec("cat")).code()).isEqualTo("upgrade-required");
        assertThat(refused("exec", new AccessApi.Exec(List.of(), null, null, null, null, null))
                        .code())
                .isEqualTo("parameter-invalid");
        assertThat(refused("exec", new AccessApi.Exec(List.of("a\0b"), null, null, null, null, null))
                        .code())
                .isEqualTo("parameter-invalid");
        assertThat(refused("exec", new AccessApi.Exec(List.of("a"), null, Map.of("1x", ""), null, null, null))
                        .code())
                .isEqualTo("environment-invalid");
        assertThat(refused("exec", new AccessApi.Exec(List.of("a"), 7, null, null, null, null))
                        .code())
                .isEqualTo("instance-not-found");
        assertThat(refused("shell", new AccessApi.Shell(null, null, null)).code())
                .isEqualTo("body-invalid");
        assertThat(refused("shell", new AccessApi.Shell(null, null, new AccessApi.Window(0, 1, null)))
                        .code())
                .isEqualTo("parameter-invalid");
        assertThat(refused("copy", new AccessApi.Copy("x", "sideways", null, null, null))
                        .code())
                .isEqualTo("parameter-invalid");
        assertThat(refused("copy", new AccessApi.Copy("x", "in", "../evil", null, null))
                        .code())
                .isEqualTo("parameter-invalid");
        assertThat(refused("forward", new AccessApi.Forward(0, null)).code()).isEqualTo("parameter-invalid");
        assertThat(refused("forward", new AccessApi.Forward(null, null)).code()).isEqualTo("body-invalid");
    }

    private static Problems.Document refused(String verb, Object body) throws Exception {
        HttpResponse<String> answer = platform.call("POST", "/apps/shop/" + verb, body);
        return TestPlatform.problem(answer);
    }
}
