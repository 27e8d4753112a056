package holt.agent;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import holt.model.AgentReply;
import holt.model.AgentRequest;
import holt.model.Exit;
import holt.model.Limits;
import holt.model.LogLine;
import holt.model.ProcessReport;
import holt.model.ProcessSpec;
import holt.model.ProcessState;
import holt.model.Readiness;
import java.io.IOException;
import java.io.InputStream;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.time.Duration;
import java.util.Map;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;

/** Real containers on the real kernel; needs root. */
class ContainerTest {
    private static Platform platform;

    @BeforeAll
    static void startPlatform() throws IOException {
        platform = new Platform();
    }

    @AfterAll
    static void stopPlatform() throws IOException {
        platform.close();
        KernelLeftovers.assertNone(platform);
        assertThat(KernelLeftovers.openNamespaces()).isEmpty();
    }

    @Test
    void webServerBecomesReadyAndAnswers() throws IOException {
        ProcessReport running = platform.run(platform.web("busybox httpd -f -p $PORT"));
        assertThat(fetch(running, "readme")).isEqualTo("hello from the droplet\n");
    }

    @Test
    void pythonRubyAndJavaOfTheHostCanBeUsed() {
        ProcessReport ended = platform.result(
                "/usr/bin/python3 -c 'import ssl, json; print(\"python\")' && ruby -e 'puts :ruby' && java -version");
        assertThat(ended.exit().lastLog()).contains("python", "ruby");
        assertThat(ended.exit().lastLog()).anyMatch(line -> line.contains("25"));
        assertThat(ended.exit().code()).isZero();
    }

    @Test
    void exitCodeAndLastLinesAreReported() {
        ProcessReport ended = platform.result("echo one; echo two >&2; exit 3");
        assertThat(ended.exit().reason()).isEqualTo(Exit.Reason.EXITED);
        assertThat(ended.exit().code()).isEqualTo(3);
        assertThat(ended.exit().lastLog()).containsExactlyInAnyOrder("one", "two");
    }

    @Test
    void linesOfBothStreamsComeAsTheyAreWritten() {
        ProcessSpec spec = platform.spec("echo to-out; echo to-err >&2; printf 'bad \\377 byte\\n'; sleep 60");
        platform.run(spec);
        await().atMost(Platform.PATIENCE)
                .until(() -> platform.lines.stream()
                                .filter(line -> line.pid() == spec.pid())
                                .count()
                        >= 3);
        assertThat(platform.lines)
                .filteredOn(line -> line.pid() == spec.pid())
                .extracting(LogLine::stream, LogLine::text)
                .contains(
                        org.assertj.core.groups.Tuple.tuple("out", "to-out"),
                        org.assertj.core.groups.Tuple.tuple("err", "to-err"),
                        org.assertj.core.groups.Tuple.tuple("out", "bad \uFFFD byte"));
    }

    @Test
    void outputThatAProgramTruncatesIsReadOn() {
        ProcessSpec spec = platform.spec(
                "echo first; sleep 0.5; echo a longer second > /dev/stdout;" + " sleep 0.2; echo third; sleep 1000");
        platform.run(spec);
        await().atMost(Platform.PATIENCE).until(() -> platform.output(spec).contains("third"));
        assertThat(platform.output(spec)).isEqualTo("first\na longer second\nthird");
    }

    @Test
    void stoppedInstanceGetsTermThenEnds() {
        ProcessSpec spec = platform.spec("trap 'echo bye; exit 0' TERM; echo up; while :; do sleep 0.05; done");
        platform.run(spec);
        await().atMost(Platform.PATIENCE).until(() -> platform.output(spec).contains("up"));
        platform.stop(spec, Duration.ofSeconds(10));
        ProcessReport ended = platform.reported(spec, ProcessState.EXITED);
        assertThat(ended.exit().reason()).isEqualTo(Exit.Reason.STOPPED);
        assertThat(ended.exit().lastLog()).contains("bye");
    }

