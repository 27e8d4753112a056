package holt.bus.server;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import holt.bus.Bus;
import java.io.IOException;
import java.net.ConnectException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import org.junit.jupiter.api.Test;

final class StopTest {

    private static RawClient reader(BusServer server) throws IOException {
        RawClient reader = RawClient.narrow(server.port());
        reader.send("SUB s 1\r\n");
        reader.flush();
        return reader;
    }

    @Test
    void whatWaitsIsWrittenEvenToOneWhoIsSendingMeanwhile() throws Exception {
        BusServer server = Setup.start(setup -> {});
        try (RawClient reader = reader(server)) {
            Bus inside = server.connect("inside");
            byte[] payload = new byte[500_000];
            for (int i = 0; i < 20; i++) {
                inside.publish("s", payload);
            }
            reader.send("PUB nobody 16\r\n0123456789abcdef\r\n".repeat(20_000));
            Thread closing = Thread.startVirtualThread(server::close);
            for (int i = 0; i < 20; i++) {
                assertThat(reader.next().payload()).hasSize(payload.length);
            }
            assertThat(reader.rest()).isEmpty();
            reader.close();
            closing.join();
        }
    }

    @Test
    void aHardStopWaitsForNobody() throws IOException {
        BusServer server = Setup.start(setup -> {});
        int port = server.port();
        try (RawClient reader = reader(server)) {
            server.connect("inside").publish("s", new byte[50_000_000]);
            server.closeNow();
            assertThat(reader.rest().length()).isLessThan(50_000_000);
            assertThatThrownBy(() -> RawClient.open(port)).isInstanceOf(ConnectException.class);
        }
    }

    @Test
    void canBeClosedTwiceAndTakesItsConnectionsInsideWithIt() throws IOException {
        BusServer server = Setup.start(setup -> {});
        Bus inside = server.connect("inside");
        CompletableFuture<byte[]> open = new CompletableFuture<>();
        inside.subscribe("s", message -> open.complete(message.payload()));
        CompletableFuture<byte[]> unanswered = inside.request("s", new byte[0], Duration.ofMinutes(5));
        server.close();
        server.close();
        server.closeNow();
        assertThat(unanswered).isCompletedExceptionally();
        assertThat(server.port()).isEqualTo(-1);
        assertThat(Setup.figure(server, "connections")).isZero();
        assertThat(Setup.figure(server, "subscriptions")).isZero();
    }

    @Test
    void aLameDuckTellsItsClientsRefusesNewcomersAndCutsTheRestOneByOne() throws Exception {
        BusServer server = Setup.start(setup -> {
            setup.lameDuckGrace = Duration.ofMillis(200);
            setup.lameDuckDuration = Duration.ofMillis(300);
        });
        int port = server.port();
        List<RawClient> clients = new ArrayList<>();
        for (int i = 0; i < 3; i++) {
            RawClient client = RawClient.open(port);
            client.line();
            client.send("CONNECT {\"verbose\":false,\"protocol\":1}\r\n");
            client.flush();
            clients.add(client);
        }
        CompletableFuture<Void> gone = CompletableFuture.runAsync(() -> {
            try {
                server.lameDuck();
            } catch (InterruptedException stop) {
                throw new IllegalStateException(stop);
            }
        });
        assertThat(clients.getFirst().line()).startsWith("INFO ").contains("\"ldm\":true");
        assertThatThrownBy(() -> RawClient.open(port)).isInstanceOf(ConnectException.class);
        clients.getFirst().flush();
        clients.getFirst().close();
        assertThat(clients.get(1).line()).contains("\"ldm\":true");
        assertThat(clients.get(1).rest()).isEmpty();
        clients.get(1).close();
        clients.get(2).line();
        assertThat(clients.get(2).rest()).isEmpty();
        clients.get(2).close();
        gone.get();
        assertThat(Setup.reasons(server))
                .containsExactlyInAnyOrder("Client Closed", "Server Shutdown", "Server Shutdown");
    }
}
