package holt.agent;

import static org.assertj.core.api.Assertions.assertThat;

import holt.model.LogLine;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.constraints.IntRange;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The small decisions. */
class PartsTest {
    @TempDir
    Path folder;

    @Test
    void theNumberOfPidsIsReadWhole() throws IOException {
        assertThat(Host.pids()).isGreaterThanOrEqualTo(10); // not its first digit
    }

    @Property(tries = 300)
    void cutInAnyPiecesLinesAreTheSame(@ForAll List<String> words, @ForAll @IntRange(min = 1, max = 50) int piece) {
        String text = String.join("\n", words).replace("\r", "") + "\n";
        byte[] bytes = text.getBytes(StandardCharsets.UTF_8);
        List<String> lines = new ArrayList<>();
        int offset = 0;
        for (int known = 0; known < bytes.length || offset < bytes.length; known += piece) {
            int length = Math.min(bytes.length, known + piece) - offset;
            byte[] chunk = new byte[length];
            System.arraycopy(bytes, offset, chunk, 0, length);
            LineCutter.Cut cut = LineCutter.cut(chunk, length, 1000, known + piece >= bytes.length);
            lines.addAll(cut.lines());
            offset += cut.bytes();
        }
        String whole = new String(bytes, StandardCharsets.UTF_8);
        assertThat(lines)
                .isEqualTo(List.of(whole.substring(0, whole.length() - 1).split("\n", -1)));
    }

    @Test
    void lineWithoutEndIsCutBetweenCharacters() {
        byte[] bytes = "\u20ac".repeat(LineCutter.MAX_LINE_BYTES).getBytes(StandardCharsets.UTF_8);
        LineCutter.Cut cut = LineCutter.cut(bytes, LineCutter.MAX_LINE_BYTES + 1, 10, false);
        assertThat(cut.bytes() % 3).isZero();
        assertThat(String.join("", cut.lines())).isEqualTo("\u20ac".repeat(cut.bytes() / 3));
        assertThat(cut.lines()).allMatch(line -> line.length() <= LogLine.MAX_CHARS);
    }

    @Test
    void floodGateRefillsWithTime() {
        FloodGate gate = new FloodGate(0);
        gate.passed(2 * FloodGate.LINES_PER_SECOND, 1000);
        assertThat(gate.allowedLines(0)).isZero();
        assertThat(gate.allowedLines(500_000_000)).isEqualTo(FloodGate.LINES_PER_SECOND / 2);
        gate.passed(1, 10 * FloodGate.BYTES_PER_SECOND);
        assertThat(gate.allowedLines(500_000_000)).isZero();
    }

    @Test
    void listeningSocketsAreRead() {
        assertThat(ListeningPorts.parse("0: 0100007F:1F90 00000000:0000 0A 00000000:00000000"))
                .hasValue(new ListeningPorts.Socket(true, 8080));
        assertThat(ListeningPorts.parse("0: 0100007F:1F90 0100007F:0050 01 0:0"))
                .isEmpty();
        assertThat(ListeningPorts.explain(List.of(new ListeningPorts.Socket(false, 3000)), 8080))
                .contains("port 3000");
    }

    @Test
    void rangeOfAddressesTouchesNoRoute() throws IOException {
        int wanted = AddressRange.findFree("a", "default via 192.0.2.1 dev eth0");
        assertThat(AddressRange.text(wanted)).startsWith("10.");
        assertThat(AddressRange.findFree("a", AddressRange.text(wanted + 5) + " dev x"))
                .isNotEqualTo(wanted);
        assertThat(AddressRange.findFree("a", AddressRange.text(wanted) + "/20 dev x"))
                .isNotEqualTo(wanted);
    }

    @Test
    void groupsOfVersionTwoAreRead() throws IOException {
        Cgroups groups =
                Cgroups.of(List.of("31 23 0:28 / " + folder + " rw,relatime shared:9 - cgroup2 cgroup2 rw"), "holt-x");
        Path group = Files.createDirectories(folder.resolve("holt-x/7.2"));
        Files.writeString(group.resolve("memory.current"), "5000\n");
        Files.writeString(group.resolve("memory.stat"), "anon 1\ninactive_file 1000\n");
        Files.writeString(group.resolve("cpu.stat"), "usage_usec 42\nuser_usec 1\n");
        Files.writeString(group.resolve("cgroup.procs"), "12\n13\n");
        Files.writeString(group.resolve("pids.current"), "17\n");
        InstanceKey key = new InstanceKey(7, 2);
        assertThat(groups.layout()).isEqualTo("cgroup v2");
        assertThat(groups.usage(key)).isEqualTo(new Usage(4000, 42_000, 17, 0, 0, 0));
        assertThat(groups.processes(key)).containsExactly(12, 13);
        assertThat(groups.instances()).containsExactly(key);
        assertThat(groups.usage(new InstanceKey(8, 1))).isEqualTo(Usage.NONE);
    }

