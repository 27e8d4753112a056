package holt.bus.remote;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.awaitility.Awaitility.await;

import holt.bus.Bus;
import holt.bus.NoResponders;
import holt.bus.PayloadTooLarge;
import holt.model.ProblemException;
import java.io.IOException;
import java.net.URI;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.TimeoutException;
import java.util.stream.IntStream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** What is particular to a bus that is elsewhere: it goes away, comes back, and has bounds. */
final class RemoteBusTest {
    private static final Duration PATIENCE = Duration.ofMinutes(1);

    @TempDir
    Path folder;

    private final List<String> received = new CopyOnWriteArrayList<>();
    private NatsServerProcess server;
    private int monitorPort;

    @BeforeEach
    void start() throws IOException {
        monitorPort = NatsServerProcess.freePort();
        server = NatsServerProcess.start(folder, "http: \"127.0.0.1:" + monitorPort + "\"");
    }

    @AfterEach
    void stop() {
        server.close();
    }

    @Test
    void subscriptionsLiveOnAndWhatWasSaidMeanwhileArrivesInOrder() throws Exception {
        try (RemoteBus bus = connect()) {
            bus.subscribe("news", message -> received.add(new String(message.payload(), UTF_8)));
            bus.subscribe("echo", message -> message.reply(message.payload()));
            bus.publish("news", text("before"));
            await().atMost(PATIENCE).until(() -> received.contains("before"));
            killAndNotice(bus);
            IntStream.range(0, 1000).forEach(number -> bus.publish("news", text("" + number)));
            Bus.Subscription late = bus.subscribe("late", message -> received.add("late"));
            CompletableFuture<byte[]> asked = bus.request("echo", text("patient"), PATIENCE);
            server.startAgain();
            assertThat(asked.get()).isEqualTo(text("patient"));
            bus.publish("news", text("after"));
            bus.publish("late", text(""));
            await().atMost(PATIENCE).until(() -> received.contains("late") && received.contains("after"));
            assertThat(received.subList(0, 1002)).first().isEqualTo("before");
            assertThat(received.subList(1, 1001))
                    .containsExactlyElementsOf(
                            IntStream.range(0, 1000).mapToObj(n -> "" + n).toList());
            late.close();
            bus.publish("late", text(""));
            bus.publish("news", text("last"));
            await().atMost(PATIENCE).until(() -> received.contains("last"));
            assertThat(received.stream().filter("late"::equals)).hasSize(1);
        }
    }

    @Test
    void aRequestWhoseTimeIsOverIsNotSentLate() throws Exception {
        try (RemoteBus bus = connect()) {
            bus.subscribe("order", message -> received.add(new String(message.payload(), UTF_8)));
            killAndNotice(bus);
            CompletableFuture<byte[]> asked = bus.request("order", text("stale"), Duration.ofMillis(1));
            assertThatThrownBy(asked::get).hasCauseInstanceOf(TimeoutException.class);
            bus.publish("order", text("fresh"));
            server.startAgain();
            await().atMost(PATIENCE).until(() -> received.contains("fresh"));
            assertThat(received).containsExactly("fresh");
        }
    }

    @Test
    void publishingIntoNothingNeitherThrowsNorGrowsWithoutBound() throws Exception {
        byte[] large = new byte[100 << 10];
        new Random(1).nextBytes(large);
        try (RemoteBus bus = connect()) {
            bus.subscribe("flood", message -> received.add(String.valueOf(message.payload().length)));
            killAndNotice(bus);
            for (int sent = 0; sent < 1000; sent++) {
                bus.publish("flood", large);
            }
            server.startAgain();
            bus.subscribe("end", message -> received.add("end"));
            await().atMost(PATIENCE).until(bus::isConnected);
            bus.publish("end", text(""));
            await().atMost(PATIENCE).until(() -> received.contains("end"));
            assertThat(received).hasSizeBetween(2, 2 + Outbox.MAX_BYTES / large.length);
        }
    }

    @Test
    void itComesBackEvenWhereItsLoginWasUnknownForAWhile() throws Exception {
        try (RemoteBus bus = connect()) {
            bus.subscribe("news", message -> received.add("heard"));
            server.kill();
            server.configure("authorization { token: \"another\" }");
            server.startAgain();
            await().atMost(PATIENCE).until(() -> occurrences(server.log(), "authentication error") > 3);
            server.kill();
            server.configure();
            server.startAgain();
            await().atMost(PATIENCE).until(bus::isConnected);
            bus.publish("news", text(""));
            await().atMost(PATIENCE).until(() -> received.contains("heard"));
        }
    }

    @Test
    void anotherServerOfSeveralIsTakenWhereOneIsAway(@TempDir Path second) throws Exception {
        try (NatsServerProcess other = NatsServerProcess.start(second)) {
            try (RemoteBus bus = RemoteBus.connect(RemoteSettings.of(server.url() + ", " + other.url()))) {
                bus.subscribe("news", message -> received.add("heard"));
                server.kill();
                await().atMost(PATIENCE).until(() -> {
                    bus.publish("news", text(""));
                    return received.contains("heard");
                });
                server.startAgain();
                other.kill();
                received.clear();
                await().atMost(PATIENCE).until(() -> {
                    bus.publish("news", text(""));
                    return received.contains("heard");
                });
            }
        }
    }