    @Test
    void instanceThatIgnoresTermIsKilledAfterItsGrace() {
        ProcessSpec spec = platform.spec("trap '' TERM; while :; do sleep 0.05; done");
        platform.run(spec);
        platform.stop(spec, Duration.ofMillis(300));
        ProcessReport ended = platform.reported(spec, ProcessState.EXITED);
        assertThat(ended.exit().reason()).isEqualTo(Exit.Reason.STOPPED);
        assertThat(ended.exit().code()).isEqualTo(137);
    }

    @Test
    void stopRightAfterTheStartIsAsGentle() {
        ProcessSpec spec = platform.spec("trap 'echo bye; exit 0' TERM; while :; do sleep 0.05; done");
        platform.start(spec);
        platform.stop(spec, Duration.ofSeconds(20));
        ProcessReport ended = platform.reported(spec, ProcessState.EXITED);
        assertThat(ended.exit().reason()).isEqualTo(Exit.Reason.STOPPED);
        assertThat(ended.exit().code()).isNotEqualTo(137);
    }

    @Test
    void programKilledBySomeoneElseIsReportedAsSignaled() throws IOException {
        ProcessSpec spec = platform.spec("exec sleep 1000.25");
        platform.run(spec);
        int init = Integer.parseInt(platform.folder(spec).text("init.pid").strip());
        await().atMost(Platform.PATIENCE).until(() -> child(init) > 0);
        Native.kill(child(init), Native.SIGKILL);
        ProcessReport ended = platform.reported(spec, ProcessState.EXITED);
        assertThat(ended.exit().reason()).isEqualTo(Exit.Reason.SIGNALED);
        assertThat(ended.exit().code()).isEqualTo(137);
        assertThat(ended.exit().detail()).isEqualTo("killed by SIGKILL");
    }

    private static int child(int pid) throws IOException {
        String children = Files.readString(Path.of("/proc/" + pid + "/task/" + pid + "/children"))
                .strip();
        return children.isEmpty() ? 0 : Integer.parseInt(children.split(" ")[0]);
    }

    @Test
    void instanceWhoseFirstProcessIsKilledIsEndedAndReportedAsKilled() throws IOException {
        ProcessSpec spec = platform.spec("sleep 1000");
        platform.run(spec);
        int program = child(platform.keeper(spec).orElseThrow());
        Native.kill(platform.keeper(spec).orElseThrow(), Native.SIGKILL);
        ProcessReport ended = platform.reported(spec, ProcessState.EXITED);
        assertThat(ended.exit().reason()).isEqualTo(Exit.Reason.SIGNALED);
        assertThat(ended.exit().code()).isEqualTo(137);
        assertThat(Path.of("/proc", Integer.toString(program))).doesNotExist();
    }

    @Test
    void memoryHungryProgramIsReportedWithItsLimit() {
        ProcessSpec spec = Platform.with(
                platform.spec("/usr/bin/python3 -c 'a = bytearray(200 << 20); print(len(a))'"),
                new Limits(48L << 20, 0, 100));
        ProcessReport ended = platform.reported(platform.start(spec), ProcessState.EXITED);
        assertThat(ended.exit().reason()).isEqualTo(Exit.Reason.OUT_OF_MEMORY);
        assertThat(ended.exit().detail()).contains("48");
    }

    @Test
    void forkBombStaysWithinItsLimitAndCanBeStopped() throws IOException {
        ProcessSpec spec = Platform.with(platform.spec("""
                        exec /usr/bin/python3 -c '
                        import os, time
                        while True:
                            try:
                                os.fork()
                            except OSError:
                                time.sleep(0.05)
                        '"""), new Limits(256L << 20, 200, 40));
        platform.run(spec);
        Cgroups cgroups = Cgroups.ofHost(platform.id());
        await().atMost(Platform.PATIENCE)
                .until(() -> cgroups.processes(InstanceKey.of(spec)).size() > 20);
        assertThat(cgroups.processes(InstanceKey.of(spec))).hasSizeLessThanOrEqualTo(40);
        platform.stop(spec, Duration.ofMillis(100));
        platform.reported(spec, ProcessState.EXITED);
        assertThat(cgroups.processes(InstanceKey.of(spec))).isEmpty();
    }

