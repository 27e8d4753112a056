package holt.cli;

import static org.assertj.core.api.Assertions.assertThat;

import holt.model.BusApi;
import holt.model.Json;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class BusCommandTest {
    private static final String OLD = "2026-11-21T19:25:20.270985728Z";

    @TempDir
    Path folder;

    private FakePlatform platform;
    private FakeBus bus;
    private Cli cli;

    @BeforeEach
    void start() throws IOException {
        platform = FakePlatform.start();
        bus = platform.bus;
        cli = Cli.at(platform, folder);
    }

    @AfterEach
    void stop() {
        bus.end.countDown();
        platform.close();
    }

    @Test
    void textIsSent() {
        Cli.Result result = cli.run("bus", "pub", "orders.new", "two teas", "--reply", "orders.answers");
        assertThat(result.exitCode()).as(result.err()).isEqualTo(ExitCode.OK);
        assertThat(result.out()).isEqualTo("Sent 8 bytes to orders.new.\n");
        assertThat(bus.published)
                .containsExactly(new BusApi.BusPublish("orders.new", "two teas", null, "orders.answers", null));
    }

    @Test
    void standardInputIsSentAsItIs() {
        cli.input = "from elsewhere\n";
        assertThat(cli.run("bus", "pub", "a", "-").out()).isEqualTo("Sent 15 bytes to a.\n");
        cli.input = "\0";
        cli.run("bus", "pub", "a", "-");
        assertThat(bus.published)
                .extracting(BusApi.BusPublish::text, BusApi.BusPublish::base64)
                .containsExactly(
                        org.assertj.core.groups.Tuple.tuple("from elsewhere\n", null),
                        org.assertj.core.groups.Tuple.tuple(null, "AA=="));
    }

    @Test
    void tooMuchInputIsRefusedBeforeItIsSent() {
        cli.input = "x".repeat(BusApi.MAX_PAYLOAD_BYTES + 1);
        Cli.Result result = cli.run("bus", "pub", "a", "-");
        assertThat(result.exitCode()).isEqualTo(ExitCode.FAILED);
        assertThat(result.err()).contains("1048576 bytes");
        assertThat(bus.published).isEmpty();
    }

    @Test
    void aMessageCanBeSentManyTimesAndWithForce() {
        Cli.Result result = cli.run("bus", "pub", "holt.x", "--count", "3", "--force", "--json");
        assertThat(Json.tree(result.out().getBytes(StandardCharsets.UTF_8))
                        .path("count")
                        .asInt())
                .isEqualTo(3);
        assertThat(bus.published).hasSize(3).allMatch(sent -> Boolean.TRUE.equals(sent.force()));
    }

    @Test
    void theAnswerToARequestIsTheOutput() {
        assertThat(cli.run("bus", "request", "echo", "ping").out()).isEqualTo("ping\n");
        assertThat(cli.run("bus", "request", "echo", "ping", "--json", "--timeout", "500ms")
                        .out())
                .isEqualTo("{\"text\":\"ping\",\"size\":4}\n");
        assertThat(bus.requests).extracting(BusApi.BusRequest::timeoutMillis).containsExactly(2000, 500);
    }

    @Test
    void anAnswerThatIsNoTextGoesToProgramsAsItIsAndToPeopleInWords() {
        cli.input = "\0\0";
        assertThat(cli.run("bus", "request", "echo", "-").out()).isEqualTo("\0\0");
        cli.onTerminal(80, false);
        cli.input = "\0\0";
        assertThat(cli.run("bus", "request", "echo", "-").out()).contains("2 bytes, no text", "--json");
    }

    @Test
    void nobodyAndSilenceEndWithOneAndAClearError() {
        Cli.Result nobody = cli.run("bus", "request", "nobody");
        assertThat(nobody.exitCode()).isEqualTo(ExitCode.FAILED);
        assertThat(nobody.err()).startsWith("Error: Nobody subscribes to 'nobody'.");
        Cli.Result silence = cli.run("bus", "request", "deaf", "--json");
        assertThat(silence.exitCode()).isEqualTo(ExitCode.FAILED);
        assertThat(silence.err()).contains("\"code\":\"no-answer\"");
    }

    @Test
    void messagesAreShownUntilThereWereEnough() {
        bus.says("orders.new", "two teas");
        bus.says("orders.long", "one\ntwo");
        bus.events.add(FakeBus.event("lost", new BusApi.BusLost(7)));
        bus.events.add(FakeBus.event("message", new BusApi.BusMessage("asked", "_INBOX.1", null, "/wA=", 2)));
        Cli.Result result = cli.run("bus", "sub", "orders.>", "--count", "3", "--queue", "kitchen");
        assertThat(result.exitCode()).isEqualTo(ExitCode.OK);
        assertThat(result.out())
                .isEqualTo("12:00:00.000 orders.new  two teas\n"
                        + "12:00:00.000 orders.long\n    one\n    two\n"
                        + "12:00:00.000 asked (reply to _INBOX.1)  (2 bytes, no text; --json has them as base64)\n");
        assertThat(result.err()).contains("Listening to orders.> in the queue kitchen.", "7 messages came faster");
        assertThat(platform.requests).contains("GET /api/v1/bus/messages?subject=orders.%3E&queue=kitchen");
    }

    @Test
    void payloadsAloneOrJsonAreForPrograms() {
        bus.says("a", "\u001b[31mred");
        bus.says("a", "second");
        assertThat(cli.run("bus", "sub", "a", "-n", "2", "--raw").out()).isEqualTo("\u001b[31mred\nsecond\n");
        assertThat(cli.run("bus", "sub", "a", "-n", "1", "--json").out())
                .isEqualTo("{\"subject\":\"a\",\"text\":\"\\u001b[31mred\",\"size\":8}\n");
        assertThat(cli.run("bus", "sub", "a", "-n", "1").out()).doesNotContain("\u001b");
    }

    @ParameterizedTest
    @CsvSource(delimiter = '|', textBlock = """
            bus                                | Missing: pub, sub, request, top or info.
            bus pbu x                          | Did you mean 'pub'
            bus reqest x                       | Did you mean 'request'
            bus pub                            | Missing: SUBJECT.
            bus pub a b c                      | does not expect 'c'
            bus pub a b --count 0              | Expected: 1 to 1000000.
            bus pub a b --count 2x             | such as 2.
            bus pub a b --froce                | Did you mean '--force'
            bus sub                            | Missing: SUBJECT.
            bus sub a --count 0                | Expected: 1 or more.
            bus sub a --raw --json             | Either --raw or --json
            bus request                        | Missing: SUBJECT.
            bus request a --timeout 2          | such as 500ms or 2s.
            bus request a --timeout 0s         | Expected: a time from 1ms to 30s
            bus request a --timeout 31s        | Expected: a time from 1ms to 30s
            bus request a --timeout -1s        | cannot be the value of '--timeout'
            bus top --sort byte                | Did you mean 'bytes'?
            bus top --sort colour              | Expected: msgs, bytes, subs, name, idle.
            bus top --by subjects              | Did you mean 'subject'?
            bus top --by subject --sort subs   | Subjects cannot be sorted by subs.
            bus top --interval 1ms             | Expected: a time from 100ms to 60m
            bus top --count 0                  | cannot be less than 1
            bus top --limit -1                 | cannot be less than 1
            bus top all                        | does not expect 'all'
            """)
    void mistakesAreExplained(String line, String expected) {
        Cli.Result result = cli.run(line.split(" +"));
        assertThat(result.exitCode()).isEqualTo(ExitCode.USAGE);
        assertThat(result.err()).contains(expected);
        assertThat(platform.requests).isEmpty();
    }

    private void twoLooks() {
        bus.varz.add(FakeBus.varz(0, 1000));
        bus.varz.add(FakeBus.varz(2, 3000));
        bus.connz.add(FakeBus.connz(
                0, FakeBus.connection(4, "agent-1", OLD, 10, 100), FakeBus.connection(5, "publisher", OLD, 0, 0)));
        bus.connz.add(FakeBus.connz(
                2, FakeBus.connection(4, "agent-1", OLD, 30, 500), FakeBus.connection(5, "publisher", OLD, 5000, 0)));
    }

    @Test
    void topShowsRatesByConnection() {
        twoLooks();
        Cli.Result result = cli.run("bus", "top", "--once", "--interval", "100ms");
        assertThat(result.exitCode()).as(result.err()).isEqualTo(ExitCode.OK);
        assertThat(result.out().lines().map(line -> line.replaceAll(" {2,}", "  ")))
                .containsExactly(
                        "probe 2.9.10  up 2m10s  cpu 1.5%  memory 11M",
                        "connections 2  subscriptions 45  slow consumers 0",
                        "in 1k msgs/s 125K/s  out 2k msgs/s 250K/s",
                        "",
                        "CID  NAME  HOST  SUBS  PENDING  MSGS/S TO  FROM  BYTES/S TO  FROM  LANG  VERSION  UPTIME  IDLE",
                        "  5  publisher  127.0.0.1:41184  2  0B  0  2.5k  0B  244K  python3  2.6.0  1m2s  1s",
                        "  4  agent-1  127.0.0.1:41184  2  0B  200  10  20K  1000B  python3  2.6.0  1m2s  1s",
                        "");
    }

    @ParameterizedTest
    @CsvSource({"60", "80", "120"})
    void topFitsTheScreenAndIsDrawnInPlace(int columns) {
        twoLooks();
        cli.onTerminal(columns, false);
        Cli.Result result = cli.run("bus", "top", "--count", "2", "--interval", "100ms");
        assertThat(result.exitCode()).as(result.err()).isEqualTo(ExitCode.OK);
        assertThat(result.out()).contains("\u001b[1A\r", "\u001b[K\n", "\u001b[J", "publisher", "agent-1");
        assertThat(result.out().replaceAll("\u001b\\[\\d*[A-Z]|\r", "").lines())
                .allSatisfy(line -> assertThat(line.length()).isLessThanOrEqualTo(columns));
        assertThat(result.out().contains("PENDING")).isEqualTo(columns > 60);
        assertThat(result.out().contains("IDLE")).isEqualTo(columns >= 120);
    }

    @Test
    void qEndsTop() {
        twoLooks();
        cli.onTerminal(80, false);
        cli.input = "xq";
        Cli.Result result = cli.run("bus", "top", "--interval", "60m");
        assertThat(result.exitCode()).isEqualTo(ExitCode.OK);
    }

    @Test
    void topAsJsonIsOneObjectALook() {
        twoLooks();
        String out =
                cli.run("bus", "top", "--once", "--json", "--interval", "100ms").out();
        assertThat(out.lines()).hasSize(1);
        assertThat(Json.tree(out.getBytes(StandardCharsets.UTF_8))
                        .at("/connections/0/msgsFrom")
                        .asDouble())
                .isEqualTo(2500.0);
        assertThat(Json.tree(out.getBytes(StandardCharsets.UTF_8))
                        .at("/server/inMsgs")
                        .asDouble())
                .isEqualTo(1000.0);
    }

    @Test
    void topBySubjectCountsWhatIsSaidAlsoWhereTheBusKeepsNoFigures() {
        bus.says("orders.new", "two teas");
        bus.says("_INBOX.1", "x");
        bus.says("_INBOX.2", "x");
        Cli.Result result = cli.run("bus", "top", "--by", "subject", "--once", "--interval", "500ms");
        assertThat(result.exitCode()).as(result.err()).isEqualTo(ExitCode.OK);
        assertThat(result.out())
                .startsWith("SUBJECT")
                .contains("orders.new", "_INBOX.>")
                .doesNotContain("_INBOX.1");
        assertThat(platform.requests).contains("GET /api/v1/bus/messages?subject=%3E&payload=no");
    }

    @Test
    void aBusWithoutFiguresIsToldAsSuch() {
        Cli.Result result = cli.run("bus", "top", "--once");
        assertThat(result.exitCode()).isEqualTo(ExitCode.FAILED);
        assertThat(result.err()).contains("The bus tells nothing of itself");
    }

    @Test
    void infoTellsHowToConnect() {
        bus.varz.add(FakeBus.varz(0, 0));
        assertThat(cli.run("bus", "info").out().lines())
                .containsExactly(
                        "Server    probe 2.9.10, up 2m10s",
                        "Address   nats://127.0.0.1:4222",
                        "Login     none needed",
                        "TLS       no",
                        "Messages  up to 1M",
                        "Now       2 connections, 45 subscriptions");
        assertThat(Json.tree(cli.run("bus", "info", "--json").out().getBytes(StandardCharsets.UTF_8))
                        .path("url")
                        .asString())
                .isEqualTo("nats://127.0.0.1:4222");
    }

    @Test
    void infoSaysWhereNobodyCanConnectAndWhatIsNeededToDoSo() {
        bus.varz.add(FakeBus.varz(0, 0, -1, "A"));
        assertThat(cli.run("bus", "info").out())
                .contains("inside the platform's process only")
                .doesNotContain("TLS");
        bus.varz.clear();
        bus.varz.add(FakeBus.varz(0, 0).replace("\"proto\": 1", "\"auth_required\": true, \"tls_required\": true"));
        assertThat(cli.run("bus", "info").out())
                .contains("tls://127.0.0.1:4222", "the token in secret/bus.token", "required");
    }

    @Test
    void readersAreToldThatTheyMayNot() throws IOException {
        Credentials.load(folder.resolve("home"))
                .save(Credentials.DEFAULT_PROFILE, platform.url(), FakePlatform.READER_TOKEN);
        assertThat(cli.run("bus", "pub", "a", "b").exitCode()).isEqualTo(ExitCode.DENIED);
    }

    @Test
    void theHelpNamesEachCommandAndWhatTopCosts() {
        assertThat(cli.run("bus", "--help").out()).contains("pub", "sub", "request", "top", "info");
        assertThat(cli.run("bus", "top", "--help").out().replaceAll("\\s+", " "))
                .contains("costs the bus a copy of every message");
        assertThat(cli.run("help", "bus", "sub").out()).contains("--queue");
    }

    @Test
    void completionKnowsTheCommandsAndTheirOptions() {
        assertThat(cli.run("completion", "bash").out()).containsPattern("bus\\).*--queue.*words=\"pub sub request top");
    }
}
