package holt.agent;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import holt.model.AgentReply;
import holt.model.ErrorCode;
import holt.model.Frame;
import holt.model.ProcessReport;
import holt.model.ProcessSpec;
import holt.model.ProcessState;
import java.io.IOException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Random;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;

/** Programs run, and ports reached, inside real containers; needs root. */
class AccessTest {
    static final String HOLD = "umount /sys/fs/cgroup/unified 2>/dev/null; echo ready; exec sleep 1000000";
    private static Process holder;
    private static Platform platform;
    private static ProcessSpec shop;
    private static ProcessReport running;
    private final List<Visitor> visitors = new ArrayList<>();

    /** With crun as the server has it: where versions of cgroups are mixed, in a mount namespace without the second. */
    @BeforeAll
    static void startPlatform() throws IOException {
        holder = new ProcessBuilder("unshare", "-m", "--propagation", "slave", "sh", "-c", HOLD).start();
        assertThat(holder.inputReader().readLine()).isEqualTo("ready");
        List<String> prefix = List.of("nsenter", "--mount=/proc/" + holder.pid() + "/ns/mnt");
        platform = new Platform(settings -> settings.withRuntimes(prefix, List.of("crun")));
        shop = platform.web("busybox httpd -f -p 127.0.0.1:9000 & exec busybox httpd -f -p $PORT");
        running = platform.run(shop);
    }

    @AfterAll
    static void stopPlatform() throws IOException, InterruptedException {
        platform.close();
        holder.destroyForcibly().waitFor();
        KernelLeftovers.assertNone(platform);
        assertThat(KernelLeftovers.openNamespaces()).isEmpty();
    }

    @AfterEach
    void nothingIsLeftBehind() throws IOException {
        visitors.forEach(Visitor::close);
        await().atMost(Platform.PATIENCE).untilAsserted(() -> {
            assertThat(guests(shop)).isEmpty();
            assertThat(Folders.list(platform.home.resolve("agent/sessions"))).isEmpty();
            assertThat(Folders.list(stateFolder()).stream()
                            .filter(each -> each.getFileName().toString().startsWith("x")))
                    .isEmpty();
            assertThat(platform.agent.sessions()).isZero();
        });
    }

    private static Path stateFolder() throws IOException {
        return RuntimeState.open(platform.id(), platform.home.resolve("agent")).folder();
    }

    /** Processes in the instance that were begun by a session. */
    private static List<Integer> guests(ProcessSpec spec) throws IOException {
        List<Integer> found = new ArrayList<>();
        for (int pid : Cgroups.ofHost(platform.id()).processes(InstanceKey.of(spec))) {
            String environment = Sessions.text(pid, "environ");
            if (environment.contains("HOLT_SESSION=")) {
                found.add(pid);
            }
        }
        return found;
    }

    private Visitor visiting(Visitor visitor) {
        visitors.add(visitor);
        return visitor;
    }

    private Visitor runs(String... command) {
        return visiting(Visitor.runs(platform, shop, command));
    }

    @Test
    void streamsAreKeptApartAndTheStatusIsPassedOn() {
        Visitor visitor = runs("sh", "-c", "echo to out; echo to err >&2; exit 3");
        assertThat(visitor.exit()).isEqualTo(3);
        assertThat(visitor.out()).isEqualTo("to out\n");
        assertThat(visitor.err()).isEqualTo("to err\n");
    }

    @Test
    void aSignalIsToldAsShellsDo() {
        assertThat(runs("sh", "-c", "kill -KILL $$").exit()).isEqualTo(137);
    }

    @Test
    void theGuestIsWhereAndWhoTheProgramIs() {
        String look = "id -u; grep -E 'CapEff|CapBnd|NoNewPrivs|Seccomp:' /proc/self/status; pwd; hostname;"
                + " cat /proc/self/cgroup; cat /sys/class/net/*/address; echo $PORT $HOLT_APP $GREETING $HOME";
        Visitor visitor = runs("sh", "-c", look);
        assertThat(visitor.exit()).isZero();
        ProcessSpec other = platform.spec(look);
        String own = String.join(
                "\n",
                platform.reported(platform.start(other), ProcessState.EXITED)
                        .exit()
                        .lastLog());
        assertThat(own).contains("Seccomp:\t2");
        assertThat(same(visitor.out())).isEqualTo(same(own));
        assertThat(visitor.out()).contains("8080 shop good morning /app");
    }

    /** Without what is each instance's own. */
    private static List<String> same(String text) {
        return text.lines()
                .map(line -> line.replaceAll("\\d{1,18}\\.\\d+$", "KEY"))
                .filter(line -> !line.matches("2\\d{5}|([0-9a-f]{2}:){5}[0-9a-f]{2}"))
                .toList();
    }

