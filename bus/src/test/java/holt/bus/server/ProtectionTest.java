package holt.bus.server;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.awaitility.Awaitility.await;

import at.favre.lib.crypto.bcrypt.BCrypt;
import com.sun.management.UnixOperatingSystemMXBean;
import java.io.IOException;
import java.lang.management.ManagementFactory;
import java.net.SocketException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.function.Consumer;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/** What a client does to the server, and that nobody else notices. After each, a fresh client is served as before. */
final class ProtectionTest {
    private final List<RawClient> clients = Collections.synchronizedList(new ArrayList<>());
    private BusServer server;

    private void start(Consumer<Setup> change) throws IOException {
        server = Setup.start(change);
    }

    private RawClient client() throws IOException {
        return kept(RawClient.to(server.port()));
    }

    private RawClient kept(RawClient client) {
        clients.add(client);
        return client;
    }

    @AfterEach
    void stop() throws IOException {
        try {
            for (RawClient each : clients) {
                each.close();
            }
            await().untilAsserted(() ->
                    assertThat(Setup.figure(server, "connections")).isZero());
            assertThat(Setup.figure(server, "subscriptions")).isZero();
            serves();
        } finally {
            server.closeNow();
        }
    }

    private void serves() throws IOException {
        try (RawClient fresh = RawClient.to(server.port())) {
            fresh.send("SUB still.* 1\r\n");
            fresh.publish("still.here", Setup.bytes("yes"));
            assertThat(fresh.next().text()).isEqualTo("yes");
        }
    }

    private static long descriptors() {
        return ((UnixOperatingSystemMXBean) ManagementFactory.getOperatingSystemMXBean()).getOpenFileDescriptorCount();
    }

    private static long descriptorsAtMost() {
        return ((UnixOperatingSystemMXBean) ManagementFactory.getOperatingSystemMXBean()).getMaxFileDescriptorCount();
    }

    /** Publishes in steps that the one who reads takes whole. */
    private void publishTo(RawClient reader, RawClient publisher, int steps) throws IOException {
        byte[] payload = new byte[10_000];
        for (int step = 0; step < steps; step++) {
            for (int i = 0; i < 20; i++) {
                publisher.publish("s", payload);
            }
            for (int i = 0; i < 20; i++) {
                assertThat(reader.next().payload()).hasSize(payload.length);
            }
        }
    }

    @Test
    void aClientThatLetsTooMuchWaitIsCutAndAnotherGetsAll() throws IOException {
        start(setup -> setup.maxPending = 1 << 20);
        RawClient slow = kept(RawClient.narrow(server.port()));
        slow.send("SUB s 1\r\n");
        slow.flush();
        RawClient fast = client();
        fast.send("SUB s 1\r\n");
        fast.flush();
        publishTo(fast, client(), 100);
        assertThat(Setup.reasons(server)).containsExactly("Slow Consumer (Pending Bytes)");
        assertThat(Setup.figure(server, "slow_consumers")).isEqualTo(1);
        slow.rest();
    }

    @Test
    void aClientThatTakesNothingWithinTheWriteDeadlineIsCut() throws IOException {
        start(setup -> setup.writeDeadline = Duration.ofMillis(200));
        RawClient slow = kept(RawClient.narrow(server.port()));
        slow.send("SUB s 1\r\n");
        slow.flush();
        RawClient fast = client();
        fast.send("SUB s 1\r\n");
        fast.flush();
        publishTo(fast, client(), 60);
        await().untilAsserted(
                        () -> assertThat(Setup.reasons(server)).containsExactly("Slow Consumer (Write Deadline)"));
        assertThat(Setup.figure(server, "slow_consumers")).isEqualTo(1);
    }

    @Test
    void answersOfTheServerItselfCountAsWhatWaits() throws IOException {
        start(setup -> setup.maxPending = 1 << 20);
        RawClient deaf = kept(RawClient.narrow(server.port()));
        byte[] pings = Setup.bytes("PING\r\n".repeat(10_000));
        assertThatThrownBy(() -> {
                    for (int i = 0; i < 1000; i++) {
                        deaf.send(pings);
                    }
                })
                .isInstanceOf(SocketException.class);
        await().untilAsserted(() -> assertThat(Setup.reasons(server)).containsExactly("Slow Consumer (Pending Bytes)"));
    }

    @Test
    void aSilentClientIsAskedThenCutAndOneThatAnswersStays() throws Exception {
        start(setup -> {
            setup.pingInterval = Duration.ofMillis(50);
        });
        RawClient alive = client();
        RawClient silent = client();
        CompletableFuture<String> notPing = CompletableFuture.supplyAsync(() -> answerPings(alive));
        assertThat(silent.rest()).isEqualTo("PING\r\nPING\r\n-ERR 'Stale Connection'\r\n");
        assertThat(Setup.reasons(server)).containsExactly("Stale Connection");
        assertThat(notPing).isNotDone();
    }

    /** What came in the end that is no PING. */
    private static String answerPings(RawClient client) {
        try {
            String line = client.line();
            while (line.equals("PING")) {
                client.send("PONG\r\n");
                line = client.line();
            }
            return line;
        } catch (IOException ended) {
            return ended.toString();
        }
    }

