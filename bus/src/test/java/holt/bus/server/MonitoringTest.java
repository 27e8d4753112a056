package holt.bus.server;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assumptions.assumeThat;
import static org.awaitility.Awaitility.await;

import holt.model.Json;
import java.io.IOException;
import java.net.ServerSocket;
import java.net.Socket;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import tools.jackson.databind.JsonNode;

/** The pages beside those of nats-server, with the same clients on both. */
final class MonitoringTest {
    private static final List<Path> PLACES = List.of(
            Path.of("/usr/sbin/nats-server"), Path.of("/usr/bin/nats-server"), Path.of("/usr/local/bin/nats-server"));

    /** What dashboards read of varz. */
    private static final Set<String> READ = Set.of(
            "server_id",
            "version",
            "cpu",
            "mem",
            "cores",
            "connections",
            "total_connections",
            "in_msgs",
            "out_msgs",
            "in_bytes",
            "out_bytes",
            "slow_consumers",
            "subscriptions",
            "routes",
            "remotes",
            "leafnodes",
            "start",
            "now",
            "uptime",
            "max_connections",
            "max_payload",
            "max_pending",
            "max_control_line",
            "ping_interval",
            "ping_max",
            "auth_timeout",
            "tls_timeout",
            "write_deadline",
            "port",
            "host",
            "config_load_time");

    private static final List<String> EQUAL_FIGURES = List.of(
            "connections",
            "total_connections",
            "in_msgs",
            "out_msgs",
            "in_bytes",
            "out_bytes",
            "slow_consumers",
            "routes",
            "remotes",
            "leafnodes",
            "max_connections",
            "max_payload",
            "max_pending",
            "max_control_line",
            "ping_interval",
            "ping_max",
            "auth_timeout",
            "tls_timeout",
            "write_deadline",
            "proto");

    private final HttpClient http = HttpClient.newHttpClient();
    private final List<RawClient> clients = new ArrayList<>();
    private Process reference;
    private int port;
    private int pages;
    private BusServer ours;

    @BeforeEach
    void start() throws IOException, InterruptedException {
        Path program = PLACES.stream().filter(Files::isExecutable).findFirst().orElse(null);
        assumeThat(program).as("nats-server is installed (./verify does it)").isNotNull();
        ours = Setup.start(setup -> setup.maxConnections = 65_536);
        port = free();
        pages = free();
        reference = new ProcessBuilder(program.toString(), "-a", "127.0.0.1", "-p", "" + port, "-m", "" + pages)
                .redirectErrorStream(true)
                .redirectOutput(ProcessBuilder.Redirect.DISCARD)
                .start();
        await().ignoreExceptionsInstanceOf(IOException.class).until(() -> {
            new Socket("127.0.0.1", port).close();
            new Socket("127.0.0.1", pages).close();
            return true;
        });
        await().until(() -> theirs("varz").get("connections").intValue() == 0);
    }

    @AfterEach
    void stop() throws IOException, InterruptedException {
        for (RawClient each : clients) {
            each.close();
        }
        if (ours != null) {
            ours.closeNow();
        }
        http.close();
        if (reference != null) {
            reference.destroy();
            reference.waitFor();
        }
    }

    private static int free() throws IOException {
        try (ServerSocket socket = new ServerSocket(0)) {
            return socket.getLocalPort();
        }
    }

    private JsonNode theirs(String page) throws IOException, InterruptedException {
        HttpRequest request = HttpRequest.newBuilder(URI.create("http://127.0.0.1:" + pages + "/" + page))
                .build();
        return Json.tree(
                http.send(request, HttpResponse.BodyHandlers.ofByteArray()).body());
    }

    /** Two clients, five subscriptions, three messages to four receivers. */
    private void play(int at) throws IOException {
        RawClient first = RawClient.open(at);
        clients.add(first);
        first.line();
        first.send("CONNECT {\"verbose\":false,\"name\":\"first\",\"lang\":\"java\",\"version\":\"1\"}\r\n"
                + "SUB a.* 1\r\nSUB a.> 2\r\nSUB b crew 3\r\n");
        first.flush();
        RawClient second = RawClient.to(at);
        clients.add(second);
        second.send("SUB b crew 1\r\nSUB c 2\r\nPUB a.x 3\r\nabc\r\nPUB b 2\r\nhi\r\nPUB nobody 4\r\n1234\r\n");
        RawClient gone = RawClient.to(at);
        gone.close();
        assertThat(first.next().text()).isEqualTo("abc");
    }

    private void playOnBoth() throws IOException {
        play(port);
        play(ours.port());
        await().until(() -> theirs("varz").get("connections").intValue() == 2
                && Setup.figure(ours, "connections") == 2
                && theirs("varz").get("in_msgs").intValue() == 3
                && Setup.figure(ours, "in_msgs") == 3);
    }

    private static Set<String> names(JsonNode node) {
        return new TreeSet<>(node.propertyNames());
    }