    @Test
    void variablesAreAddedAndOnNoCommandLine() throws IOException {
        Visitor visitor = runs("sh", "-c", "echo $EXTRA; read -r go");
        visitor.awaitOutput("one more");
        assertThat(Tool.check(List.of("ps", "axww", "-o", "args"), "")).doesNotContain("one more");
        visitor.type("\n");
        assertThat(visitor.exit()).isZero();
    }

    @Test
    void megabytesOfBinaryInputComeBackUnchanged() {
        byte[] sent = new byte[6 << 20];
        new Random(42).nextBytes(sent);
        Visitor visitor = runs("cat");
        Thread typing = Thread.startVirtualThread(() -> {
            for (int at = 0; at < sent.length; at += Frame.MAX_CONTENT) {
                visitor.send(new Frame(
                        Frame.Kind.INPUT, Arrays.copyOfRange(sent, at, Math.min(sent.length, at + Frame.MAX_CONTENT))));
            }
            visitor.endInput();
        });
        assertThat(visitor.exit()).isZero();
        assertThat(typing.isAlive()).isFalse();
        assertThat(visitor.output.toByteArray()).isEqualTo(sent);
    }

    @Test
    void outputWithoutEndWaitsForItsReader() {
        Visitor visitor = runs("sh", "-c", "yes | head -c 20000000 | wc -c");
        assertThat(visitor.exit()).isZero();
        assertThat(visitor.out().strip()).isEqualTo("20000000");
        Visitor slow = runs("head", "-c", "20000000", "/dev/zero");
        assertThat(slow.exit()).isZero();
        assertThat(slow.output.size()).isEqualTo(20_000_000);
    }

    @Test
    void commandsThatAreNotThereOrCannotRunAreToldAsShellsDo() {
        Visitor missing = runs("no-such-command");
        assertThat(missing.exit()).isEqualTo(127);
        assertThat(missing.err()).contains("no-such-command").contains("not found");
        Visitor folder = runs("/tmp");
        assertThat(folder.exit()).isEqualTo(126);
        assertThat(folder.err()).contains("/tmp");
        Visitor nowhere = visiting(Visitor.runsIn(platform, shop, "/no/such/folder", "true"));
        assertThat(nowhere.exit()).isEqualTo(126);
        assertThat(nowhere.err()).contains("/no/such/folder");
    }

    @Test
    void theFolderIsTheOneAskedForAndWithoutInputItIsAtItsEnd() {
        Visitor visitor = visiting(Visitor.runsIn(platform, shop, "/tmp", "sh", "-c", "pwd; cat; echo end"));
        assertThat(visitor.exit()).isZero();
        assertThat(visitor.out()).isEqualTo("/tmp\nend\n");
    }

    @Test
    void aTerminalHasASizeAndIsTheSessionsOwn() {
        Visitor visitor = visiting(
                Visitor.onTerminal(
                        platform,
                        shop,
                        "sh",
                        "-c",
                        "trap 'stty size' WINCH; stty size; tty; echo >/dev/tty ready; until read -r x; do :; done; echo got $x; exit 5"));
        visitor.awaitOutput("ready");
        assertThat(visitor.out()).startsWith("17 91\r\n").contains("/dev/pts/");
        visitor.send(Frame.resize(120, 40));
        visitor.awaitOutput("40 120");
        visitor.type("it\r");
        assertThat(visitor.exit()).isEqualTo(5);
        assertThat(visitor.out()).contains("got it");
    }

    @Test
    void controlCOnATerminalReachesTheForegroundProgramOnly() {
        Visitor visitor = visiting(Visitor.onTerminal(platform, shop, "sh", "-i"));
        visitor.type("sleep 1000; echo st''opped\r");
        await().atMost(Platform.PATIENCE).until(() -> guests(shop).size() >= 2);
        visitor.type("\u0003");
        visitor.type("echo al''ive; exit 4\r");
        assertThat(visitor.exit()).isEqualTo(4);
        assertThat(visitor.out()).contains("alive");
    }

    @Test
    void whoVanishesLeavesNothingBehind() throws Exception {
        Visitor visitor = runs(
                "sh",
                "-c",
                "trap '' TERM HUP; sleep 2000 & (setsid sleep 2001 &); env -i sleep 2002 & echo up; wait; sleep 2003");
        visitor.awaitOutput("up");
        await().atMost(Platform.PATIENCE).until(() -> guests(shop).size() >= 3);
        visitor.vanish();
        await().atMost(Duration.ofSeconds(8))
                .untilAsserted(() -> assertThat(Tool.check(List.of("ps", "axww", "-o", "args"), ""))
                        .doesNotContain("sleep 2000\n", "sleep 2001\n", "sleep 2002\n", "sleep 2003\n"));
    }