    @Test
    void pingsComeAsOftenAsTheyShouldHoweverLongTheTimeToSayWhoOneIs() throws IOException {
        start(setup -> {
            setup.pingInterval = Duration.ofMillis(50);
            setup.authTimeout = Duration.ofMinutes(10);
            setup.token = "t";
        });
        RawClient client = kept(RawClient.open(server.port()));
        client.line();
        client.send("CONNECT {\"verbose\":false,\"auth_token\":\"t\"}\r\n");
        assertThat(client.line()).isEqualTo("PING");
        server.closeNow();
        start(setup -> {});
    }

    @Test
    void whoDoesNotSayWhoTheyAreInTimeIsCut() throws IOException {
        start(setup -> {
            setup.authTimeout = Duration.ofMillis(100);
            setup.token = "t";
        });
        RawClient client = kept(RawClient.open(server.port()));
        client.line();
        assertThat(client.rest()).isEqualTo("-ERR 'Authentication Timeout'\r\n");
        assertThat(Setup.reasons(server)).containsExactly("Authentication Timeout");
        server.closeNow();
        start(setup -> {});
    }

    @Test
    void whoIsNotWhoTheySayHearsSoAtOnce() throws IOException {
        start(setup -> setup.users = List.of(new BusUser(
                "ann", BCrypt.withDefaults().hashToString(4, "secret".toCharArray()), BusUser.Permissions.ALL)));
        for (String password : List.of("wrong", "s".repeat(200), "")) {
            RawClient client = kept(RawClient.open(server.port()));
            client.line();
            client.send("CONNECT {\"verbose\":false,\"user\":\"ann\",\"pass\":\"" + password + "\"}\r\nPING\r\n");
            assertThat(client.rest()).isEqualTo("-ERR 'Authorization Violation'\r\n");
        }
        server.closeNow();
        start(setup -> {});
    }

    @Test
    void whoSaysNothingIsTheDefaultUserAndHasNoMoreRightsThanThat() throws IOException {
        start(setup -> {
            setup.users = List.of(new BusUser(
                    "guest",
                    "p",
                    new BusUser.Permissions(
                            new BusUser.Subjects(List.of("open"), List.of()), BusUser.Subjects.ALL, null)));
            setup.noAuthUser = "guest";
        });
        RawClient mute = kept(RawClient.open(server.port()));
        mute.line();
        mute.send("PUB secret 1\r\nx\r\nPUB open 1\r\nx\r\n");
        assertThat(mute.line()).isEqualTo("-ERR 'Permissions Violation for Publish to \"secret\"'");
        server.closeNow();
        start(setup -> {});
    }

    @Test
    void aPatternThatIsWiderThanTheRightToItHearsOnlyWhatItMay() throws IOException {
        BusUser.Subjects some = new BusUser.Subjects(List.of("foo.*", "bar.>", "crew.* q"), List.of());
        start(setup -> setup.users = List.of(
                new BusUser("ann", "p", new BusUser.Permissions(BusUser.Subjects.ALL, some, null)),
                new BusUser("all", "p", BusUser.Permissions.ALL)));
        RawClient ann = kept(RawClient.open(server.port()));
        ann.line();
        ann.send("CONNECT {\"verbose\":false,\"user\":\"ann\",\"pass\":\"p\"}\r\n"
                + "SUB foo.> 1\r\nSUB bar.> 2\r\nSUB crew.> q 3\r\n");
        ann.flush();
        for (String subject : List.of("foo.a.b", "crew.a.b", "foo.a", "bar.a.b", "crew.a")) {
            ann.publish(subject, Setup.bytes("x"));
        }
        assertThat(List.of(
                        ann.next().subject(), ann.next().subject(), ann.next().subject()))
                .containsExactly("foo.a", "bar.a.b", "crew.a");
        server.closeNow();
        start(setup -> {});
    }

    @Test
    void oneConnectionTooManyIsToldSo() throws IOException {
        start(setup -> setup.maxConnections = 5);
        List<RawClient> five = new ArrayList<>();
        for (int i = 0; i < 5; i++) {
            five.add(client());
        }
        for (int i = 0; i < 100; i++) {
            assertThat(kept(RawClient.open(server.port())).rest()).endsWith("-ERR 'maximum connections exceeded'\r\n");
        }
        five.getFirst().flush();
        five.getFirst().close();
        await().untilAsserted(
                        () -> assertThat(Setup.figure(server, "connections")).isEqualTo(4));
        client();
    }

    @Test
    void oneSubscriptionTooManyIsToldSo() throws IOException {
        start(setup -> setup.maxSubscriptions = 3);
        RawClient client = client();
        client.send("SUB a 1\r\nSUB a 2\r\nSUB a 3\r\nSUB a 4\r\n");
        assertThat(client.line()).isEqualTo("-ERR 'maximum subscriptions exceeded'");
        client.send("UNSUB 1\r\nSUB b 4\r\n");
        client.flush();
        assertThat(Setup.figure(server, "subscriptions")).isEqualTo(3);
    }

