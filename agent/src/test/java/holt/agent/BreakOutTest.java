package holt.agent;

import static org.assertj.core.api.Assertions.assertThat;

import holt.model.AgentReply;
import holt.model.AgentRequest;
import holt.model.Exit;
import holt.model.Limits;
import holt.model.ProcessReport;
import holt.model.ProcessSpec;
import holt.model.ProcessState;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.NetworkInterface;
import java.net.ServerSocket;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/**
 * An instance tries to get out, or to take what is its neighbours', in each way we know; {@code breakout.py} is what it
 * runs. Meanwhile a neighbour serves requests, and every one of them must succeed. Needs root.
 */
class BreakOutTest {
    private static final String SCRIPT = Shim.resource("breakout.py");
    private static final long STRANGERS = 7;
    private static final Limits LIMITS = new Limits(96L << 20, 0, 64, 64L << 20);

    private static Platform platform;
    private static ProcessReport neighbour;
    private static ProcessSpec victim;

    private final AtomicInteger served = new AtomicInteger();
    private final AtomicInteger failed = new AtomicInteger();
    private Thread customer;

    @BeforeAll
    static void startPlatform() throws IOException {
        platform = new Platform();
        neighbour = platform.run(platform.web("busybox httpd -f -p $PORT"));
        victim = platform.web(
                "echo treasure > /app/treasure; echo treasure > /tmp/treasure; exec busybox httpd -f -p $PORT");
        platform.run(victim);
    }

    @AfterAll
    static void stopPlatform() throws IOException {
        platform.close();
        KernelLeftovers.assertNone(platform);
        assertThat(KernelLeftovers.openNamespaces()).isEmpty();
    }

    @BeforeEach
    void beginToAskTheNeighbour() {
        customer = Thread.ofPlatform().daemon().start(() -> {
            while (!Thread.currentThread().isInterrupted()) {
                ask();
            }
        });
    }

    private void ask() {
        try {
            String text = ContainerTest.fetch(neighbour, "readme");
            (text.startsWith("hello") ? served : failed).incrementAndGet();
        } catch (IOException fault) {
            failed.incrementAndGet();
        }
    }

    @AfterEach
    void theNeighbourServedEveryRequest() throws InterruptedException {
        customer.interrupt();
        customer.join();
        assertThat(served.get()).isPositive();
        assertThat(failed.get()).isZero();
    }

    @Test
    void filesOfOthersAndOfTheHostCannotBeReadOrWritten() throws IOException {
        Path secret = Files.writeString(platform.home.resolve("secret"), "key");
        Files.setPosixFilePermissions(secret, PosixFilePermissions.fromString("rw-r--r--"));
        triesInVain(
                "files",
                secret,
                platform.folder(victim).path(),
                platform.folder(victim).upper());
    }

    @Test
    void processesOfOthersCannotBeSeenOrEnded() throws IOException {
        String init = platform.folder(victim).text("init.pid").strip();
        triesInVain("others", ProcessHandle.current().pid(), init, 2, 1_000_000);
        assertThat(ProcessHandle.of(Long.parseLong(init))).isPresent();
    }

    @Test
    void portsOfOthersAndOfTheHostCannotBeReached() throws IOException {
        List<Object> targets = new ArrayList<>(List.of(
                neighbour.address() + "/8080",
                platform.reported(victim, ProcessState.RUNNING).address() + "/8080"));
        try (ServerSocket api = new ServerSocket()) {
            api.bind(new InetSocketAddress("::", 0));
            for (InetAddress each : NetworkInterface.networkInterfaces()
                    .flatMap(NetworkInterface::inetAddresses)
                    .toList()) {
                targets.add(each.getHostAddress().replaceFirst("%.*", "") + "/" + api.getLocalPort());
            }
            targets.add("fe80::1%eth0/" + api.getLocalPort());
            targets.add("10.192.0.1/" + api.getLocalPort());
            triesInVain("network", targets.toArray());
            api.setSoTimeout(1);
            org.assertj.core.api.Assertions.assertThatThrownBy(api::accept)
                    .isInstanceOf(java.net.SocketTimeoutException.class);
        }
    }

    @Test
    void anotherAddressCannotBeTaken() throws IOException {
        triesInVain("spoof", neighbour.address(), "192.0.2.7", 9);
    }

    @Test
    void theKernelCannotBeChanged() throws IOException {
        triesInVain("kernel");
    }

    @Test
    void privilegesCannotBeGained() throws IOException {
        triesInVain("privileges");
    }

    @Test
    void limitsAndSettingsCannotBeWritten() throws IOException {
        triesInVain("control");
    }

    @Test
    void forkBombEndsAtItsLimit() throws IOException {
        ProcessReport ended = triesInVain("forks");
        assertThat(ended.exit()).isNotNull();
    }

    @Test
    void memoryBombIsEndedByTheKernel() {
        bombOfMemory("heap");
    }

    @Test
    void memoryBombInSharedMemoryIsHeld() {
        bombOfMemory("/dev/shm");
    }

    @Test
    void memoryBombInTemporaryFilesIsHeld() {
        bombOfMemory("/tmp");
    }

