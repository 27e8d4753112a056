package holt.cli;

import static org.assertj.core.api.Assertions.assertThat;

import holt.model.Api;
import holt.model.ErrorCode;
import holt.model.Json;
import holt.model.Problem;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;
import java.util.Random;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class PushTest {
    @TempDir
    Path folder;

    private FakePlatform platform;
    private Cli cli;
    private Path app;

    @BeforeEach
    void start() throws IOException {
        platform = FakePlatform.start();
        cli = Cli.at(platform, folder);
        app = Files.createDirectories(folder.resolve("My Shop"));
        Files.writeString(app.resolve("server.js"), "run()");
        Files.writeString(app.resolve("package.json"), "{}");
    }

    @AfterEach
    void stop() {
        platform.close();
    }

    @Test
    void aNewAppIsTakenFromUploadToUrl() {
        Cli.Result result = push();
        assertThat(result.exitCode()).isZero();
        assertThat(result.out())
                .contains(
                        "Pushing new app my-shop from " + app,
                        "2 files, 7B; uploaded all of it",
                        "Start command: node server.js",
                        "Starting release 1, 1 instance",
                        "Instance 0 is starting on box.",
                        "Instance 0 is running.",
                        "my-shop is live at http://my-shop.localhost:8080 (");
        assertThat(result.err()).isEmpty();
        assertThat(platform.blobs).hasSize(2);
    }

    @Test
    void theSameAgainChangesNothing() {
        push();
        Cli.Result again = push();
        assertThat(again.exitCode()).isZero();
        assertThat(again.out()).contains("all of it is there already", "Nothing changed: release 1 of my-shop");
        assertThat(platform.requests.stream().filter(request -> request.startsWith("PUT")))
                .hasSize(1);
    }

    @Test
    void onlyWhatChangedTravels() throws IOException {
        push();
        Files.writeString(app.resolve("server.js"), "run(2)");
        assertThat(push().out()).contains("uploaded 1 of them, 6B", "Starting release 2", "is live");
        assertThat(platform.blobs).hasSize(3);
    }

    @Test
    void wishesWithoutNewCodeAreAChangeOfTheApp() {
        push();
        Cli.Result result = push("--instances", "3", "--env", "STAGE=test");
        assertThat(result.out()).contains("my-shop is changed, and serves release 1");
        assertThat(platform.apps.get("my-shop").view().instances()).isEqualTo(3);
        assertThat(platform.apps.get("my-shop").environment()).isEqualTo(Map.of("STAGE", "test"));
    }

    @Test
    void largeFilesTravelAlone() throws IOException {
        byte[] large = new byte[9 << 20];
        new Random(1).nextBytes(large);
        Files.write(app.resolve("model.bin"), large);
        assertThat(push().exitCode()).isZero();
        assertThat(platform.requests).anyMatch(request -> request.startsWith("PUT /api/v1/blobs/"));
        assertThat(platform.blobs.values()).anyMatch(content -> content.length == large.length);
    }

    @Test
    void asJsonTheResultIsTheAppAndTheRestGoesToPeople() {
        Cli.Result result = push("--json");
        assertThat(Json.readStrictly(result.out().getBytes(), Api.AppView.class).liveVersion())
                .isEqualTo(1);
        assertThat(result.err()).contains("Instance 0 is running.");
    }

    @Test
    void withoutStartItOnlyLiesThere() {
        assertThat(push("--no-start").out()).contains("does not run", "holt start my-shop");
    }

    @Test
    void routesAreWhatIsAskedFor() {
        push("--route", "www", "--route", "shop.example.org");
        assertThat(platform.apps.get("my-shop").view().routes()).containsExactly("www.localhost", "shop.example.org");
        assertThat(cli.run("push", "worker", "--path", app.toString(), "--no-route")
                        .out())
                .contains("without a route");
        assertThat(push("--no-route", "--route", "x").exitCode()).isEqualTo(ExitCode.USAGE);
    }

    @Test
    void failedStagingMakesNoApp() {
        platform.stagingFault = Problem.of(ErrorCode.DETECTION_FAILED, "No way to run this was found.");
        Cli.Result result = push();
        assertThat(result.exitCode()).isEqualTo(ExitCode.FAILED);
        assertThat(result.err()).contains("Staging failed (detection-failed): No way to run this was found.");
        assertThat(platform.apps).isEmpty();
    }

    @Test
    void aNewAppThatDoesNotComeUpIsRemovedAgain() {
        platform.releaseFault = "Release 1 of my-shop did not come up: exit code 3";
        Cli.Result result = push();
        assertThat(result.exitCode()).isEqualTo(ExitCode.FAILED);
        assertThat(result.out()).contains("Its last lines:", "no module named flask");
        assertThat(result.err()).contains("did not come up: exit code 3.", "removed again", "--keep");
        assertThat(platform.apps).isEmpty();
    }

    @Test
    void withKeepItStays() {
        platform.releaseFault = "Release 1 of my-shop did not come up: exit code 3";
        assertThat(push("--keep").exitCode()).isEqualTo(ExitCode.FAILED);
        assertThat(platform.apps).containsKey("my-shop");
    }

    @Test
    void anAppThatWasThereKeepsServing() throws IOException {
        push();
        platform.releaseFault = "Release 2 of my-shop did not come up: exit code 3";
        Files.writeString(app.resolve("server.js"), "crash()");
        Cli.Result result = push();
        assertThat(result.exitCode()).isEqualTo(ExitCode.FAILED);
        assertThat(result.err()).contains("my-shop keeps serving release 1.");
        assertThat(platform.apps).containsKey("my-shop");
    }

    @Test
    void whatTheKernelSaysOfTheOldReleaseIsNotSaidAgain() throws IOException {
        push();
        platform.releaseFault = "Release 2 of my-shop did not come up: exit code 3; release 1 keeps serving";
        Files.writeString(app.resolve("server.js"), "crash()");
        assertThat(push().err())
                .isEqualTo("Error: Release 2 of my-shop did not come up: exit code 3; release 1 keeps serving.\n");
    }

    @Test
    void aFailedReleaseThatWroteNothingIsNotShownWithLinesOfTheOldOne() throws IOException {
        push();
        platform.log("my-shop", 0, "out", "serving as ever");
        platform.releaseFault = "Release 2 of my-shop did not come up: exit code 3";
        platform.releaseEvidence = Map.of("log", "", "pid", "10");
        Files.writeString(app.resolve("server.js"), "crash()");
        assertThat(push().out()).contains("It wrote nothing.").doesNotContain("serving as ever", "Its last lines");
    }

    @Test
    void withoutItsLogAFailedReleaseShowsOnlyTheLinesOfItsOwnProcess() throws IOException {
        push();
        platform.log("my-shop", 1, "out", "crashing now");
        platform.log("my-shop", 0, "out", "serving as ever");
        platform.releaseFault = "Release 2 of my-shop did not come up: exit code 3";
        platform.releaseEvidence = Map.of("pid", "11");
        Files.writeString(app.resolve("server.js"), "crash()");
        assertThat(push().out())
                .contains("Its last lines:", "crashing now")
                .doesNotContain("serving as ever", "It wrote nothing");
        platform.releaseEvidence = Map.of();
        Files.writeString(app.resolve("server.js"), "crash(2)");
        assertThat(push().out()).doesNotContain("serving as ever", "crashing now");
    }

    @Test
    void aRouteOfAnotherAppIsRefusedBeforeTheUpload() {
        platform.run("other", 1);
        Cli.Result result = push("--route", "free", "--route", "Other");
        assertThat(result.exitCode()).isEqualTo(ExitCode.FAILED);
        assertThat(result.err())
                .contains(
                        "other.localhost leads to the app other already.",
                        "Expected: a route of no other app.",
                        "holt unmap other other.localhost");
        assertThat(platform.requests).noneMatch(request -> request.contains("/blobs") || request.contains("/builds"));
    }

    @Test
    void theUsualRouteOfANewAppMayBeTakenToo() {
        platform.run("other", 1);
        cli.run("map", "other", "my-shop");
        assertThat(push().err()).contains("my-shop.localhost leads to the app other already.");
        assertThat(push("--no-route").exitCode()).isZero();
    }

    @Test
    void routesOfItsOwnCanBeNamedAgain() {
        push();
        assertThat(push("--route", "my-shop").exitCode()).isZero();
    }

    @Test
    void lostConnectionsAreTakenUpWhereTheyBroke() {
        platform.cutStreamsAfter = 1;
        Cli.Result result = push("--instances", "3");
        assertThat(result.exitCode()).isZero();
        for (int i = 0; i < 3; i++) {
            assertThat(result.out()).containsOnlyOnce("Instance " + i + " is running.");
        }
    }

    @Test
    void mistakesAreFoundBeforeAnythingIsSent() throws IOException {
        int before = platform.requests.size();
        Path empty = Files.createDirectories(folder.resolve("empty"));
        for (String[] mistake : new String[][] {
            {"--memory", "0"},
            {"--memory", "-1"},
            {"--memory", "1T"},
            {"--instances", "-1"},
            {"--instances", "1001"},
            {"--route", "a b"},
            {"--start-limit", "0"},
            {"--env", "nothing"},
            {"Bad_Name"}
        }) {
            Cli.Result result = push(mistake);
            assertThat(result.exitCode()).as(String.join(" ", mistake)).isIn(ExitCode.FAILED, ExitCode.USAGE);
            assertThat(result.err()).as(String.join(" ", mistake)).containsIgnoringCase("expected");
        }
        assertThat(cli.run("push", "--path", "/nowhere").err()).contains("There is no folder or file at /nowhere.");
        assertThat(cli.run("push", "--path", empty.toString()).err()).contains("There is no file to push");
        assertThat(platform.requests).hasSize(before);
    }

    @Test
    void anIllegalNameGetsALegalOne() {
        assertThat(push("Bad_Name").err()).contains("Try 'bad-name'.");
        assertThat(push("api").err()).contains("reserved", "Try 'api-app'.");
    }

    @Test
    void onAScreenTheUploadIsABar() {
        String out =
                cli.onTerminal(80, false).run("push", "--path", app.toString()).out();
        assertThat(out).contains("Uploading ─", "0B of 7B").contains("\r\u001b[K");
    }

    @Test
    void whatIsPushedOverIsNotWaitedFor() {
        platform.stuck = true;
        Thread.ofVirtual().start(() -> {
            org.awaitility.Awaitility.await().until(() -> platform.events.size() >= 2);
            platform.event(
                    "my-shop",
                    "release.failed",
                    "Release 1 was superseded",
                    Map.of("version", "1", "reason", "superseded"));
        });
        Cli.Result result = push();
        assertThat(result.exitCode()).isEqualTo(ExitCode.FAILED);
        assertThat(result.err()).contains("superseded");
        assertThat(platform.apps).containsKey("my-shop");
    }

    private Cli.Result push(String... more) {
        String[] whole = new String[more.length + 3];
        whole[0] = "push";
        whole[1] = "--path";
        whole[2] = app.toString();
        System.arraycopy(more, 0, whole, 3, more.length);
        return cli.run(whole);
    }
}
