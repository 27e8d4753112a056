package holt.controller;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import holt.model.Api;
import holt.model.Event;
import holt.model.Json;
import holt.model.RouteUpdate;
import holt.model.Subjects;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class PushTest {
    @TempDir
    Path home;

    private TestPlatform platform;
    private final List<RouteUpdate> updates = new CopyOnWriteArrayList<>();

    @BeforeEach
    void start() {
        platform = new TestPlatform(home);
        platform.bus.subscribe(
                Subjects.ROUTES, message -> updates.add(Json.read(message.payload(), RouteUpdate.class)));
    }

    @AfterEach
    void stop() {
        platform.close();
    }

    private void awaitRunning(String app, int instances) {
        await().atMost(Duration.ofSeconds(30)).untilAsserted(() -> {
            Api.AppView view = platform.app(app);
            assertThat(view.health()).isEqualTo("running");
            assertThat(view.running()).isEqualTo(instances);
        });
    }

    @Test
    void bringsAPackageFromBuildToRunningAndRouted() throws Exception {
        Api.PutAppResponse answer = platform.push("shop");

        assertThat(answer.created()).isTrue();
        assertThat(answer.version()).isEqualTo(1);
        awaitRunning("shop", 1);
        Api.AppView app = platform.app("shop");
        assertThat(app.urls()).containsExactly("http://shop.localhost:8080");
        assertThat(app.liveVersion()).isEqualTo(1);
        await().atMost(Duration.ofSeconds(10))
                .untilAsserted(() -> assertThat(updates)
                        .flatMap(RouteUpdate::routes)
                        .anySatisfy(route -> {
                            assertThat(route.host()).isEqualTo("shop.localhost");
                            assertThat(route.endpoints()).hasSize(1);
                        }));
    }

    @Test
    void tellsWhetherAnAppWasMadeByStatus() throws Exception {
        String build = platform.built("one").id();
        assertThat(platform.call("PUT", "/apps/shop", platform.put(build)).statusCode())
                .isEqualTo(201);
        assertThat(platform.call("PUT", "/apps/shop", platform.put(build)).statusCode())
                .isEqualTo(200);
    }

    @Test
    void answersARouterThatAsksForAllRoutes() throws Exception {
        platform.push("shop");
        awaitRunning("shop", 1);

        byte[] answer = platform.bus
                .request(Subjects.ROUTES_SYNC, new byte[0], Duration.ofSeconds(10))
                .get(10, TimeUnit.SECONDS);

        RouteUpdate update = Json.read(answer, RouteUpdate.class);
        assertThat(update.complete()).isTrue();
        assertThat(update.routes()).extracting(RouteUpdate.Route::host).contains("shop.localhost");
    }

    @Test
    void showsTheTreeOfProcessesParentsFirst() throws Exception {
        platform.push("shop");
        awaitRunning("shop", 1);

        List<Api.ProcessView> processes =
                platform.read("/processes", Api.Processes.class).processes();

        assertThat(processes)
                .extracting(Api.ProcessView::program)
                .containsExactly("platform", "supervisor", "instance");
        assertThat(processes.get(1).ppid()).isEqualTo(1);
        assertThat(processes.get(2).ppid()).isEqualTo(processes.get(1).pid());
        Api.HostView host = platform.read("/hosts", Api.Hosts.class).hosts().getFirst();
        assertThat(host.state()).isEqualTo("up");
        assertThat(host.capacity().memoryBytes()).isEqualTo(host.memoryBytes());
        assertThat(host.free().memoryBytes()).isLessThan(host.memoryBytes());
    }

    @Test
    void saysWhyAProcessRunsWhereItDoes() throws Exception {
        platform.push("shop");
        awaitRunning("shop", 1);
        long pid = platform.app("shop").processes().getFirst().pid();

        Api.Why why = platform.read("/processes/" + pid + "/why", Api.Why.class);

        assertThat(why.pid()).isEqualTo(pid);
        assertThat(why.summary()).contains("shop/0", " runs on ");
        assertThat(why.remedies()).isEmpty();
        assertThat(platform.read("/processes/1/why", Api.Why.class).summary()).contains("the platform");
    }

    @Test
    void saysWhyAProcessFindsNoHost() throws Exception {
        String build = platform.built("shop").id();
        var placement = new Api.PlacementBody(List.of("gpu"), null, null);
        platform.call("PUT", "/apps/shop", new Api.PutApp(build, null, null, null, null, null, null, placement));
        long pid = platform.app("shop").processes().getFirst().pid();

        Api.Why why = platform.read("/processes/" + pid + "/why", Api.Why.class);

        assertThat(why.summary()).contains("1 host lacks the tag gpu");
        assertThat(why.remedies()).contains("give a host the tag gpu (its setting host.tags)");
    }

    @Test
    void findsNothingToRebalanceOnOneHost() throws Exception {
        platform.push("shop");
        awaitRunning("shop", 1);

        var answer = platform.call("POST", "/rebalance", new Api.Rebalance(null));

        assertThat(Json.read(answer.body(), Api.Moves.class).moves()).isEmpty();
    }

    @Test
    void scalesStopsStartsAndDeletes() throws Exception {
        platform.push("shop");
        awaitRunning("shop", 1);

        assertThat(platform.call("POST", "/apps/shop/scale", new Api.Scale("+2"))
                        .statusCode())
                .isEqualTo(200);
        awaitRunning("shop", 3);
        assertThat(platform.call("POST", "/apps/shop/stop", null).statusCode()).isEqualTo(200);
        await().atMost(Duration.ofSeconds(30))
                .untilAsserted(() -> assertThat(platform.app("shop").processes())
                        .noneMatch(process -> process.state().equals("running")));
        assertThat(platform.call("POST", "/apps/shop/start", null).statusCode()).isEqualTo(200);
        awaitRunning("shop", 3);
        assertThat(platform.call("POST", "/apps/shop/restart", null).statusCode())
                .isEqualTo(200);
        assertThat(platform.call("DELETE", "/apps/shop", null).statusCode()).isEqualTo(204);
        assertThat(platform.read("/apps/shop").statusCode()).isEqualTo(404);
        assertThat(platform.read("/apps/shop/events", Api.Events.class).events())
                .extracting(Event::kind)
                .contains(Event.APP_CREATED, Event.APP_DELETED);
    }

    @Test
    void mapsAndUnmapsRoutes() throws Exception {
        platform.push("shop");
        assertThat(platform.call("POST", "/apps/shop/routes", new Api.RouteBody("Store"))
                        .statusCode())
                .isEqualTo(200);
        assertThat(platform.app("shop").routes()).containsExactly("shop.localhost", "store.localhost");
        assertThat(platform.call("DELETE", "/apps/shop/routes/store.localhost", null)
                        .statusCode())
                .isEqualTo(200);
        assertThat(platform.app("shop").routes()).containsExactly("shop.localhost");
        assertThat(TestPlatform.problem(platform.call("DELETE", "/apps/shop/routes/store", null))
                        .code())
                .isEqualTo("route-not-found");
    }

    @Test
    void mergesTheEnvironmentIntoANewReleaseThatAgentsCanOpen() throws Exception {
        platform.push("shop");
        var body = new Api.PatchEnvironment(java.util.Map.of("COLOUR", "red", "SIZE", "9"), List.of());
        assertThat(platform.call("PATCH", "/apps/shop/environment", body).statusCode())
                .isEqualTo(200);
        var second = new Api.PatchEnvironment(java.util.Map.of("SIZE", "10"), List.of("COLOUR"));
        assertThat(platform.call("PATCH", "/apps/shop/environment", second).statusCode())
                .isEqualTo(200);

        assertThat(platform.read("/apps/shop/environment", Api.Environment.class)
                        .variables())
                .containsExactly(java.util.Map.entry("SIZE", "10"));
        await().atMost(Duration.ofSeconds(30))
                .untilAsserted(() -> assertThat(platform.agent.started())
                        .anySatisfy(spec -> assertThat(platform.seal.openEnvironment(spec.environment()))
                                .containsEntry("SIZE", "10")
                                .doesNotContainKey("COLOUR")));
    }

    @Test
    void losesNoEnvironmentVariableWhenManyAreSetAtOnce() throws Exception {
        platform.push("shop");
        List<Thread> callers = new java.util.ArrayList<>();
        for (int i = 0; i < 8; i++) {
            var body = new Api.PatchEnvironment(java.util.Map.of("KEY_" + i, "x"), null);
            callers.add(Thread.ofVirtual().start(() -> {
                try {
                    platform.call("PATCH", "/apps/shop/environment", body);
                } catch (java.io.IOException | InterruptedException fault) {
                    throw new AssertionError(fault);
                }
            }));
        }
        for (Thread caller : callers) {
            caller.join();
        }
        assertThat(platform.read("/apps/shop/environment", Api.Environment.class)
                        .variables())
                .hasSize(8);
    }

    @Test
    void changesMemoryAndCommandAsANewRelease() throws Exception {
        platform.push("shop");
        var body = new Api.PatchApp(2, "64M", "serve");
        Api.AppView app = Json.read(platform.call("PATCH", "/apps/shop", body).body(), Api.AppView.class);

        assertThat(app.memoryBytes()).isEqualTo(64 << 20);
        assertThat(app.command()).isEqualTo("serve");
        assertThat(app.instances()).isEqualTo(2);
        assertThat(app.version()).isEqualTo(2);
    }

    @Test
    void limitsGoToTheInstancesAndAreCarriedOverByLaterReleases() throws Exception {
        String build = platform.built("shop").id();
        var limits = new Api.LimitsBody("0.5", "1G", "99", "777", "10M", "20M");
        platform.call("PUT", "/apps/shop", new Api.PutApp(build, null, "64M", null, null, null, null, null, limits));
        platform.call(
                "PATCH",
                "/apps/shop",
                new Api.PatchApp(null, "96M", null, new Api.LimitsBody("none", null, null, null, null, null)));

        assertThat(platform.app("shop").limits())
                .isEqualTo(new holt.model.Limits(96 << 20, 0, 99, 1 << 30, 777, 10 << 20, 20 << 20));
        var wrong = new Api.PatchApp(null, null, null, new Api.LimitsBody(null, "a lot", null, null, null, null));
        assertThat(platform.call("PATCH", "/apps/shop", wrong).body()).contains("limit-invalid", "a lot");
    }

    @Test
    void startsAnAppWithoutRoutesWithoutAskingForItsPort() throws Exception {
        String build = platform.built("worker").id();
        platform.call("PUT", "/apps/worker", new Api.PutApp(build, null, null, List.of(), null, 5, null));

        awaitRunning("worker", 1);
        assertThat(platform.agent.started().getLast().readiness())
                .isEqualTo(new holt.model.Readiness(holt.model.Readiness.Kind.NONE, 5));
        assertThat(platform.app("worker").routes()).isEmpty();
    }

    @Test
    void keepsWhatWasAcknowledgedAcrossARestart() throws Exception {
        platform.push("shop");
        platform.close();
        platform = new TestPlatform(home);

        assertThat(platform.app("shop").version()).isEqualTo(1);
        assertThat(platform.adminToken).isEmpty();
        awaitRunning("shop", 1);
    }

    @Test
    void readsFoldersAndLargeFilesOfAnInstance() throws Exception {
        platform.push("shop");
        awaitRunning("shop", 1);
        byte[] large = new byte[1_300_000];
        new java.util.Random(1).nextBytes(large);
        platform.agent.files(java.util.Map.of("large.bin", large));

        assertThat(platform.read("/apps/shop/files", Api.Files.class).files()).hasSize(1);
        var file = platform.http.send(
                platform.request("/apps/shop/files?path=/large.bin").build(),
                java.net.http.HttpResponse.BodyHandlers.ofByteArray());
        assertThat(file.headers().firstValue("Content-Type")).hasValue("application/octet-stream");
        assertThat(file.body()).isEqualTo(large);
        var head = platform.call("HEAD", "/apps/shop/files?path=large.bin", null);
        assertThat(head.statusCode()).isEqualTo(200);
        assertThat(head.headers().firstValue("Content-Length")).hasValue("1300000");
        assertThat(TestPlatform.problem(platform.read("/apps/shop/files?path=nothing"))
                        .detail())
                .isEqualTo("'nothing' cannot be read: it does not exist.");
        assertThat(TestPlatform.problem(platform.read("/apps/shop/files?path=link-out")))
                .satisfies(problem -> assertThat(problem.code()).isEqualTo("file-not-found"))
                .satisfies(problem -> assertThat(problem.detail())
                        .isEqualTo("'link-out' cannot be read: it leads out of the instance's folder."));
        assertThat(TestPlatform.problem(platform.read("/apps/shop/files?path=../etc"))
                        .code())
                .isEqualTo("parameter-invalid");
        assertThat(TestPlatform.problem(platform.read("/apps/shop/files?instance=7"))
                        .code())
                .isEqualTo("instance-not-found");
    }

    @Test
    void letsTheCallerSeeThatAFileIsNotWhole() throws Exception {
        platform.push("shop");
        awaitRunning("shop", 1);
        platform.agent.files(java.util.Map.of("large.bin", new byte[1_300_000]));
        platform.agent.shrinkTo = 600_000;

        org.assertj.core.api.Assertions.assertThatThrownBy(() -> platform.read("/apps/shop/files?path=large.bin"))
                .isInstanceOf(java.io.IOException.class);
    }

    @Test
    void showsWhyAReleaseFailedThatNoHostTakes() throws Exception {
        platform.agent.refusal = "the image is too strange";
        platform.push("shop");

        await().atMost(Duration.ofSeconds(60))
                .untilAsserted(() -> assertThat(platform.app("shop").processes())
                        .anySatisfy(process -> assertThat(process.note()).contains("too strange")));
    }
}
