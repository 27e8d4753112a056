package holt.agent;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import holt.model.AgentReply;
import holt.model.AgentRequest;
import holt.model.Exit;
import holt.model.Limits;
import holt.model.ProcessReport;
import holt.model.ProcessSpec;
import holt.model.ProcessState;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.net.Socket;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;

/** Each limit against the real kernel; needs root. */
class LimitsTest {
    private static final long MEGABYTE = 1L << 20;
    private static Platform platform;

    @BeforeAll
    static void startPlatform() throws IOException {
        platform = new Platform();
    }

    @AfterAll
    static void stopPlatform() throws IOException {
        platform.close();
        KernelLeftovers.assertNone(platform);
    }

    @Test
    void wantOfMemoryIsTheReasonOfTheEndWithTheFigure() {
        Exit exit = ended(new Limits(64 * MEGABYTE, 0, 50), "exec /usr/bin/python3 -c 'x = b\"x\" * (200 << 20)'");
        assertThat(exit.reason()).isEqualTo(Exit.Reason.OUT_OF_MEMORY);
        assertThat(exit.detail())
                .matches("needed more than its 64M of memory \\(6[0-9.]+M at its peak, killed by the kernel\\)");
    }

    @Test
    void childThatWasEndedForWantOfMemoryIsTheReasonToo() {
        Exit exit = ended(new Limits(64 * MEGABYTE, 0, 50), "/usr/bin/python3 -c 'x = b\"x\" * (200 << 20)' || exit 5");
        assertThat(exit.reason()).isEqualTo(Exit.Reason.OUT_OF_MEMORY);
        assertThat(exit.detail()).contains("the kernel killed one of its processes), and exited with code 5");
    }

    @Test
    void cpuQuotaHolds() throws IOException {
        ProcessSpec spec = run(new Limits(64 * MEGABYTE, 200, 50), "while :; do :; done & while :; do :; done");
        Cgroups groups = Cgroups.ofHost(platform.id());
        InstanceKey key = InstanceKey.of(spec);
        long began = System.nanoTime();
        long before = groups.usage(key).cpuNanos();
        await().atMost(Platform.PATIENCE)
                .until(() -> System.nanoTime() - began > Duration.ofSeconds(3).toNanos());
        double share = (double) (groups.usage(key).cpuNanos() - before) / (System.nanoTime() - began);
        platform.stop(spec, Duration.ZERO);
        assertThat(share).isBetween(0.02, 0.3);
    }

    @Test
    void numberOfProcessesHolds() {
        Exit exit = ended(new Limits(128 * MEGABYTE, 0, 20), """
                exec /usr/bin/python3 -c '
                import os, time
                n = 0
                try:
                    while n < 100:
                        if os.fork() == 0:
                            time.sleep(600)
                        n += 1
                except OSError as full:
                    print(full.errno, n < 20)
                '""");
        assertThat(exit.lastLog()).contains("11 True");
    }

    @Test
    void numberOfOpenFilesHolds() {
        Exit exit = ended(new Limits(128 * MEGABYTE, 0, 20, 0, 100, 0, 0), """
                ulimit -n; ulimit -Hn; exec /usr/bin/python3 -c '
                files = []
                try:
                    while len(files) < 1000:
                        files.append(open("/dev/null"))
                except OSError as full:
                    print(full.errno, len(files) < 100)
                '""");
        assertThat(exit.lastLog()).containsExactly("100", "100", "24 True");
    }

    @Test
    void diskHoldsIsTaughtAndGivesBackWhatIsDeleted() throws IOException {
        ProcessSpec spec = run(new Limits(256 * MEGABYTE, 0, 50, 64 * MEGABYTE), """
                dd if=/dev/urandom of=a bs=1M count=40 2>/dev/null; sync a; echo filled; while [ ! -e /app/go ]; do sleep 0.05; done
                rm a; echo deleted; dd if=/dev/urandom of=b bs=1M count=100; echo end; echo kept > c; exec sleep 1000""");
        await().atMost(Platform.PATIENCE).until(() -> platform.output(spec).contains("filled"));
        await().atMost(Platform.PATIENCE).until(() -> diskOf(spec) > 40 * MEGABYTE);
        assertThat(blocksOf(spec)).isGreaterThan(40 * MEGABYTE);
        platform.touchInside(spec, "go");
        await().atMost(Platform.PATIENCE).until(() -> platform.output(spec).contains("end"));
        assertThat(platform.output(spec)).contains("No space left");
        assertThat(blocksOf(spec)).isLessThan(80 * MEGABYTE);
    }