    private static void bombOfMemory(String where) {
        ProcessSpec spec = escape("memory", where);
        ProcessReport ended = platform.reported(platform.start(spec), ProcessState.EXITED);
        assertThat(platform.output(spec)).doesNotContain("ESCAPED");
        assertThat(ended.exit().code()).isNotZero();
        if (where.equals("heap")) {
            assertThat(ended.exit().reason()).isEqualTo(Exit.Reason.OUT_OF_MEMORY);
        }
    }

    @Test
    void pageCacheOfTheOwnDiskCountsForTheInstance() throws IOException {
        long before = availableMemory();
        triesInVain("disk", "/app");
        assertThat(before - availableMemory()).isLessThan(1L << 30);
    }

    private static long availableMemory() throws IOException {
        return Files.readAllLines(Path.of("/proc/meminfo")).stream()
                .filter(line -> line.startsWith("MemAvailable"))
                .mapToLong(line -> Long.parseLong(line.replaceAll("[^0-9]", "")) << 10)
                .findFirst()
                .orElseThrow();
    }

    @Test
    void diskOfTheHostCannotBeFilled() throws IOException {
        Path home = platform.home;
        long before = Files.getFileStore(home).getUsableSpace();
        triesInVain("disk", "/app");
        assertThat(before - Files.getFileStore(home).getUsableSpace()).isLessThan(1L << 30);
    }

    @Test
    void linksInItsFolderDoNotLeadTheAgentOutOfIt() throws IOException {
        Path secret = Files.writeString(platform.home.resolve("linked"), "key");
        ProcessSpec spec = platform.spec("ln -s " + secret + " a; ln -s / b; mkdir c; ln -s ../../../../.. c/d;"
                + " ln -s /proc/1/root e; ln -s /dev/full f; echo done; exec sleep 1000");
        platform.run(spec);
        org.awaitility.Awaitility.await()
                .atMost(Platform.PATIENCE)
                .until(() -> platform.output(spec).contains("done"));
        assertRefused(spec, "a", "b/etc/passwd", "c/d/etc/passwd", "e/etc/passwd", "f", "b" + secret);
        platform.stop(spec, Duration.ZERO);
        platform.reported(spec, ProcessState.EXITED);
        assertRefused(spec, "a", "b/etc/passwd", "c/d/etc/passwd", "e/etc/passwd", "f", "b" + secret);
    }

    private static void assertRefused(ProcessSpec spec, String... paths) {
        for (String path : paths) {
            assertThat(platform.ask(new AgentRequest.Files(spec.pid(), spec.incarnation(), path, 0, 100)))
                    .as(path)
                    .isInstanceOf(AgentReply.Refused.class);
        }
    }

    @Test
    void whatIsWrittenInsteadOfOutputLeadsNowhere() throws IOException {
        Path planted = platform.home.resolve("planted");
        ProcessSpec spec = platform.spec("echo x > /run/holt/notes; rm -f /run/holt/notes; ln -s " + planted
                + " /run/holt/notes; echo oom_kill 99 >> /run/holt/notes; printf '\\033]0;x\\007' ; exit 3");
        ProcessReport ended = platform.reported(platform.start(spec), ProcessState.EXITED);
        assertThat(planted).doesNotExist();
        assertThat(ended.exit()).isNotNull();
    }

    @Test
    void notesOfProcessOneCannotFillTheDisk() {
        ProcessSpec spec = platform.spec(
                "dd if=/dev/zero of=/run/holt/notes bs=1M count=8 conv=notrunc oflag=append 2>/dev/null; echo filled; exec sleep 1000");
        platform.run(spec);
        Path notes = platform.folder(spec).path().resolve("run/notes");
        org.awaitility.Awaitility.await()
                .atMost(Platform.PATIENCE)
                .until(() -> platform.output(spec).contains("filled") && Files.size(notes) <= 8);
    }

    @Test
    void theUsualProgramsRunInside() {
        ProcessReport ended =
                platform.result("/usr/bin/python3 -c 'import threading, ssl, json, sqlite3, socket, multiprocessing;"
                        + " multiprocessing.Pool(2).map(abs, [1]); print(\"python\")' && ruby -e 'Thread.new { puts :ruby }.join'"
                        + " && node -e 'require(\"child_process\").execSync(\"true\"); console.log(\"node\")'"
                        + " && java -XX:+UseSerialGC -Xshare:auto -version && perl -e 'print \"perl\\n\"'");
        assertThat(ended.exit().code()).isZero();
        assertThat(ended.exit().lastLog()).contains("python", "ruby", "node", "perl");
    }

    private static ProcessReport triesInVain(String way, Object... arguments) throws IOException {
        ProcessSpec spec = escape(way, arguments);
        ProcessReport ended = platform.reported(platform.start(spec), ProcessState.EXITED);
        String output = platform.output(spec);
        assertThat(output).contains("tried").doesNotContain("ESCAPED").doesNotContain("Traceback");
        return ended;
    }

    private static ProcessSpec escape(String way, Object... arguments) {
        StringBuilder line = new StringBuilder("exec /usr/bin/python3 -u breakout.py " + way);
        for (Object each : arguments) {
            line.append(" '").append(each).append('\'');
        }
        ProcessSpec spec = Platform.with(platform.spec(line.toString()), LIMITS);
        return Platform.inGroup(
                Platform.withDroplet(spec, platform.droplet(Map.of("breakout.py", SCRIPT), Map.of())), STRANGERS);
    }
}