    @Test
    void aLineWithoutAnEndIsNotKept() throws IOException {
        start(setup -> {});
        RawClient client = client();
        byte[] line = Setup.bytes("PUB " + "a".repeat(10 << 20));
        try {
            client.send(line);
            assertThat(client.rest()).endsWith("-ERR 'maximum control line exceeded'\r\n");
        } catch (SocketException cut) {
            assertThat(Setup.reasons(server)).containsExactly("Maximum Control Line Exceeded");
        }
    }

    @Test
    void aMessageMayComeByteByByte() throws IOException {
        start(setup -> {});
        RawClient reader = client();
        reader.send("SUB drip 1\r\n");
        reader.flush();
        RawClient dripping = client();
        byte[] message = Setup.bytes("PUB drip 20000\r\n" + "x".repeat(20_000) + "\r\n");
        for (byte each : message) {
            dripping.send(new byte[] {each});
        }
        assertThat(reader.next().payload()).hasSize(20_000).containsOnly('x');
    }

    @Test
    void whatManyAnnounceAndDoNotSendCostsBoundedMemory() throws IOException {
        start(setup -> {});
        long before = descriptors();
        byte[] part = new byte[200_000];
        byte[] line = Setup.bytes("PUB big 1048576\r\n");
        List<RawClient> many = new ArrayList<>();
        for (int i = 0; i < 2000; i++) {
            RawClient client = client();
            many.add(client);
            try {
                client.send(line);
                client.send(part);
            } catch (SocketException cut) {
                client.close(); // it is one of those that held too much
            }
            if (i % 400 == 0) {
                serves();
            }
        }
        assertThat(Setup.figure(server, "slow_consumers")).isPositive();
        assertThat(Setup.reasons(server)).contains("Slow Consumer (Memory)");
        for (RawClient each : many) {
            each.close();
        }
        await().untilAsserted(() -> assertThat(descriptors()).isLessThanOrEqualTo(before + 5));
    }

    @Test
    void whatManyDoNotReadCostsBoundedMemory() throws IOException {
        start(setup -> {});
        for (int i = 0; i < 200; i++) {
            RawClient slow = kept(RawClient.narrow(server.port()));
            slow.send("SUB s 1\r\n");
        }
        await().untilAsserted(
                        () -> assertThat(Setup.figure(server, "subscriptions")).isEqualTo(200));
        RawClient publisher = client();
        byte[] payload = new byte[1 << 20];
        for (int i = 0; i < 6; i++) {
            publisher.publish("s", payload);
            publisher.flush();
        }
        assertThat(Setup.reasons(server)).contains("Slow Consumer (Memory)");
    }

    @Test
    void aMessageToManyIdleClientsCutsNobody() throws IOException {
        start(setup -> {});
        int many = (int) (Runtime.getRuntime().maxMemory() / 3 / OutBuffer.CHUNK) + 500;
        assertThat(2L * many).as("descriptors there are").isLessThan(descriptorsAtMost());
        List<RawClient> readers = new ArrayList<>();
        for (int i = 0; i < many; i++) {
            RawClient reader = kept(RawClient.open(server.port()));
            readers.add(reader);
            reader.send("SUB s 1\r\n");
        }
        await().untilAsserted(
                        () -> assertThat(Setup.figure(server, "subscriptions")).isEqualTo(many));
        client().publish("s", Setup.bytes("hello"));
        for (RawClient reader : readers) {
            String line = reader.line();
            while (!line.startsWith("MSG")) {
                line = reader.line();
            }
        }
        assertThat(Setup.figure(server, "slow_consumers")).isZero();
    }

    @Test
    void aDeepSubjectIsASubjectLikeOthers() throws IOException {
        start(setup -> {});
        RawClient client = client();
        client.send("SUB " + "*.".repeat(2000) + "* 1\r\n");
        client.send("SUB " + "a.".repeat(2000) + "a 2\r\n");
        client.publish("a.".repeat(2000) + "a", Setup.bytes("deep"));
        assertThat(client.next().text()).isEqualTo("deep");
        assertThat(client.next().text()).isEqualTo("deep");
    }

    @Test
    void aClientThatNeverStopsSendingGetsWhatWaitsForIt() throws Exception {
        start(setup -> {});
        RawClient busy = kept(RawClient.narrow(server.port()));
        busy.send("SUB s 1\r\n");
        busy.flush();
        RawClient publisher = client();
        byte[] payload = new byte[1 << 20];
        for (int i = 0; i < 20; i++) {
            publisher.publish("s", payload);
        }
        publisher.flush();
        byte[] noise = Setup.bytes("PUB nobody 16\r\n0123456789abcdef\r\n".repeat(2000));
        Thread sending = Thread.startVirtualThread(() -> {
            try {
                while (true) {
                    busy.send(noise);
                }
            } catch (IOException ended) {
                Thread.currentThread().interrupt();
            }
        });
        for (int i = 0; i < 20; i++) {
            assertThat(busy.next().payload()).hasSize(payload.length);
        }
        assertThat(sending.isAlive()).isTrue();
        busy.kill();
        sending.join();
    }
}