    @Test
    void aServerThatStartsLaterIsWaitedFor() throws Exception {
        server.kill();
        CompletableFuture<RemoteBus> connecting = CompletableFuture.supplyAsync(
                () -> RemoteBus.connect(RemoteSettings.of(server.url()).withPatience(PATIENCE)));
        server.startAgain();
        try (RemoteBus bus = connecting.get()) {
            assertThat(bus.isConnected()).isTrue();
        }
    }

    @Test
    void aServerThatIsNotThereIsNamedWithWhatToDo() {
        server.kill();
        assertThatThrownBy(
                        () -> RemoteBus.connect(RemoteSettings.of(server.url()).withPatience(Duration.ZERO)))
                .isInstanceOf(ProblemException.class)
                .hasMessageContaining(server.url())
                .hasMessageContaining("cannot be reached: tried for 0 s")
                .hasMessageContaining("Start the nats-server there, or correct bus.url");
    }

    @Test
    void platformsWithPrefixesOfTheirOwnDoNotHearOneAnother() throws Exception {
        RemoteSettings settings = RemoteSettings.of(server.url());
        try (RemoteBus east = RemoteBus.connect(settings.withPrefix("east"));
                RemoteBus west = RemoteBus.connect(settings.withPrefix("west"));
                RemoteBus bare = RemoteBus.connect(settings)) {
            east.subscribe("holt.>", message -> received.add("east " + message.subject()));
            assertThatThrownBy(() -> east.request("flush", text(""), PATIENCE).get())
                    .hasCauseInstanceOf(NoResponders.class);
            bare.subscribe("east.>", message -> received.add("bare " + message.subject()));
            assertThatThrownBy(() -> bare.request("flush", text(""), PATIENCE).get())
                    .hasCauseInstanceOf(NoResponders.class);
            west.publish("holt.x", text(""));
            assertThatThrownBy(() -> west.request("holt.x", text(""), PATIENCE).get())
                    .hasCauseInstanceOf(NoResponders.class);
            east.publish("holt.x", text(""));
            await().atMost(PATIENCE).until(() -> received.size() >= 2);
            assertThat(received).containsExactlyInAnyOrder("east holt.x", "bare east.holt.x");
        }
    }

    @Test
    void whatIsLargeIsPackedAndWhatIsTooLargeIsToldTheCaller() throws Exception {
        byte[] noise = new byte[(1 << 20) + 1];
        new Random(1).nextBytes(noise);
        byte[] dull = new byte[20 << 20];
        try (RemoteBus bus = connect()) {
            bus.subscribe("big", message -> message.reply(message.payload()));
            assertThat(bus.request("big", dull, PATIENCE).get()).isEqualTo(dull);
            assertThatThrownBy(() -> bus.publish("big", noise))
                    .isInstanceOf(PayloadTooLarge.class)
                    .hasMessageContaining("1048576")
                    .hasMessageContaining("big");
            assertThatThrownBy(() -> bus.request("big", noise, PATIENCE).get())
                    .hasCauseInstanceOf(PayloadTooLarge.class);
            assertThat(bus.request("big", text("still there"), PATIENCE).get()).isEqualTo(text("still there"));
        }
    }

    @Test
    void pagesComeFromTheServersMonitor() throws Exception {
        RemoteSettings settings = RemoteSettings.of(server.url())
                .withName("holt-test")
                .withMonitor(URI.create("http://127.0.0.1:" + monitorPort));
        try (RemoteBus bus = RemoteBus.connect(settings)) {
            assertThat(new String(bus.page("connz", Map.of("subs", "1")), UTF_8))
                    .contains("holt-test")
                    .contains("subscriptions_list");
            assertThat(new String(bus.page("healthz", Map.of()), UTF_8)).contains("ok");
            assertThatThrownBy(() -> bus.page("passwords", Map.of()))
                    .isInstanceOf(IllegalArgumentException.class)
                    .hasMessageContaining("varz");
            assertThatThrownBy(() -> bus.page("connz", Map.of("x", "1")))
                    .isInstanceOf(IllegalArgumentException.class)
                    .hasMessageContaining("sort");
            server.kill();
            assertThatThrownBy(() -> bus.page("varz", Map.of())).isInstanceOf(IOException.class);
        }
        try (RemoteBus bus = RemoteBus.connect(again())) {
            assertThatThrownBy(() -> bus.page("varz", Map.of()))
                    .isInstanceOf(IOException.class)
                    .hasMessageContaining("set bus.monitor");
        }
    }

    private RemoteSettings again() throws IOException {
        server.startAgain();
        return RemoteSettings.of(server.url());
    }

    private void killAndNotice(RemoteBus bus) {
        server.kill();
        await().atMost(PATIENCE).until(() -> !bus.isConnected());
    }

    private RemoteBus connect() {
        return RemoteBus.connect(RemoteSettings.of(server.url()));
    }

    private static int occurrences(String text, String part) {
        return text.split(part, -1).length - 1;
    }

    private static byte[] text(String text) {
        return text.getBytes(UTF_8);
    }
}