    @Test
    void limitsAreTheOnesAskedFor() {
        ProcessSpec spec = Platform.with(
                platform.spec("cat /sys/fs/cgroup/memory/memory.limit_in_bytes /sys/fs/cgroup/memory.max 2>/dev/null;"
                        + " cat /sys/fs/cgroup/pids/pids.max /sys/fs/cgroup/pids.max 2>/dev/null"),
                new Limits(96L << 20, 500, 33));
        ProcessReport ended = platform.reported(platform.start(spec), ProcessState.EXITED);
        assertThat(ended.exit().lastLog()).containsExactly(Long.toString(96L << 20), "33");
    }

    @Test
    void programIsUnprivilegedAndTheSystemIsReadOnly() {
        ProcessReport ended = platform.result("""
                id -u
                grep CapEff /proc/self/status
                for f in /usr/x /etc/x /x /bin/x /sys/x /proc/sys/kernel/hostname; do
                  (echo x > $f) 2>/dev/null && echo "written $f"
                done
                cat /etc/shadow 2>/dev/null && echo shadow
                ls -A /root /home /var
                ls /work 2>/dev/null && echo work
                unshare -U true 2>/dev/null && echo user-namespace
                mount -t tmpfs none /tmp 2>/dev/null && echo mounted
                echo end
                """);
        assertThat(ended.exit().lastLog())
                .contains("CapEff:\t0000000000000000", "end")
                .doesNotContain("0", "shadow", "work", "user-namespace", "mounted")
                .noneMatch(line -> line.startsWith("written") || line.contains("root:x"));
        assertThat(Integer.parseInt(ended.exit().lastLog().getFirst())).isGreaterThanOrEqualTo(200_000);
    }

    @Test
    void folderOfTheDropletIsWritableAndPrivate() throws IOException {
        String command = "cat readme; echo changed >> readme; mkdir -p new && echo x > new/file; cat readme; ls";
        ProcessReport first = platform.result(command);
        ProcessReport second = platform.result(command);
        assertThat(first.exit().lastLog())
                .containsExactly("hello from the droplet", "hello from the droplet", "changed", "new", "readme");
        assertThat(second.exit().lastLog()).isEqualTo(first.exit().lastLog());
    }

    @Test
    void environmentTellsTheProgramWhoItIs() {
        ProcessSpec spec = platform.spec("env | sort; pwd");
        platform.start(spec);
        platform.reported(spec, ProcessState.EXITED);
        assertThat(platform.output(spec))
                .contains("GREETING=good morning")
                .contains("PORT=8080")
                .contains("HOST=0.0.0.0")
                .contains("HOME=/app")
                .contains("HOLT_PID=" + spec.pid())
                .contains("HOLT_PPID=2")
                .contains("HOLT_APP=shop")
                .contains("HOLT_INDEX=0")
                .contains("HOLT_HOST=test")
                .contains("VCAP_APP_PORT=8080")
                .contains("VCAP_SERVICES={}")
                .contains("\"instance_id\":\"" + spec.instanceId() + "\"")
                .endsWith("/app");
    }

    @Test
    void secretsAreNowhereAnotherUserCanRead() throws IOException {
        ProcessSpec spec = platform.spec("sleep 1000");
        platform.run(spec);
        Path folder = platform.folder(spec).path();
        assertThat(PosixFilePermissions.toString(Files.getPosixFilePermissions(folder)))
                .isEqualTo("rwx------");
        await().atMost(Platform.PATIENCE).until(() -> Files.notExists(folder.resolve("config.json")));
        Path agentHome = platform.home.resolve("agent");
        Path runtime = RuntimeState.open(new Host(AgentSettings.of("any", agentHome)).platform(), agentHome)
                .folder();
        assertThat(runtime.resolve(platform.folder(spec).container().toString()))
                .isDirectory();
        assertThat(PosixFilePermissions.toString(Files.getPosixFilePermissions(runtime)))
                .isEqualTo("rwx------");
        String lines =
                Tool.run(java.util.List.of("ps", "axww", "-o", "args"), "").output();
        assertThat(lines).doesNotContain("good morning");
        ProcessReport other = platform.result("cat /proc/*/environ 2>/dev/null | tr '\\0' '\\n' | grep -c HOLT_PID="
                + spec.pid() + "; ls /proc | grep -c '^[0-9]'");
        assertThat(other.exit().lastLog().getFirst()).isEqualTo("0");
        assertThat(Integer.parseInt(other.exit().lastLog().get(1))).isLessThan(10);
    }

