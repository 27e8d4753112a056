package holt.bus.server;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.awaitility.Awaitility.await;

import holt.bus.Bus;
import holt.bus.NoResponders;
import java.io.IOException;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CopyOnWriteArrayList;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** Parts of this process and clients behind sockets on the same subjects. */
final class MixedClientsTest {
    private static final Duration PATIENCE = Duration.ofSeconds(20);

    private final List<String> heard = new CopyOnWriteArrayList<>();
    private BusServer server;
    private Bus inside;
    private RawClient outside;

    @BeforeEach
    void start() throws IOException {
        server = Setup.start(setup -> setup.maxPending = 1 << 20);
        inside = server.connect("inside");
        outside = RawClient.to(server.port());
    }

    @AfterEach
    void stop() throws IOException {
        outside.close();
        server.closeNow();
    }

    @Test
    void messagesCrossBothWaysInOrder() throws IOException {
        inside.subscribe("in.*", message -> heard.add(new String(message.payload(), UTF_8)));
        outside.send("SUB out.> 1\r\n");
        outside.flush();
        for (int i = 0; i < 500; i++) {
            outside.publish("in.x", Setup.bytes("" + i));
            inside.publish("out.y.z", Setup.bytes("" + i));
        }
        for (int i = 0; i < 500; i++) {
            assertThat(outside.next().text()).isEqualTo("" + i);
        }
        await().until(() -> heard.size() == 500);
        assertThat(heard).isSortedAccordingTo((a, b) -> Integer.compare(Integer.parseInt(a), Integer.parseInt(b)));
    }

    @Test
    void aQueueReachesAcrossBoth() throws IOException {
        inside.subscribe("work", "crew", message -> heard.add("inside"));
        outside.send("SUB work crew 1\r\nSUB end 2\r\n");
        outside.flush();
        for (int i = 0; i < 200; i++) {
            inside.publish("work", Setup.bytes("x"));
        }
        inside.publish("end", Setup.bytes(""));
        int out = 0;
        while (outside.next().subject().equals("work")) {
            out++;
        }
        int there = out;
        await().until(() -> heard.size() + there == 200);
        assertThat(out).isBetween(1, 199);
    }

    @Test
    void aRequestFromInsideIsAnsweredOutside() throws Exception {
        outside.send("SUB ask 1\r\n");
        outside.flush();
        CompletableFuture<byte[]> answer = inside.request("ask", Setup.bytes("me"), PATIENCE);
        String[] words = outside.line().split(" ");
        assertThat(words).startsWith("MSG", "ask", "1").hasSize(5);
        assertThat(outside.line()).isEqualTo("me");
        outside.publish(words[3], Setup.bytes("you"));
        assertThat(answer.get()).asString(UTF_8).isEqualTo("you");
    }

    @Test
    void aRequestFromOutsideIsAnsweredInside() throws IOException {
        inside.subscribe("ask", message -> message.reply(Setup.bytes("to " + new String(message.payload(), UTF_8))));
        outside.send("SUB _INBOX.me 1\r\nPUB ask _INBOX.me 2\r\nhi\r\n");
        assertThat(outside.next().text()).isEqualTo("to hi");
    }

    @Test
    void neitherWaitsForNobody() throws IOException {
        assertThatThrownBy(() -> inside.request("nobody", new byte[0], Duration.ofHours(1))
                        .get())
                .hasCauseInstanceOf(NoResponders.class);
        outside.send("SUB _INBOX.me 1\r\nPUB nobody _INBOX.me 0\r\n\r\n");
        assertThat(outside.line()).isEqualTo("HMSG _INBOX.me 1 16 16");
        assertThat(outside.line()).isEqualTo("NATS/1.0 503");
    }

    @Test
    void onlyOneWhoIsGoneIsNobody() throws IOException {
        outside.send("SUB ask 1\r\n");
        outside.flush();
        outside.kill();
        await().untilAsserted(
                        () -> assertThat(Setup.figure(server, "connections")).isEqualTo(1));
        assertThatThrownBy(() ->
                        inside.request("ask", new byte[0], Duration.ofHours(1)).get())
                .hasCauseInstanceOf(NoResponders.class);
    }

    @Test
    void aSlowReaderOutsideIsCutAndThoseInsideGoOn() throws IOException {
        inside.subscribe("s", message -> heard.add("one"));
        RawClient slow = RawClient.narrow(server.port());
        slow.send("SUB s 1\r\n");
        slow.flush();
        byte[] payload = new byte[100_000];
        for (int i = 0; i < 200; i++) {
            inside.publish("s", payload);
        }
        await().until(() -> heard.size() == 200);
        assertThat(Setup.reasons(server)).containsExactly("Slow Consumer (Pending Bytes)");
        slow.close();
    }

    @Test
    void bothAreShownAndConnectionsInsideThatAreClosedAreForgotten() {
        for (int i = 0; i < 100; i++) {
            try (Bus brief = server.connect("brief")) {
                brief.subscribe("s", message -> {});
            }
        }
        assertThat(Setup.page(server, "connz", Map.of("sort", "cid"))
                        .get("connections")
                        .valueStream()
                        .map(each -> each.get("type").stringValue()))
                .containsExactly("in_process", "nats");
        assertThat(Setup.figure(server, "subscriptions")).isEqualTo(1); // the inbox of the one that stays
    }
}
