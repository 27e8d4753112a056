package holt.controller;

import holt.bus.BusMonitor;
import holt.bus.EmbeddedBus;
import holt.identity.Role;
import holt.identity.Seal;
import holt.identity.Tokens;
import holt.model.Api;
import holt.model.Digest;
import holt.model.Json;
import holt.model.Tree;
import holt.model.TreeEntry;
import holt.store.FolderBlobs;
import holt.store.TokenRow;
import holt.store.TruthStore;
import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Instant;
import java.time.InstantSource;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import org.jspecify.annotations.Nullable;

/** A controller with a real store, a real bus, and a fake agent and stager; talked to over real HTTP. */
final class TestPlatform implements AutoCloseable {
    final EmbeddedBus bus = new EmbeddedBus();
    final TruthStore store;
    final FolderBlobs blobs;
    final Seal seal;
    final Controller controller;
    final FakeStager stager;
    final FakeAgent agent;
    final HttpClient http =
            HttpClient.newBuilder().version(HttpClient.Version.HTTP_1_1).build();
    final Map<Role, String> tokens = new EnumMap<>(Role.class);
    final String adminToken;

    TestPlatform(Path home) {
        this(home, ApiLimits.standard());
    }

    TestPlatform(Path home, ApiLimits limits) {
        this(home, limits, new NoMonitor());
    }

    TestPlatform(Path home, ApiLimits limits, BusMonitor monitor) {
        this.store = TruthStore.open(home.resolve("truth.db"));
        this.blobs = new FolderBlobs(home.resolve("blobs"));
        this.seal = Seal.open(home.resolve("secret.key"));
        ControllerSettings settings = ControllerSettings.of(home, "localhost", () -> "http://%s:8080", "0.1.0")
                .withLimits(limits);
        this.controller = new Controller(settings, bus, monitor, store, blobs, seal, InstantSource.system());
        this.adminToken = controller.bootstrapAdminToken().orElse("");
        for (Role role : List.of(Role.ADMIN, Role.DEVELOPER, Role.READER)) {
            Tokens.Created token = Tokens.create();
            store.insertToken(
                    new TokenRow(token.id(), "test-" + role.text(), role.text(), token.hash(), Instant.now(), null));
            tokens.put(role, token.text());
        }
        controller.start();
        this.stager = new FakeStager(bus, blobs);
        this.agent = new FakeAgent(bus, "host-1");
    }

    URI uri(String path) {
        return URI.create("http://127.0.0.1:" + controller.port() + "/api/v1" + path);
    }

    HttpRequest.Builder request(String path) {
        return HttpRequest.newBuilder(uri(path))
                .timeout(java.time.Duration.ofSeconds(60))
                .header("Authorization", "Bearer " + tokens.get(Role.ADMIN));
    }

    HttpResponse<String> send(HttpRequest request) throws IOException, InterruptedException {
        return http.send(request, HttpResponse.BodyHandlers.ofString());
    }

    HttpResponse<String> read(String path) throws IOException, InterruptedException {
        return send(request(path).build());
    }

    HttpResponse<String> call(String method, String path, @Nullable Object body)
            throws IOException, InterruptedException {
        return callText(method, path, body == null ? null : Json.text(body));
    }

    HttpResponse<String> callText(String method, String path, @Nullable String body)
            throws IOException, InterruptedException {
        HttpRequest.Builder request = request(path);
        if (body == null) {
            request.method(method, HttpRequest.BodyPublishers.noBody());
        } else {
            request.method(method, HttpRequest.BodyPublishers.ofString(body))
                    .header("Content-Type", "application/json");
        }
        return send(request.build());
    }

    <T> T read(String path, Class<T> type) throws IOException, InterruptedException {
        return Json.read(read(path).body(), type);
    }

    static Problems.Document problem(HttpResponse<String> answer) {
        org.assertj.core.api.Assertions.assertThat(answer.headers().firstValue("Content-Type"))
                .hasValue("application/problem+json");
        return Json.read(answer.body(), Problems.Document.class);
    }

    Sses stream(String path) throws IOException, InterruptedException {
        return stream(path, null);
    }

    Sses stream(String path, @Nullable String lastEventId) throws IOException, InterruptedException {
        HttpRequest.Builder request = request(path);
        if (lastEventId != null) {
            request.header("Last-Event-ID", lastEventId);
        }
        return new Sses(http.send(request.build(), HttpResponse.BodyHandlers.ofInputStream()));
    }

    /** Uploads a tiny package and begins its build. */
    Api.Build build(String content) throws IOException, InterruptedException {
        byte[] bytes = content.getBytes(StandardCharsets.UTF_8);
        blobs.putBytes(bytes);
        Tree tree = new Tree(List.of(TreeEntry.file("index.html", false, Digest.of(bytes), bytes.length)));
        return Json.read(
                call("POST", "/builds", new Api.BuildRequest(tree, null, null)).body(), Api.Build.class);
    }

    Api.Build built(String content) throws IOException, InterruptedException {
        String id = build(content).id();
        try (Sses stream = stream("/builds/" + id + "/stream")) {
            return Json.read(stream.nextNamed("done").data(), Api.Build.class);
        }
    }

    Api.PutApp put(String build) {
        return new Api.PutApp(build, null, null, null, null, null, null);
    }

    Api.PutAppResponse push(String app) throws IOException, InterruptedException {
        Api.Build build = built("hello from " + app + " " + UUID.randomUUID());
        return Json.read(call("PUT", "/apps/" + app, put(build.id())).body(), Api.PutAppResponse.class);
    }

    Api.AppView app(String name) throws IOException, InterruptedException {
        return read("/apps/" + name, Api.AppView.class);
    }

    @Override
    public void close() {
        http.close();
        controller.close();
        agent.close();
        stager.close();
        bus.close();
        store.close();
    }
}
