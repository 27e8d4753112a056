package holt.bus.server;

import static org.assertj.core.api.Assertions.assertThat;

import holt.model.Json;
import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

class MonitoringServerTest {
    private final HttpClient http = HttpClient.newHttpClient();
    private BusServer bus;
    private MonitoringServer pages;

    @BeforeEach
    void start() throws IOException {
        bus = BusServer.start(BusSettings.inProcess());
        pages = new MonitoringServer(bus, "127.0.0.1", 0);
    }

    @AfterEach
    void stop() {
        pages.close();
        bus.close();
        http.close();
    }

    private HttpResponse<String> ask(String method, String path) throws IOException, InterruptedException {
        return http.send(
                HttpRequest.newBuilder(URI.create("http://127.0.0.1:" + pages.port() + path))
                        .method(method, HttpRequest.BodyPublishers.noBody())
                        .build(),
                HttpResponse.BodyHandlers.ofString());
    }

    @Test
    void countsWhatWasSaid() throws Exception {
        bus.connect("one").publish("some.subject", new byte[10]);
        var page = Json.tree(ask("GET", "/varz").body().getBytes());
        assertThat(page.get("in_msgs").intValue()).isEqualTo(1);
        assertThat(page.get("in_bytes").intValue()).isEqualTo(10);
        assertThat(page.get("connections").intValue()).isEqualTo(1);
    }

    @Test
    void namesConnectionsAndTheirSubscriptionsSorted() throws Exception {
        bus.connect("few");
        bus.connect("many").subscribe("a.*", message -> {});
        var page =
                Json.tree(ask("GET", "/connz?sort=subs&subs=1&limit=1").body().getBytes());
        assertThat(page.get("total").intValue()).isEqualTo(2);
        assertThat(page.get("connections")).hasSize(1);
        var first = page.get("connections").get(0);
        assertThat(first.get("name").stringValue()).isEqualTo("many");
        assertThat(first.get("subscriptions_list").toString()).contains("\"a.*\"");
    }

    @Test
    void tellsWhomASubjectIsFor() throws Exception {
        bus.connect("one").subscribe("a.*", "workers", message -> {});
        bus.connect("two").subscribe("b", message -> {});
        var page = Json.tree(ask("GET", "/subsz?test=a.x").body().getBytes());
        assertThat(page.get("total").intValue()).isEqualTo(1);
        assertThat(page.get("subscriptions_list").get(0).get("qgroup").stringValue())
                .isEqualTo("workers");
    }

    @Test
    void isHealthy() throws Exception {
        assertThat(ask("GET", "/healthz").body()).isEqualTo("{\"status\":\"ok\"}");
    }

    @Test
    void saysWhatIsWrongWithAQuestion() throws Exception {
        assertThat(ask("GET", "/connz?sort=best").statusCode()).isEqualTo(400);
        assertThat(ask("GET", "/connz?sort=best").body())
                .contains("cid, start, subs")
                .contains("best");
        assertThat(ask("GET", "/connz?limit=many").body()).contains("limit").contains("many");
        assertThat(ask("GET", "/subsz?test=a.*").body()).contains("wildcards");
        assertThat(ask("GET", "/jsz").statusCode()).isEqualTo(404);
        assertThat(ask("GET", "/jsz").body()).contains("varz, connz, subsz, healthz");
        assertThat(ask("POST", "/varz").statusCode()).isEqualTo(405);
    }

    @Test
    void showsAPageWithLinks() throws Exception {
        assertThat(ask("GET", "/").body()).contains("varz", "connz", "subsz", "healthz");
    }
}