    @Test
    void instancesCannotReachEachOtherOrTheHost() throws IOException {
        ProcessReport server = platform.run(platform.web("busybox httpd -f -p $PORT"));
        String gateway = server.address().replaceAll("\\.\\d+$", "") + ".1";
        try (var listening = new java.net.ServerSocket(0)) {
            ProcessSpec stranger = Platform.inGroup(
                    platform.spec("busybox timeout 2 busybox wget -q -O - http://" + server.address()
                            + ":8080/readme || echo no-other; busybox timeout 2 busybox wget -q -O - http://" + gateway
                            + ":" + listening.getLocalPort() + "/ || echo no-host"),
                    77);
            ProcessReport client = platform.reported(platform.start(stranger), ProcessState.EXITED);
            assertThat(client.exit().lastLog())
                    .contains("no-other", "no-host")
                    .noneMatch(line -> line.contains("hello"));
        }
        assertThat(fetch(server, "readme")).startsWith("hello");
    }

    @Test
    void programThatNeverListensIsStoppedAndToldWhy() {
        ProcessSpec spec = platform.spec("echo waiting; sleep 1000", new Readiness(Readiness.Kind.PORT, 1));
        ProcessReport ended = platform.reported(platform.start(spec), ProcessState.EXITED);
        assertThat(ended.exit().reason()).isEqualTo(Exit.Reason.START_TIMEOUT);
        assertThat(ended.exit().detail()).contains("8080").contains("listens on no port");
        assertThat(ended.exit().lastLog()).contains("waiting");
    }

    @Test
    void programThatListensOnLoopbackOnlyIsToldSo() {
        ProcessSpec spec = platform.spec("busybox httpd -f -p 127.0.0.1:$PORT", new Readiness(Readiness.Kind.PORT, 1));
        ProcessReport ended = platform.reported(platform.start(spec), ProcessState.EXITED);
        assertThat(ended.exit().detail()).contains("127.0.0.1 only");
    }

    @Test
    void commandThatIsNotThereIsToldSo() {
        ProcessReport ended = platform.result("no-such-command --now");
        assertThat(ended.exit().code()).isEqualTo(127);
        assertThat(ended.exit().detail()).contains("not found");
    }

    @Test
    void dropletThatIsMissingIsAFailedStart() {
        ProcessSpec spec = Platform.withDroplet(platform.spec("true"), "0".repeat(64));
        ProcessReport ended = platform.reported(platform.start(spec), ProcessState.EXITED);
        assertThat(ended.exit().reason()).isEqualTo(Exit.Reason.START_FAILED);
        assertThat(ended.exit().code()).isEqualTo(-1);
        assertThat(ended.exit().detail()).contains("missing in the blob store");
    }

    @Test
    void filesAreReadAsTheInstanceSeesThemWhileItRunsAndAfter() {
        ProcessSpec spec = platform.spec(
                "echo new > made; rm readme; ln -s /etc/passwd leak; ln -s made inner; mkfifo pipe; mkdir d; ln -s .. d/up;"
                        + " echo done; exec sleep 1000");
        platform.run(spec);
        await().atMost(Platform.PATIENCE).until(() -> platform.output(spec).contains("done"));
        assertThat(names(spec, "")).containsExactlyInAnyOrder("d", "inner", "leak", "made", "pipe");
        assertThat(content(spec, "made")).isEqualTo("new\n");
        assertThat(content(spec, "inner")).isEqualTo("new\n");
        for (String path :
                new String[] {"leak", "pipe", "readme", "d/up/../../etc/passwd", "../etc/passwd", "/etc/passwd"}) {
            assertThat(read(spec, path)).as(path).isInstanceOf(AgentReply.Refused.class);
        }
        platform.stop(spec, Duration.ofMillis(50));
        platform.reported(spec, ProcessState.EXITED);
        assertThat(names(spec, "")).containsExactlyInAnyOrder("d", "inner", "leak", "made", "pipe");
        assertThat(content(spec, "made")).isEqualTo("new\n");
        for (String path : new String[] {"leak", "pipe", "readme", "inner", "d/up/made"}) {
            assertThat(read(spec, path)).as(path).isInstanceOf(AgentReply.Refused.class);
        }
    }