    @Test
    void whoVanishesFromATerminalLeavesNothingBehind() throws Exception {
        Visitor visitor = visiting(
                Visitor.onTerminal(platform, shop, "sh", "-c", "trap '' HUP TERM; echo up; sleep 1004; sleep 1005"));
        visitor.awaitOutput("up");
        visitor.vanish();
        await().atMost(Duration.ofSeconds(8)).until(() -> guests(shop).isEmpty());
    }

    @Test
    void programsLeftInTheBackgroundEndWithTheSession() {
        Visitor visitor = runs("sh", "-c", "sleep 1006 & echo done");
        assertThat(visitor.exit()).isZero();
        assertThat(visitor.out()).isEqualTo("done\n");
    }

    @Test
    void programThatClosesItsInputMayBeSentMore() {
        Visitor visitor = runs("sh", "-c", "exec <&-; echo closed; sleep 0.5; echo still here");
        visitor.awaitOutput("closed");
        visitor.send(new Frame(Frame.Kind.INPUT, new byte[Frame.MAX_CONTENT]));
        visitor.send(new Frame(Frame.Kind.INPUT, new byte[Frame.MAX_CONTENT]));
        assertThat(visitor.exit()).isZero();
        assertThat(visitor.out()).isEqualTo("closed\nstill here\n");
    }

    @Test
    void sessionsOfAnInstanceAreBounded() {
        List<Visitor> open = new ArrayList<>();
        for (int n = 0; n < AccessDesk.MOST_OF_AN_INSTANCE; n++) {
            open.add(runs("cat"));
        }
        assertThat(open).allMatch(each -> each.reply instanceof AgentReply.Accepted);
        assertThat(runs("true").reply)
                .isInstanceOf(AgentReply.Refused.class)
                .asString()
                .contains("16 sessions");
        open.forEach(Visitor::endInput);
        open.forEach(each -> assertThat(each.exit()).isZero());
    }

    @Test
    void aSessionEndsWithItsInstance() throws IOException {
        ProcessSpec brief = platform.spec("sleep 1000");
        platform.run(brief);
        Visitor visitor = visiting(Visitor.runs(platform, brief, "sh", "-c", "echo up; sleep 1007"));
        visitor.awaitOutput("up");
        platform.stop(brief, Duration.ofMillis(100));
        platform.reported(brief, ProcessState.EXITED);
        await().atMost(Platform.PATIENCE).until(() -> platform.agent.sessions() == 0);
        assertThat(Tool.check(List.of("ps", "axww", "-o", "args"), "")).doesNotContain("sleep 1007");
        assertThat(visiting(Visitor.runs(platform, brief, "true")).reply).isInstanceOf(AgentReply.Refused.class);
    }

    @Test
    void portOnTheInstancesOwnLoopbackIsReached() {
        Visitor visitor = visiting(Visitor.connects(platform, shop, 9000));
        visitor.type("GET /readme HTTP/1.0\r\n\r\n");
        visitor.endInput();
        assertThat(visitor.exit()).isZero();
        assertThat(visitor.outputEnded).isTrue();
        assertThat(visitor.out()).contains("hello from the droplet");
    }

    @Test
    void manyConnectionsAreOpenAtOnce() {
        List<Visitor> open = new ArrayList<>();
        for (int n = 0; n < 12; n++) {
            open.add(visiting(Visitor.connects(platform, shop, 8080)));
        }
        open.forEach(each -> each.type("GET /readme HTTP/1.0\r\n\r\n"));
        open.forEach(Visitor::endInput);
        for (Visitor each : open) {
            assertThat(each.exit()).isZero();
            assertThat(each.out()).contains("hello from the droplet");
        }
    }

    @Test
    void portOnWhichNobodyListensIsTold() {
        assertThat(visiting(Visitor.connects(platform, shop, 9001)).problem().code())
                .isEqualTo(ErrorCode.PORT_CLOSED);
    }

    @Test
    void agentThatStopsEndsGuestsAndKeepsInstances() throws IOException {
        Visitor visitor = runs("sh", "-c", "echo up; sleep 1008");
        visitor.awaitOutput("up");
        platform.agent.close();
        assertThat(Tool.check(List.of("ps", "axww", "-o", "args"), "")).doesNotContain("sleep 1008");
        platform.startAgent();
        assertThat(Path.of("/proc", platform.folder(shop).text("init.pid").strip()))
                .exists();
        assertThat(runs("true").exit()).isZero();
        assertThat(running.pid()).isEqualTo(shop.pid());
    }
}
