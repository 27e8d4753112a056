package holt.cli;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import holt.model.Api;
import holt.model.Event;
import holt.model.Json;
import java.io.IOException;
import java.net.ServerSocket;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class CommandsTest {
    private static final Duration LIMIT = Duration.ofSeconds(30);

    @TempDir
    Path folder;

    private FakePlatform platform;
    private Cli cli;

    @BeforeEach
    void start() throws IOException {
        platform = FakePlatform.start();
        platform.run("shop", 2);
        cli = Cli.at(platform, folder);
    }

    @AfterEach
    void stop() {
        platform.close();
    }

    @Test
    void appsAreListedInATable() {
        Cli.Result result = cli.run("apps");
        assertThat(result.exitCode()).isEqualTo(ExitCode.OK);
        assertThat(result.out().lines())
                .containsExactly(
                        "NAME  HEALTH   INSTANCES  MEMORY  URL                         UPDATED",
                        "shop  running        2/2    256M  http://shop.localhost:8080   5m ago");
    }

    @Test
    void noAppsSaysWhatToDo() {
        platform.apps.clear();
        assertThat(cli.run("apps").out()).contains("holt push");
    }

    @Test
    void namesAloneAreForScripts() {
        assertThat(cli.run("apps", "--quiet").out()).isEqualTo("shop\n");
    }

    @Test
    void jsonIsTheRecordOfTheApi() {
        assertThat(Json.readStrictly(cli.run("apps", "--json").out().getBytes(), Api.Apps.class)
                        .apps())
                .hasSize(1);
        assertThat(Json.readStrictly(cli.run("--json", "app", "shop").out().getBytes(), Api.AppView.class)
                        .name())
                .isEqualTo("shop");
        assertThat(Json.readStrictly(cli.run("ps", "--json").out().getBytes(), Api.Processes.class)
                        .processes())
                .hasSize(4);
        assertThat(Json.readStrictly(cli.run("hosts", "--json").out().getBytes(), Api.Hosts.class)
                        .hosts())
                .extracting(Api.HostView::zone)
                .containsExactly("rack-1");
        assertThat(Json.readStrictly(cli.run("logs", "shop", "--json").out().getBytes(), Api.Logs.class)
                        .lines())
                .isEmpty();
        assertThat(Json.readStrictly(cli.run("events", "shop", "--json").out().getBytes(), Api.Events.class)
                        .events())
                .isEmpty();
        assertThat(Json.readStrictly(cli.run("env", "shop", "--json").out().getBytes(), Api.Environment.class)
                        .variables())
                .isEmpty();
        assertThat(Json.readStrictly(cli.run("files", "shop", "--json").out().getBytes(), Api.Files.class)
                        .files())
                .isNotEmpty();
        assertThat(Json.readStrictly(
                                cli.run("scale", "shop", "3", "--json").out().getBytes(), Api.AppView.class)
                        .instances())
                .isEqualTo(3);
        assertThat(Json.readStrictly(cli.run("delete", "shop", "--json").out().getBytes(), Api.AppView.class)
                        .name())
                .isEqualTo("shop");
    }

    @Test
    void anAppIsShownWithItsInstances() {
        String out = cli.run("app", "shop").out();
        assertThat(out).contains("shop  running", "2 of 2 running", "http://shop.localhost:8080", "1, live");
        assertThat(out).containsPattern("0 +running +10 +45M/256M +0.0% +1h 1m +0 +box +10.0.0.2:8080");
    }

    @Test
    void processesAreATree() {
        assertThat(cli.onTerminal(100, false).run("ps").out().lines())
                .containsExactly(
                        "PID  PPID  PROCESS       STATE         MEM   CPU  UPTIME  HOST",
                        "  1     0  holt          running            0.0%   1d 1h",
                        "  2     1  └─ shop       running            0.0%   1d 1h",
                        "210     2     ├─ shop/0  running  45M/256M  0.0%   1h 1m  box",
                        "211     2     └─ shop/1  running  45M/256M  1.3%   1h 1m  box");
    }

    @Test
    void scaleChangesLimits() {
        String out = cli.run("scale", "shop", "-m", "512M", "--cpu", "0.5", "--disk", "2G", "--io", "none")
                .out();
        assertThat(out).contains("gets its limits");
        assertThat(platform.lastPatch)
                .isEqualTo(new Api.PatchApp(
                        null, "512M", null, new Api.LimitsBody("0.5", "2G", null, null, null, "none")));
        assertThat(cli.run("scale", "shop", "4", "--pids", "100").out()).contains("4 instances");
        assertThat(platform.lastPatch.limits().pids()).isEqualTo("100");
        assertThat(cli.run("scale", "shop", "--disk", "much").err()).contains("'much' cannot be a limit of disk", "1G");
        assertThat(cli.run("scale", "--pids", "9").exitCode()).isEqualTo(ExitCode.USAGE);
    }

    @Test
    void processesOfOneApp() {
        platform.run("other", 1);
        assertThat(cli.run("ps", "other").out()).contains("other/0").doesNotContain("shop");
        assertThat(cli.run("ps", "nobody").exitCode()).isEqualTo(ExitCode.FAILED);
    }

    @Test
    void tablesFitTheScreenAndColoursAreForScreensOnly() {
        platform.run("a-rather-long-name-for-an-application", 1);
        for (String command : List.of("apps", "ps", "hosts")) {
            String out = cli.onTerminal(100, false).run(command).out();
            assertThat(out.lines())
                    .filteredOn(line -> !line.contains("://a-rather-long-name"))
                    .allSatisfy(line -> assertThat(line.length()).isLessThanOrEqualTo(100));
            assertThat(out).doesNotContain("\u001b");
        }
        assertThat(cli.onTerminal(70, true).run("apps").out()).contains("\u001b[32mrunning\u001b[0m");
    }

    @Test
    void narrowScreensLoseColumnsButNoPartOfANameOrUrl() {
        String name = "a-rather-long-name-for-an-application";
        platform.run(name, 1);
        assertThat(cli.onTerminal(60, false).run("ps").out())
                .contains(name + "/0 ", "shop/1 ", "STATE")
                .doesNotContain("HOST", "UPTIME", "…");
        assertThat(cli.onTerminal(60, false).run("apps").out())
                .contains(name + " ", "http://" + name + ".localhost:8080")
                .doesNotContain("UPDATED", "…");
    }

    @Test
    void aTableShowsTheFirstOfManyUrlsAndHowManyMoreThereAre() {
        for (String route : List.of("www", "www2", "www3")) {
            cli.run("map", "shop", route);
        }
        assertThat(cli.run("apps").out())
                .contains("http://shop.localhost:8080 +3 ")
                .doesNotContain("www");
        assertThat(cli.run("app", "shop").out()).contains("http://www3.localhost:8080");
    }

    @Test
    void logsOfAnInstanceThatIsNotThereAreRefused() {
        for (String[] command : new String[][] {
            {"logs", "shop", "--instance", "9"},
            {"logs", "shop", "--instance", "9", "--follow"},
            {"logs", "shop", "--instance", "9", "--json"}
        }) {
            Cli.Result result = cli.run(command);
            assertThat(result.exitCode()).isEqualTo(ExitCode.FAILED);
            assertThat(result.err()).contains("shop has no instance 9; it has 0 to 1.");
            assertThat(result.out()).isEmpty();
        }
        assertThat(cli.run("logs", "shop", "--instance", "1").exitCode()).isZero();
        platform.log("shop", 9, "out", "from before it was scaled down");
        assertThat(cli.run("logs", "shop", "--instance", "9").out()).contains("from before");
    }

    @Test
    void whatIsNoNumberIsToldWhatWouldBe() {
        for (List<String> mistake : List.of(
                List.of("push", "--start-limit", "4s", "Expected: seconds, such as 4."),
                List.of("push", "--start-limit", "soon", "Expected: seconds, such as 60."),
                List.of("push", "--instances", "two", "Expected: a number, such as 3."),
                List.of(
                        "logs",
                        "shop",
                        "-n",
                        "5x",
                        "'5x' cannot be the value of '--lines'. Expected: a number, such as 5."))) {
            Cli.Result result = cli.run(mistake.subList(0, mistake.size() - 1).toArray(String[]::new));
            assertThat(result.exitCode()).isEqualTo(ExitCode.USAGE);
            assertThat(result.err()).contains(mistake.getLast()).doesNotContain("int");
        }
    }

    @Test
    void optionsBehindTwoHyphensAreToldToGoBeforeThem() {
        Cli.Result result = cli.run("push", "--", "name", "--path", "py");
        assertThat(result.exitCode()).isEqualTo(ExitCode.USAGE);
        assertThat(result.err()).contains("'--path'", "options go before --").doesNotContain("Did you mean");
    }

    @Test
    void scaleTakesNumbersAndChanges() {
        assertThat(cli.run("scale", "shop", "5").out()).contains("5 instances");
        assertThat(cli.run("scale", "shop", "+2").out()).contains("7 instances");
        assertThat(cli.run("scale", "shop", "-1").out()).contains("6 instances");
        assertThat(cli.run("scale", "-1", "shop").exitCode()).isEqualTo(ExitCode.USAGE);
        assertThat(cli.run("scale", "shop", "many").exitCode()).isEqualTo(ExitCode.USAGE);
        assertThat(cli.run("scale", "shop").err()).contains("Missing: NAME and N");
        assertThat(cli.run("scale", "shop", "-1", "--jsn").err()).contains("Did you mean '--json'?");
    }

    @Test
    void startStopAndRestartSayWhatComes() {
        assertThat(cli.run("stop", "shop").out()).contains("stopped", "holt start shop");
        assertThat(cli.run("start", "shop").out()).contains("starting");
        assertThat(cli.run("restart", "shop").out()).contains("restarting");
    }

    @Test
    void routesAreMappedAndUnmapped() {
        assertThat(cli.run("map", "shop", "www").out()).contains("http://www.localhost:8080");
        assertThat(cli.run("unmap", "shop", "www.localhost").out()).doesNotContain("www");
        assertThat(cli.run("unmap", "shop", "nobody/../x").exitCode()).isEqualTo(ExitCode.FAILED);
        assertThat(platform.requests).contains("DELETE /api/v1/apps/shop/routes/nobody%2F..%2Fx");
    }

    @Test
    void environmentIsShownSetAndUnset() {
        assertThat(cli.run("env", "shop").out()).contains("no variables");
        cli.run("env", "shop", "A=1", "B=x=y");
        assertThat(cli.run("env", "shop").out()).isEqualTo("A=1\nB=x=y\n");
        assertThat(cli.run("env", "shop", "--unset", "A").out()).contains("1 removed");
        assertThat(cli.run("env", "shop", "--names").out()).isEqualTo("B\n");
    }

    @Test
    void secretsComeFromFilesOrStandardInput() {
        cli.input = "# comment\n\nPASSWORD=p w=1\n";
        cli.run("env", "shop", "--from", "-");
        assertThat(cli.run("env", "shop").out()).isEqualTo("PASSWORD=p w=1\n");
    }

    @Test
    void whatIsNoAssignmentIsRefusedWithoutTellingItsValue() {
        assertThat(cli.run("env", "shop", "nothing").exitCode()).isEqualTo(ExitCode.USAGE);
        Cli.Result digits = cli.run("env", "shop", "9A=secret");
        assertThat(digits.exitCode()).isEqualTo(ExitCode.USAGE);
        assertThat(digits.err()).contains("'9A'").doesNotContain("secret");
    }

    @Test
    void logsShowWhoSaidIt() {
        platform.log("shop", 0, "out", "hello");
        platform.log("shop", 1, "err", "oh");
        platform.log("shop", -1, "holt", "started");
        assertThat(cli.run("logs", "shop").out().lines())
                .containsExactly("12:00:00.000 [0] hello", "12:00:01.000 [1 err] oh", "12:00:02.000 [holt] started");
        assertThat(cli.run("logs", "shop", "--instance", "1").out()).isEqualTo("12:00:01.000 [1 err] oh\n");
        assertThat(cli.run("logs", "shop", "-n", "1").out()).contains("started").doesNotContain("hello");
    }

    @Test
    void followedLogsGoOnAfterLostConnectionsWithNoLineTwice() {
        platform.cutStreamsAfter = 1;
        platform.log("shop", 0, "out", "line 0");
        java.util.concurrent.CompletableFuture<Cli.Result> following =
                java.util.concurrent.CompletableFuture.supplyAsync(() -> cli.run("logs", "shop", "-f"));
        for (int i = 1; i < 4; i++) {
            String before = "line " + (i - 1);
            await().atMost(LIMIT).until(() -> cli.outSoFar().contains(before));
            platform.log("shop", 0, "out", "line " + i);
        }
        await().atMost(LIMIT).until(() -> cli.outSoFar().contains("line 3"));
        platform.apps.remove("shop");
        Cli.Result ended = following.join();
        assertThat(ended.out().lines().map(line -> line.substring(line.indexOf("line"))))
                .containsExactly("line 0", "line 1", "line 2", "line 3");
        assertThat(ended.err()).contains("There is no app 'shop'.");
    }

    @Test
    void followedEventsShowWhatWasAndWhatComes() {
        platform.event("shop", Event.APP_STARTED, "first", Map.of());
        java.util.concurrent.CompletableFuture<Cli.Result> following =
                java.util.concurrent.CompletableFuture.supplyAsync(() -> cli.run("events", "shop", "-f", "--json"));
        await().atMost(LIMIT).until(() -> cli.outSoFar().contains("first"));
        platform.cutStreamsAfter = 1;
        platform.event("shop", Event.APP_STOPPED, "second", Map.of());
        await().atMost(LIMIT).until(() -> cli.outSoFar().contains("second"));
        platform.apps.remove("shop");
        platform.event("shop", Event.APP_DELETED, "third", Map.of());
        assertThat(following.join().out().lines().limit(2))
                .allSatisfy(
                        line -> assertThat(Json.read(line, Event.class).app()).isEqualTo("shop"));
    }

    @Test
    void sinceIsSentAsAnInstant() {
        cli.run("logs", "shop", "--since", "10m");
        cli.run("logs", "shop", "--since", "11:30");
        assertThat(platform.requests)
                .contains(
                        "GET /api/v1/apps/shop/logs?since=2026-11-21T11%3A50%3A00Z",
                        "GET /api/v1/apps/shop/logs?since=2026-11-21T11%3A30%3A00Z");
        assertThat(cli.run("logs", "shop", "--since", "soon").exitCode()).isEqualTo(ExitCode.USAGE);
    }

    @Test
    void aProgramCannotMoveTheReadersCursor() {
        platform.log("shop", 0, "out", "\u001b[31mred\u001b[0m \u001b]0;title\u0007\u001b[2Jx");
        String screen = cli.onTerminal(80, true).run("logs", "shop").out();
        assertThat(screen).contains("\u001b[31mred").doesNotContain("\u001b[2J").doesNotContain("\u001b]");
    }

    @Test
    void eventsAreShown() {
        platform.event("shop", Event.PROCESS_CRASHED, "shop/0 crashed: exit code 3", Map.of());
        assertThat(cli.run("events", "shop").out())
                .isEqualTo("12:00:00.000  process.crashed   shop/0 crashed: exit code 3\n");
    }

    @Test
    void filesAreListedPrintedAndSaved() throws IOException {
        platform.files.put("log.txt", "line\n".getBytes());
        platform.files.put("data.bin", new byte[] {1, 0, 2});
        assertThat(cli.run("files", "shop").out()).contains("lib/", "log.txt");
        assertThat(cli.run("files", "shop", "log.txt").out()).isEqualTo("line\n");
        assertThat(cli.run("files", "shop", "data.bin", "--output", "copy").exitCode())
                .isZero();
        assertThat(folder.resolve("copy")).hasBinaryContent(new byte[] {1, 0, 2});
        assertThat(cli.run("files", "shop", "nothing").exitCode()).isEqualTo(ExitCode.FAILED);
        assertThat(cli.onTerminal(80, false).run("files", "shop", "data.bin").err())
                .contains("--output");
    }

    @Test
    void deleteAsksAPersonAndNobodyElse() {
        cli.onTerminal(80, false).input = "n\n";
        Cli.Result refused = cli.run("delete", "shop");
        assertThat(refused.exitCode()).isEqualTo(ExitCode.FAILED);
        assertThat(refused.err()).contains("Delete shop with 2 running instances and its route shop.localhost? [y/N]");
        assertThat(platform.apps).containsKey("shop");
        cli.terminal = Terminal.none();
        assertThat(cli.run("delete", "shop").out()).contains("shop is deleted");
        assertThat(platform.apps).isEmpty();
    }

    @Test
    void deleteWithYesDoesNotAsk() {
        assertThat(cli.onTerminal(80, false).run("delete", "shop", "--yes").err())
                .isEmpty();
    }

    @Test
    void anUnknownAppIsRefusedWithTheServersRemedy() {
        assertThat(cli.run("logs", "nothing-like-it").err())
                .isEqualTo("Error: There is no app 'nothing-like-it'. 'holt apps' lists those there are.\n");
    }

    @Test
    void aMistypedAppIsRefusedWithANearOneInstead() {
        assertThat(cli.run("logs", "shopp", "--follow").err()).contains("Did you mean 'shop'?");
        assertThat(cli.run("scale", "shp", "3").err()).contains("Did you mean 'shop'?");
        Cli.Result result = cli.run("app", "shp");
        assertThat(result.exitCode()).isEqualTo(ExitCode.FAILED);
        assertThat(result.err()).isEqualTo("Error: There is no app 'shp'. Did you mean 'shop'?\n");
        assertThat(result.out()).isEmpty();
    }

    @Test
    void aNameThatNoAppCanHaveNeverReachesThePlatform() {
        int before = platform.requests.size();
        assertThat(cli.run("app", "../tokens").exitCode()).isEqualTo(ExitCode.FAILED);
        assertThat(platform.requests).hasSize(before);
    }

    @Test
    void errorsAsJsonAreProblemDocuments() {
        Cli.Result result = cli.run("app", "shp", "--json");
        assertThat(result.out()).isEmpty();
        assertThat(JsonParser.parse(result.err()))
                .isInstanceOfSatisfying(
                        Map.class,
                        problem -> assertThat(problem)
                                .containsEntry("code", "app-not-found")
                                .containsEntry("status", 404L)
                                .containsEntry("remedy", "Did you mean 'shop'?"));
    }

    @Test
    void mistypedWordsGetANearOne() {
        Cli.Result command = cli.run("aps");
        assertThat(command.exitCode()).isEqualTo(ExitCode.USAGE);
        assertThat(command.err()).startsWith("There is no command 'aps'. Did you mean 'app' or 'apps'");
        assertThat(cli.run("logs", "shop", "--folow").err()).contains("Did you mean '--follow'?");
        assertThat(cli.run("token", "crate").err()).contains("Did you mean 'create'?");
        assertThat(cli.run("xyzzy").err()).isEqualTo("There is no command 'xyzzy'.\nSee 'holt help'.\n");
        assertThat(cli.run("app").err()).contains("Missing: NAME.");
        assertThat(cli.run("files", "shop", "--output").err()).contains("Missing: the FILE after '--output'.");
        assertThat(cli.run("logs", "shop", "-n", "few").exitCode()).isEqualTo(ExitCode.USAGE);
    }

    @Test
    void nobodyThereSaysHowToStart() throws IOException {
        int port;
        try (ServerSocket free = new ServerSocket(0)) {
            port = free.getLocalPort();
        }
        cli.environment.put("HOLT_API", "127.0.0.1:" + port);
        Cli.Result result = cli.run("apps");
        assertThat(result.exitCode()).isEqualTo(ExitCode.UNREACHABLE);
        assertThat(result.err()).contains("does not answer", "connection refused", "./holt up");
    }

    @Test
    void somethingElseAtTheAddressIsTold() {
        cli.environment.put("HOLT_API", platform.url() + "/elsewhere");
        cli.environment.put("HOLT_TOKEN", "x");
        Cli.Result result = cli.run("apps");
        assertThat(result.exitCode()).isEqualTo(ExitCode.FAILED);
        assertThat(result.err()).contains("not as Holt does");
    }

    @Test
    void nobodyLoggedInSaysBothWays() {
        Cli stranger = new Cli(folder.resolve("elsewhere"));
        Cli.Result result = stranger.run("apps");
        assertThat(result.exitCode()).isEqualTo(ExitCode.DENIED);
        assertThat(result.err()).contains("./holt up", "holt login --api URL");
    }

    @Test
    void aWrongTokenAndAWeakOneAreDenied() {
        cli.environment.put("HOLT_API", platform.url());
        cli.environment.put("HOLT_TOKEN", "wrong");
        Cli.Result wrong = cli.run("apps");
        assertThat(wrong.exitCode()).isEqualTo(ExitCode.DENIED);
        assertThat(wrong.err()).contains("holt login").doesNotContain("wrong");
        cli.environment.put("HOLT_TOKEN", FakePlatform.READER_TOKEN);
        assertThat(cli.run("apps").exitCode()).isEqualTo(ExitCode.OK);
        assertThat(cli.run("stop", "shop").exitCode()).isEqualTo(ExitCode.DENIED);
    }

    @Test
    void tokensAreShownOnceListedAndRevoked() {
        Cli.Result created = cli.run("token", "create", "ci", "--role", "reader");
        assertThat(created.out()).isEqualTo("holt-fresh-t1\n");
        assertThat(cli.run("token", "list").out())
                .contains("t1", "ci", "reader", "never")
                .doesNotContain("fresh");
        assertThat(cli.run("token", "revoke", "t1").out()).contains("revoked");
        assertThat(cli.run("token", "revoke", "t1").exitCode()).isEqualTo(ExitCode.FAILED);
        assertThat(cli.run("token").exitCode()).isEqualTo(ExitCode.USAGE);
    }

    @Test
    void hostsShowWhereTheyAreTheirRoomAndTheirWarnings() {
        Cli.Result result = cli.run("hosts");
        assertThat(result.out()).contains("box", "plain", "rack-1", "gpu,ssd", "3.5G of 4G", "1.5 of 2");
        assertThat(result.err()).isEqualTo("Warning: box: no isolation\n");
    }

    @Test
    void whyTellsReasonsAndWhatWouldChangeThem() {
        assertThat(cli.run("why", "210").out()).isEqualTo("""
                        shop/0 (pid 210) waits
                          3 hosts lack memory
                        What would change it:
                          free 128M on h2
                        """);
        assertThat(Json.readStrictly(cli.run("why", "210", "--json").out().getBytes(), Api.Why.class)
                        .pid())
                .isEqualTo(210);
    }

    @Test
    void whyOfAnUnknownPidSaysSo() {
        Cli.Result result = cli.run("why", "4711");
        assertThat(result.exitCode()).isEqualTo(ExitCode.FAILED);
        assertThat(result.err()).contains("There is no process with the pid '4711'.");
        assertThat(cli.run("why", "shop").exitCode()).isEqualTo(ExitCode.USAGE);
        assertThat(cli.run("why").exitCode()).isEqualTo(ExitCode.USAGE);
    }

    @Test
    void rebalanceTellsWhatMoves() {
        assertThat(cli.run("rebalance").out()).contains("Nothing to gain");
        platform.moves = List.of(new Api.MoveView(210, "shop", 0, "h1", "h2", "h1 is the fullest host"));
        assertThat(cli.run("rebalance", "--dry-run").out())
                .contains("would move", "shop/0 (pid 210) from h1 to h2: h1 is the fullest host");
        assertThat(platform.rebalances).extracting(Api.Rebalance::dryRun).containsExactly(false, true);
        assertThat(Json.readStrictly(cli.run("rebalance", "--json").out().getBytes(), Api.Moves.class)
                        .moves())
                .hasSize(1);
    }

    @Test
    void targetShowsWhereCommandsGo() {
        assertThat(cli.run("target").out()).contains(platform.url(), "holt 0.1.0", "http://NAME.localhost:8080");
        assertThat(cli.run("info").out()).isEqualTo(cli.run("target").out());
        assertThat(cli.run("target", "nowhere").err()).contains("one of default");
    }

    @Test
    void everyCommandHasHelpWithALineOfItsOwn() {
        String all = cli.run("help").out();
        HoltCommand.create(cli.context()).getSubcommands().forEach((name, line) -> {
            Cli.Result result = cli.run(name, "--help");
            assertThat(result.exitCode()).as(name).isZero();
            assertThat(result.out()).as(name).contains("Usage: holt " + line.getCommandName());
            assertThat(all).containsPattern("  " + line.getCommandName() + " +[A-Z]");
        });
        assertThat(cli.run("help", "token", "create").out()).contains("Usage: holt token create");
        assertThat(cli.run("help", "nothing").exitCode()).isEqualTo(ExitCode.USAGE);
        assertThat(cli.run("--help").out()).isEqualTo(all);
        assertThat(cli.run().out()).isEqualTo(all);
    }

    @Test
    void theVersionIsTheBuildsOwn() {
        assertThat(cli.run("version").out()).matches("holt \\d+\\.\\d+\\.\\d+\n");
        assertThat(cli.run("--version").out()).isEqualTo(cli.run("version").out());
    }

    @Test
    void anotherHomeIsAnotherPerson() {
        assertThat(cli.run("apps", "--home", "elsewhere").exitCode()).isEqualTo(ExitCode.DENIED);
        assertThat(cli.run("--home", "home", "apps").exitCode()).isZero();
        assertThat(Files.exists(folder.resolve("elsewhere"))).isFalse();
    }

    @Test
    void commandsOfOthersFitIn() {
        picocli.CommandLine line = HoltCommand.create(cli.context());
        line.addSubcommand("up", new Up());
        assertThat(line.execute("up", "--home", "there")).isEqualTo(7);
        assertThat(line.getUsageMessage()).containsSubsequence("Platform:", "  up ", "Apps:", "  push ", "Insight:");
    }

    @picocli.CommandLine.Command(header = "Start the platform here.")
    private static final class Up implements java.util.concurrent.Callable<Integer> {
        @picocli.CommandLine.ParentCommand
        private HoltCommand holt;

        @Override
        public Integer call() {
            return holt.home().endsWith("there") ? 7 : 1;
        }
    }
}