    private static java.util.List<String> names(ProcessSpec spec, String path) {
        return ((AgentReply.Listing) read(spec, path))
                .files().stream().map(AgentReply.FileInfo::name).toList();
    }

    private static String content(ProcessSpec spec, String path) {
        return new String(((AgentReply.Content) read(spec, path)).bytes(), StandardCharsets.UTF_8);
    }

    private static AgentReply read(ProcessSpec spec, String path) {
        return platform.ask(new AgentRequest.Files(spec.pid(), spec.incarnation(), path, 0, 1000));
    }

    @Test
    void startIsDoneOnceHoweverOftenItIsAsked() {
        ProcessSpec spec = platform.spec("sleep 1000");
        platform.run(spec);
        platform.start(spec);
        platform.start(spec);
        assertThat(platform.reports)
                .filteredOn(report -> report.pid() == spec.pid() && report.startedAt() == null)
                .hasSize(1);
    }

    @Test
    void whatDoesNotFitIsRefusedWithTheFigures() {
        ProcessSpec spec = Platform.with(platform.spec("true"), new Limits(1L << 40, 0, 10));
        AgentReply reply = platform.ask(new AgentRequest.Start(spec));
        assertThat(((AgentReply.Refused) reply).reason()).contains("1T").contains("free");
    }

    @Test
    void hostReportsTellMemoryAndCpuInUse() {
        ProcessSpec spec = platform.spec("/usr/bin/python3 -c 'b = bytearray(30 << 20)\nwhile True: pass'");
        platform.run(spec);
        await().atMost(Platform.PATIENCE)
                .until(() -> platform.hostReport().processes().stream()
                        .anyMatch(report -> report.pid() == spec.pid()
                                && report.memoryBytes() > 30 << 20
                                && report.cpuNanos() > 100_000_000));
        platform.stop(spec, Duration.ZERO);
    }

    @Test
    void floodOfOutputIsBoundedAndTheProgramGoesOn() throws IOException {
        ProcessSpec spec = platform.spec("yes 'a rather long line of output that says nothing at all'");
        platform.run(spec);
        await().atMost(Platform.PATIENCE).until(() -> platform.output(spec).contains("lines dropped: the program"));
        Path out = platform.folder(spec).output("out");
        await().atMost(Platform.PATIENCE).until(() -> Files.size(out) > 200 << 20);
        long blocks = Long.parseLong(Tool.check(java.util.List.of("stat", "-c", "%b", out.toString()), ""));
        assertThat(blocks * 512).isLessThan(150 << 20);
        platform.stop(spec, Duration.ZERO);
        platform.reported(spec, ProcessState.EXITED);
        long passed =
                platform.lines.stream().filter(line -> line.pid() == spec.pid()).count();
        assertThat(passed).isLessThan(120_000);
    }

    @Test
    void dropletVariablesAreSetAndUsersComeOverThem() {
        String droplet =
                platform.droplet(Map.of("a", "b"), Map.of("GREETING", "from the buildpack", "RACK_ENV", "production"));
        ProcessSpec spec = Platform.withDroplet(platform.spec("echo $GREETING, $RACK_ENV"), droplet);
        ProcessReport ended = platform.reported(platform.start(spec), ProcessState.EXITED);
        assertThat(ended.exit().lastLog()).containsExactly("good morning, production");
    }

    static String fetch(ProcessReport running, String path) throws IOException {
        URI url = URI.create("http://" + running.address() + ":" + running.port() + "/" + path);
        try (InputStream stream = url.toURL().openStream()) {
            return new String(stream.readAllBytes(), StandardCharsets.UTF_8);
        }
    }
}