    @Test
    void varzHasTheFiguresDashboardsReadAndTheSameValues() throws Exception {
        playOnBoth();
        JsonNode theirs = theirs("varz");
        JsonNode page = Setup.page(ours, "varz", Map.of());
        assertThat(names(theirs)).as("the reference").containsAll(READ);
        assertThat(names(page)).containsAll(READ);
        // total_connections: waiting for the reference to be ready took one connection
        for (String name : EQUAL_FIGURES) {
            long difference = name.equals("total_connections") ? 1 : 0;
            assertThat(page.get(name).doubleValue() + difference)
                    .as(name)
                    .isEqualTo(theirs.get(name).doubleValue());
        }
        for (String name : READ) {
            assertThat(page.get(name).getNodeType())
                    .as(name)
                    .isEqualTo(theirs.get(name).getNodeType());
        }
        assertThat(page.get("subscriptions").intValue()).isEqualTo(5);
        assertThat(page.get("mem").longValue()).isPositive();
        assertThat(page.get("uptime").stringValue()).matches("\\d+s");
    }

    @Test
    void connzShowsTheSameConnections() throws Exception {
        playOnBoth();
        JsonNode theirs = theirs("connz?subs=1&sort=cid");
        JsonNode page = Setup.page(ours, "connz", Map.of("subs", "1", "sort", "cid"));
        assertThat(names(page)).isEqualTo(names(theirs));
        for (String name : List.of("num_connections", "total", "offset", "limit")) {
            assertThat(page.get(name)).as(name).isEqualTo(theirs.get(name));
        }
        for (int i = 0; i < 2; i++) {
            JsonNode their = theirs.get("connections").get(i);
            JsonNode our = page.get("connections").get(i);
            assertThat(without(names(our), "rtt")).isEqualTo(without(names(their), "rtt"));
            for (String name : List.of("kind", "type", "ip", "in_msgs", "in_bytes", "subscriptions", "pending_bytes")) {
                assertThat(our.get(name)).as(name).isEqualTo(their.get(name));
            }
            assertThat(sorted(our.get("subscriptions_list"))).isEqualTo(sorted(their.get("subscriptions_list")));
        }
        assertThat(page.get("connections").get(0).get("name").stringValue()).isEqualTo("first");
    }

    @Test
    void connzShowsThoseThatAreGoneAndWhy() throws Exception {
        playOnBoth();
        JsonNode their = theirs("connz?state=closed&sort=stop").get("connections");
        JsonNode our = Setup.page(ours, "connz", Map.of("state", "closed", "sort", "stop"))
                .get("connections");
        JsonNode theirLast = their.get(their.size() - 1);
        assertThat(our.size()).isEqualTo(1);
        assertThat(without(names(our.get(0)), "rtt")).isEqualTo(without(names(theirLast), "rtt"));
        assertThat(our.get(0).get("reason")).isEqualTo(theirLast.get("reason"));
    }

    @Test
    void subszCountsTheSame() throws Exception {
        playOnBoth();
        JsonNode page = Setup.page(ours, "subsz", Map.of("subs", "1"));
        JsonNode theirs = theirs("subsz?subs=1");
        assertThat(names(page)).isEqualTo(names(theirs));
        assertThat(page.get("num_subscriptions").intValue()).isEqualTo(5);
        Set<String> ourRow = names(page.get("subscriptions_list").get(0));
        assertThat(ourRow).contains("subject", "sid", "msgs", "cid");
        assertThat(Setup.page(ours, "subsz", Map.of("test", "a.x"))
                        .get("subscriptions_list")
                        .size())
                .isEqualTo(2);
    }

    @Test
    void healthzIsWell() throws Exception {
        assertThat(Setup.page(ours, "healthz", Map.of())).isEqualTo(theirs("healthz"));
    }

    @Test
    void listsAreSortedCutAndWrongParametersNamed() throws Exception {
        playOnBoth();
        JsonNode page = Setup.page(ours, "connz", Map.of("sort", "subs", "limit", "1", "offset", "1"));
        assertThat(page.get("num_connections").intValue()).isEqualTo(1);
        assertThat(page.get("total").intValue())
                .isEqualTo(theirs("connz?limit=1&offset=1").get("total").intValue());
        assertThat(page.get("connections").get(0).get("subscriptions").intValue())
                .isEqualTo(2);
        assertThatThrownBy(() -> ours.page("connz", Map.of("sort", "beauty"))).hasMessageContaining("beauty");
        assertThatThrownBy(() -> ours.page("connz", Map.of("limit", "all"))).hasMessageContaining("all");
        assertThatThrownBy(() -> ours.page("routez", Map.of())).hasMessageContaining("routez");
    }

    private static Set<String> without(Set<String> names, String one) {
        Set<String> rest = new TreeSet<>(names);
        rest.remove(one);
        return rest;
    }

    private static Set<String> sorted(JsonNode list) {
        Set<String> all = new TreeSet<>();
        list.valueStream().forEach(each -> all.add(each.stringValue()));
        return all;
    }
}