    private static long diskOf(ProcessSpec spec) {
        return platform.hostReport().processes().stream()
                .filter(report -> report.pid() == spec.pid())
                .mapToLong(report -> report.used().diskBytes())
                .findFirst()
                .orElse(0);
    }

    private static long blocksOf(ProcessSpec spec) throws IOException {
        String blocks = Tool.check(
                List.of(
                        "stat",
                        "-c",
                        "%b",
                        SizedDisks.image(platform.folder(spec)).toString()),
                "");
        return Long.parseLong(blocks) * 512;
    }

    @Test
    void filesOnALimitedDiskCanBeReadAfterTheEnd() throws IOException {
        ProcessSpec spec = Platform.with(
                platform.spec("echo kept > made; mkdir d; echo two > d/x; rm readme"),
                new Limits(64 * MEGABYTE, 0, 50, 32 * MEGABYTE));
        platform.reported(platform.start(spec), ProcessState.EXITED);
        AgentReply made = platform.ask(new AgentRequest.Files(spec.pid(), 1, "made", 0, 100));
        assertThat(((AgentReply.Content) made).bytes()).isEqualTo("kept\n".getBytes());
        AgentReply gone = platform.ask(new AgentRequest.Files(spec.pid(), 1, "readme", 0, 100));
        assertThat(gone).isInstanceOf(AgentReply.Refused.class);
        AgentReply names = platform.ask(new AgentRequest.Files(spec.pid(), 1, "", 0, 100));
        assertThat(((AgentReply.Listing) names).files())
                .extracting(AgentReply.FileInfo::name)
                .containsExactly("d", "made");
        assertThat(Files.readString(Path.of("/proc/self/mountinfo"))).doesNotContain("/disks/ended-");
    }

    @Test
    void limitedDiskIsOutOfSightOnceItsInstanceRuns() throws IOException {
        ProcessSpec spec = run(new Limits(64 * MEGABYTE, 0, 50, 32 * MEGABYTE), "echo up; exec sleep 1000");
        String image = SizedDisks.image(platform.folder(spec)).toString();
        assertThat(KernelLeftovers.loopDevices()).contains(image);
        platform.stop(spec, Duration.ZERO);
        platform.reported(spec, ProcessState.EXITED);
        await().atMost(Platform.PATIENCE)
                .until(() -> !KernelLeftovers.loopDevices().contains(image));
    }

    @Test
    void bandwidthHoldsInBothDirections() throws IOException {
        ProcessSpec spec = platform.web("""
                exec /usr/bin/python3 -c '
                import socket
                s = socket.create_server(("0.0.0.0", 8080))
                while True:
                    c, _ = s.accept()
                    word = c.recv(4)
                    try:
                        while word == b"send":
                            c.send(b"x" * 16384)
                        total = 0
                        while word == b"take":
                            got = len(c.recv(65536))
                            total += got
                            if got == 0 or total == 6 << 20:
                                c.send(b"k")
                                break
                    except OSError:
                        pass
                    c.close()
                '""");
        ProcessReport running =
                platform.run(Platform.with(spec, new Limits(64 * MEGABYTE, 0, 50, 0, 0, 2 * MEGABYTE, 0)));
        assertThat(rateFrom(running)).isBetween(1.6 * MEGABYTE, 2.4 * MEGABYTE);
        assertThat(rateTo(running)).isBetween(1.6 * MEGABYTE, 2.4 * MEGABYTE);
        await().atMost(Platform.PATIENCE)
                .until(() -> platform.hostReport().processes().stream()
                        .anyMatch(report -> report.pid() == spec.pid()
                                && report.used().sentBytes() > 5 * MEGABYTE
                                && report.used().receivedBytes() > 5 * MEGABYTE));
    }

