package holt.bus.server;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.awaitility.Awaitility.await;

import io.nats.client.Connection;
import io.nats.client.ConnectionListener;
import io.nats.client.Dispatcher;
import io.nats.client.ErrorListener;
import io.nats.client.Message;
import io.nats.client.NKey;
import io.nats.client.Nats;
import io.nats.client.Options;
import io.nats.client.Subscription;
import io.nats.client.impl.Headers;
import io.nats.client.impl.NatsMessage;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CancellationException;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.ExecutionException;
import java.util.function.Consumer;
import java.util.function.UnaryOperator;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** NATS's own client for Java, as its users use it. */
final class ForeignClientTest {
    private static final Duration PATIENCE = Duration.ofSeconds(20);

    private final List<Connection> connections = new ArrayList<>();
    private final List<String> told = new CopyOnWriteArrayList<>();
    private BusServer server;

    private void start(Consumer<Setup> change) throws IOException {
        server = Setup.start(change);
    }

    private Connection connect(UnaryOperator<Options.Builder> with) throws IOException, InterruptedException {
        Options.Builder options = new Options.Builder()
                .server("nats://127.0.0.1:" + server.port())
                .reconnectWait(Duration.ofMillis(50))
                .maxReconnects(-1)
                .connectionListener(new ConnectionListener() {
                    @Override
                    public void connectionEvent(Connection connection, Events event) {
                        told.add(event.name());
                    }
                })
                .errorListener(new ErrorListener() {
                    @Override
                    public void errorOccurred(Connection connection, String error) {
                        told.add(error);
                    }
                });
        Connection connection = Nats.connect(with.apply(options).build());
        connections.add(connection);
        return connection;
    }

    private Connection connect() throws IOException, InterruptedException {
        return connect(options -> options);
    }

    @AfterEach
    void stop() throws InterruptedException {
        for (Connection each : connections) {
            each.close();
        }
        server.closeNow();
    }

    private static String text(Message message) {
        return new String(message.getData(), StandardCharsets.UTF_8);
    }

    private static String next(Subscription subscription) throws InterruptedException {
        Message message = subscription.nextMessage(PATIENCE);
        assertThat(message).as("a message").isNotNull();
        return text(message);
    }

    private static void serves(Connection connection) throws Exception {
        Subscription subscription = connection.subscribe("still.*");
        connection.publish("still.here", Setup.bytes("yes"));
        assertThat(next(subscription)).isEqualTo("yes");
        subscription.unsubscribe();
    }

    @Test
    void subscribesWithWildcardsAndUnsubscribesAfterSome() throws Exception {
        start(setup -> {});
        Connection connection = connect();
        Subscription some = connection.subscribe("a.>");
        some.unsubscribe(2);
        Subscription all = connection.subscribe("a.*");
        for (int i = 0; i < 3; i++) {
            connection.publish("a.b", Setup.bytes("" + i));
        }
        assertThat(List.of(next(some), next(some))).containsExactly("0", "1");
        assertThat(List.of(next(all), next(all), next(all))).containsExactly("0", "1", "2");
        assertThat(some.isActive()).isFalse();
    }

    @Test
    void aQueueGetsEachMessageOnce() throws Exception {
        start(setup -> {});
        List<String> got = new CopyOnWriteArrayList<>();
        for (int i = 0; i < 3; i++) {
            Connection member = connect();
            member.createDispatcher(message -> got.add(text(message))).subscribe("work", "crew");
            member.flush(PATIENCE);
        }
        Connection publisher = connect();
        for (int i = 0; i < 300; i++) {
            publisher.publish("work", Setup.bytes("" + i));
        }
        await().until(() -> got.size() >= 300);
        assertThat(got).doesNotHaveDuplicates().hasSize(300);
    }

    @Test
    void requestsAreAnsweredWithHeadersOrNobodyIsThere() throws Exception {
        start(setup -> {});
        Connection answering = connect();
        Dispatcher dispatcher = answering.createDispatcher(message -> answering.publish(NatsMessage.builder()
                .subject(message.getReplyTo())
                .headers(new Headers().add("Echo", message.getHeaders().get("Say")))
                .data("to " + text(message))
                .build()));
        dispatcher.subscribe("ask");
        answering.flush(PATIENCE);
        Connection asking = connect();
        Message answer = asking.request(NatsMessage.builder()
                        .subject("ask")
                        .headers(new Headers().add("Say", "one", "two"))
                        .data("me")
                        .build())
                .get();
        assertThat(text(answer)).isEqualTo("to me");
        assertThat(answer.getHeaders().get("Echo")).containsExactly("one", "two");
        assertThatThrownBy(() -> asking.request("nobody", new byte[0]).get())
                .isInstanceOfAny(CancellationException.class, ExecutionException.class);
        Connection reporting = connect(Options.Builder::reportNoResponders);
        assertThatThrownBy(() -> reporting.request("nobody", new byte[0]).get()).hasMessageContaining("503");
    }