    @Test
    void wantOfMemoryIsToldWithLimitAndPeak() {
        EndFacts killed = new EndFacts(true, 137, 1, "", List.of(), 63L << 20);
        assertThat(ExitRules.exit(killed, null, 64L << 20).detail())
                .isEqualTo("needed more than its 64M of memory (63M at its peak, killed by the kernel)");
        EndFacts child = new EndFacts(true, 3, 2, "", List.of(), 64L << 20);
        assertThat(ExitRules.exit(child, null, 64L << 20).detail())
                .isEqualTo("needed more than its 64M of memory (64M at its peak, the kernel killed one of its"
                        + " processes), and exited with code 3");
    }

    @Test
    void whatVersionTwoCanHoldIsReadFromItsRoot() throws IOException {
        Files.writeString(folder.resolve("cgroup.controllers"), "cpuset cpu io memory pids\n");
        Cgroups groups =
                Cgroups.of(List.of("31 23 0:28 / " + folder + " rw,relatime shared:9 - cgroup2 cgroup2 rw"), "holt-x");
        Path group = Files.createDirectories(folder.resolve("holt-x/7.2"));
        Files.writeString(group.resolve("memory.events"), "low 0\nhigh 0\nmax 9\noom 1\noom_kill 2\n");
        Files.writeString(group.resolve("memory.peak"), "70000\n");
        InstanceKey key = new InstanceKey(7, 2);
        assertThat(groups.isUnified()).isTrue();
        assertThat(groups.has("io")).isTrue();
        assertThat(groups.has("blkio")).isFalse();
        assertThat(groups.oomKills(key)).isEqualTo(2);
        assertThat(groups.peakMemory(key)).isEqualTo(70_000);
    }

    @Test
    void allowedAndRefusedCallsAreApart() {
        assertThat(SystemCalls.usual()).doesNotContainAnyElementsOf(SystemCalls.refused());
        assertThat(SystemCalls.usual()).doesNotContain("clone", "clone3", "socket", "personality");
    }

    @Test
    void exitFileCountsOnlyWhenItIsComplete() throws IOException {
        InstanceFolder instance = new InstanceFolder(new InstanceKey(1, 1), folder);
        assertThat(instance.exitStatus()).isEqualTo(-1);
        Files.writeString(folder.resolve("exit"), "13");
        assertThat(instance.exitStatus()).isEqualTo(-1);
        Files.writeString(folder.resolve("exit"), "13\n");
        assertThat(instance.exitStatus()).isEqualTo(13);
    }

    @Test
    void moveOfAContainerThatWasCutShortIsFinished() throws IOException {
        InstanceFolder waiting = InstanceFolder.prepared(folder, InstanceKey.prepared(3));
        InstanceFolder instance = InstanceFolder.in(folder, new InstanceKey(7, 1));
        waiting.create();
        instance.create();
        waiting.saveContainer(waiting.key(), "boot");
        instance.saveContainer(waiting.key(), "boot");
        waiting.savePlace(new Place("10.0.0.9", 8080));
        Files.writeString(waiting.output("err"), "said");
        Files.move(waiting.output("out"), instance.output("out"), java.nio.file.StandardCopyOption.ATOMIC_MOVE);
        new Strays(folder).finishMoves(java.util.Set.of(instance.key()));
        assertThat(instance.place()).hasValue(new Place("10.0.0.9", 8080));
        assertThat(Files.readString(instance.output("err"))).isEqualTo("said");
        assertThat(instance.container()).isEqualTo(waiting.key());
        assertThat(waiting.path()).doesNotExist();
        new Strays(folder).finishMoves(java.util.Set.of(instance.key()));
    }

    @Test
    void processThatGotTheShimsPidIsNotTakenForIt() throws IOException {
        InstanceFolder instance = new InstanceFolder(new InstanceKey(1, 1), folder);
        Files.writeString(folder.resolve("shim"), Files.readString(Path.of("/proc/self/stat")));
        assertThat(Shim.find(instance)).isEmpty();
        Files.writeString(folder.resolve("shim"), "1 (sh) S 0 1\n");
        assertThat(Shim.find(instance)).isEmpty();
    }
}