    private static double rateFrom(ProcessReport running) throws IOException {
        try (Socket socket = new Socket(running.address(), running.port());
                InputStream input = socket.getInputStream()) {
            socket.getOutputStream().write("send".getBytes());
            input.readNBytes(1 << 20); // what the bucket held
            long began = System.nanoTime();
            input.readNBytes(6 << 20);
            return (6 << 20) * 1e9 / (System.nanoTime() - began);
        }
    }

    private static double rateTo(ProcessReport running) throws IOException {
        try (Socket socket = new Socket(running.address(), running.port());
                OutputStream output = socket.getOutputStream()) {
            output.write("take".getBytes());
            long began = System.nanoTime();
            output.write(new byte[6 << 20]);
            assertThat(socket.getInputStream().read()).isEqualTo('k');
            return (6 << 20) * 1e9 / (System.nanoTime() - began);
        }
    }

    @Test
    void speedOfTheDiskHolds() {
        Exit exit = ended(new Limits(128 * MEGABYTE, 0, 50, 0, 0, 0, 4 * MEGABYTE), """
                exec /usr/bin/python3 -c '
                import mmap, os, time
                block = mmap.mmap(-1, 1 << 20)
                file = os.open("/app/data", os.O_CREAT | os.O_RDWR | os.O_DIRECT)
                began = time.monotonic()
                for _ in range(10):
                    os.write(file, block)
                print("written", 10 / (time.monotonic() - began) < 5)
                os.lseek(file, 0, 0)
                began = time.monotonic()
                for _ in range(10):
                    os.readv(file, [block])
                print("read", 10 / (time.monotonic() - began) < 5)
                '""");
        assertThat(exit.lastLog()).containsExactly("written True", "read True");
    }

    @Test
    void hostTellsWhichLimitsItCannotHold() {
        assertThat(platform.hostReport().warnings())
                .anyMatch(line -> line.contains("project quotas"))
                .anyMatch(line -> line.contains("cgroup v2"));
    }

    @Test
    void membersOfAGroupReachEachOtherAndOthersDoNotAlsoAfterTheAgentsRestart() throws IOException {
        ProcessSpec one = Platform.inGroup(platform.web("busybox httpd -f -p $PORT"), 50);
        ProcessReport server = platform.run(one);
        String ask = "busybox timeout 5 busybox wget -q -O - http://" + server.address() + ":8080/readme || echo none";
        String askSoon =
                "for i in 1 2 3 4 5 6 7 8; do " + ask.replace("timeout 5", "timeout 1") + "; done | grep -m1 hello";
        assertThat(lines(50, askSoon)).contains("hello from the droplet");
        assertThat(lines(51, ask)).contains("none").doesNotContain("hello from the droplet");
        ProcessSpec member = Platform.inGroup(
                platform.spec("while [ ! -e go ]; do sleep 0.05; done; " + ask + "; exec sleep 1000"), 50);
        platform.run(member);
        platform.agent.close();
        platform.startAgent();
        platform.touchInside(member, "go");
        await().atMost(Platform.PATIENCE)
                .until(() -> platform.output(member).contains("\n")
                        || !platform.output(member).isEmpty());
        assertThat(platform.output(member)).isEqualTo("hello from the droplet");
    }

    private static List<String> lines(long group, String command) {
        ProcessSpec spec = Platform.inGroup(platform.spec(command), group);
        return platform.reported(platform.start(spec), ProcessState.EXITED)
                .exit()
                .lastLog();
    }

    @Test
    void temporaryFilesArePrivateBoundedAndWritable() {
        Exit exit = ended(
                new Limits(64 * MEGABYTE, 0, 50),
                "ls /tmp /dev/shm | wc -w; echo x > /tmp/x && echo y > /dev/shm/y && stat -c %a /tmp /dev/shm;"
                        + " df -m --output=size /tmp /dev/shm | tail -2 | tr -d ' '");
        assertThat(exit.lastLog()).endsWith("1777", "1777", "32", "32");
    }

    private static ProcessSpec run(Limits limits, String command) {
        ProcessSpec spec = Platform.with(platform.spec(command), limits);
        platform.run(spec);
        return spec;
    }

    private static Exit ended(Limits limits, String command) {
        ProcessSpec spec = Platform.with(platform.spec(command), limits);
        return platform.reported(platform.start(spec), ProcessState.EXITED).exit();
    }
}