    @Test
    void drainsWithoutLoss() throws Exception {
        start(setup -> {});
        List<String> got = new CopyOnWriteArrayList<>();
        Connection draining = connect();
        draining.createDispatcher(message -> got.add(text(message))).subscribe("s");
        draining.flush(PATIENCE);
        Connection publisher = connect();
        for (int i = 0; i < 5000; i++) {
            publisher.publish("s", Setup.bytes("" + i));
        }
        publisher.flush(PATIENCE);
        assertThat(draining.drain(PATIENCE).get()).isTrue();
        assertThat(got).hasSize(5000);
        assertThat(draining.getStatus()).isEqualTo(Connection.Status.CLOSED);
    }

    @Test
    void comesBackAfterTheServerDid() throws Exception {
        start(setup -> {});
        int port = server.port();
        Connection connection = connect();
        Subscription subscription = connection.subscribe("s");
        connection.flush(PATIENCE);
        server.close();
        await().until(() -> told.contains("DISCONNECTED"));
        start(setup -> setup.port = port);
        await().until(() -> told.contains("RESUBSCRIBED"));
        connect().publish("s", Setup.bytes("again"));
        assertThat(next(subscription)).isEqualTo("again");
    }

    @Test
    void userAndPasswordOpenTheDoorAndRightsHold() throws Exception {
        start(setup -> setup.users = List.of(new BusUser(
                "ann",
                "secret",
                new BusUser.Permissions(
                        new BusUser.Subjects(List.of("still.>", "ok"), List.of()),
                        new BusUser.Subjects(List.of(), List.of("hidden.>")),
                        null))));
        assertThatThrownBy(this::connect).isInstanceOf(IOException.class);
        assertThatThrownBy(() -> connect(options -> options.userInfo("ann", "wrong")))
                .isInstanceOf(IOException.class);
        Connection ann = connect(options -> options.userInfo("ann", "secret"));
        ann.publish("forbidden", new byte[0]);
        ann.subscribe("hidden.a");
        await().untilAsserted(() -> assertThat(told)
                .anyMatch(text -> text.contains("Permissions Violation for Publish to \"forbidden\""))
                .anyMatch(text -> text.contains("Permissions Violation for Subscription to \"hidden.a\"")));
        serves(ann);
    }

    @Test
    void aTokenOpensTheDoor() throws Exception {
        start(setup -> setup.token = "t0ken");
        assertThatThrownBy(() -> connect(options -> options.token("other".toCharArray())))
                .isInstanceOf(IOException.class);
        serves(connect(options -> options.token("t0ken".toCharArray())));
    }

    @Test
    void aHashedPasswordOpensTheDoor() throws Exception {
        String hash = at.favre.lib.crypto.bcrypt.BCrypt.withDefaults().hashToString(4, "secret".toCharArray());
        start(setup -> setup.users = List.of(new BusUser("ann", hash, BusUser.Permissions.ALL)));
        assertThatThrownBy(() -> connect(options -> options.userInfo("ann", "s".repeat(200))))
                .isInstanceOf(IOException.class);
        serves(connect(options -> options.userInfo("ann", "secret")));
    }

    @Test
    void anNkeyOpensTheDoor() throws Exception {
        NKey key = NKey.createUser(null);
        String name = new String(key.getPublicKey());
        start(setup -> setup.users = List.of(new BusUser(name, null, BusUser.Permissions.ALL)));
        NKey other = NKey.createUser(null);
        assertThatThrownBy(() -> connect(options -> options.authHandler(Nats.staticCredentials(null, other.getSeed()))))
                .isInstanceOf(IOException.class);
        serves(connect(options -> options.authHandler(Nats.staticCredentials(null, key.getSeed()))));
    }

    @Test
    void speaksThroughTlsAfterInfoOrFirst(@TempDir Path folder) throws Exception {
        Keys keys = Keys.in(folder);
        start(setup -> setup.tls = keys.server(false));
        serves(connect(options -> sslWith(options, keys)));
        server.close();
        start(setup -> setup.tls = keys.server(true));
        serves(connect(options -> sslWith(options, keys).tlsFirst()));
    }

    private static Options.Builder sslWith(Options.Builder options, Keys keys) {
        try {
            return options.sslContext(keys.client());
        } catch (java.security.GeneralSecurityException | IOException fault) {
            throw new IllegalStateException(fault);
        }
    }

    @Test
    void aMessageThatIsTooLargeIsRefused() throws Exception {
        start(setup -> setup.maxPayload = 1000);
        Connection connection = connect();
        assertThat(connection.getMaxPayload()).isEqualTo(1000);
        Connection careless = connect(options -> options.clientSideLimitChecks(false));
        careless.publish("s", new byte[2000]);
        await().until(() -> told.stream().anyMatch(text -> text.contains("Maximum Payload Violation")));
    }

    @Test
    void hearsThatTheServerIsLeaving() throws Exception {
        start(setup -> {
            setup.lameDuckGrace = Duration.ofSeconds(5);
            setup.lameDuckDuration = Duration.ofMillis(100);
        });
        Connection connection = connect(options -> options.maxReconnects(0));
        Thread leaving = Thread.startVirtualThread(() -> {
            try {
                server.lameDuck();
            } catch (InterruptedException stop) {
                Thread.currentThread().interrupt();
            }
        });
        await().until(() -> told.contains("LAME_DUCK"));
        connection.close();
        leaving.join();
    }
}
