package holt.stager;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import holt.bus.Bus;
import holt.bus.EmbeddedBus;
import holt.model.AgentReply;
import holt.model.Json;
import holt.model.StageProgress;
import holt.model.StageRequest;
import holt.model.Subjects;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class StagerTest {
    private static final Duration PATIENCE = Duration.ofSeconds(30);

    @TempDir
    Path home;

    private final Bus bus = new EmbeddedBus();
    private StagingFixture packages;
    private Stager stager;

    @BeforeEach
    void start() {
        packages = new StagingFixture(home);
        stager = new Stager(bus, packages.blobs, home.resolve("stacks"));
        stager.start();
    }

    @AfterEach
    void end() {
        stager.close();
        bus.close();
    }

    private List<StageProgress> stage(String build, String tree) throws Exception {
        List<StageProgress> progress = new CopyOnWriteArrayList<>();
        bus.subscribe(
                Subjects.stageProgress(build),
                message -> progress.add(Json.read(message.payload(), StageProgress.class)));
        byte[] request = Json.bytes(new StageRequest(build, tree, null));
        byte[] reply = bus.request(Subjects.STAGE, request, PATIENCE).get();
        assertThat(Json.read(reply, AgentReply.class)).isEqualTo(new AgentReply.Accepted());
        await().atMost(PATIENCE)
                .until(() -> !progress.isEmpty() && progress.getLast().result() != null);
        return progress;
    }

    @Test
    void anAcceptedBuildTellsItsLinesAndThenItsResult() throws Exception {
        List<StageProgress> progress = stage("b1", packages.upload("index.html", "hi"));
        assertThat(progress.getFirst().line()).startsWith("==> Package: 1 file");
        assertThat(progress.subList(0, progress.size() - 1)).allMatch(each -> each.line() != null);
        StageProgress.Result result = progress.getLast().result();
        assertThat(result.failure()).isNull();
        assertThat(packages.blobs.has(result.droplet())).isTrue();
    }

    @Test
    void aBuildThatFailsSaysWhy() throws Exception {
        StageProgress.Result result =
                stage("b2", packages.upload("README.md", "hi")).getLast().result();
        assertThat(result.droplet()).isNull();
        assertThat(result.failure()).isEqualTo("detection-failed");
        assertThat(result.detail()).contains("Procfile").contains("README.md");
    }

    @Test
    void manyBuildsAtOnceAllEnd() throws Exception {
        List<StageProgress> progress = new CopyOnWriteArrayList<>();
        bus.subscribe(
                "holt.stage.progress.*", message -> progress.add(Json.read(message.payload(), StageProgress.class)));
        for (int count = 0; count < 20; count++) {
            String tree = packages.upload("index.html", "page " + count);
            bus.request(Subjects.STAGE, Json.bytes(new StageRequest("m" + count, tree, null)), PATIENCE)
                    .get();
        }
        await().atMost(PATIENCE)
                .until(() -> progress.stream()
                                .filter(each ->
                                        each.result() != null && each.result().failure() == null)
                                .count()
                        == 20);
    }

    @Test
    void aRequestThatIsNoneIsRefused() throws Exception {
        byte[] reply = bus.request(Subjects.STAGE, "nope".getBytes(StandardCharsets.UTF_8), PATIENCE)
                .get();
        assertThat(Json.read(reply, AgentReply.class)).isInstanceOf(AgentReply.Refused.class);
    }
}
