package holt.e2e;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.ArrayList;
import java.util.HexFormat;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.TreeMap;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Into instances, as docs/access.md tells it. */
final class AccessTest {
    private static RunningHolt holt;

    @TempDir
    Path folder;

    @BeforeAll
    static void start() {
        holt = RunningHolt.start();
        holt.pushExample("shop", "python", "--instances", "2").succeeded();
    }

    @AfterAll
    static void stop() {
        holt.close();
    }

    /** Runs {@code ./holt} with something to read. */
    private RunningHolt.Outcome feed(byte[] input, String... arguments) throws Exception {
        Path in = Files.write(folder.resolve("input"), input);
        Path out = folder.resolve("output");
        Path err = folder.resolve("errors");
        Process process = process(arguments)
                .redirectInput(in.toFile())
                .redirectOutput(out.toFile())
                .redirectError(err.toFile())
                .start();
        int code = process.waitFor();
        return new RunningHolt.Outcome(code, Files.readString(out, StandardCharsets.ISO_8859_1), Files.readString(err));
    }

    private static ProcessBuilder process(String... arguments) {
        List<String> command =
                new ArrayList<>(List.of(RunningHolt.ROOT.resolve("holt").toString()));
        command.addAll(List.of(arguments));
        ProcessBuilder builder = new ProcessBuilder(command);
        builder.environment().put("HOLT_HOME", holt.home().toString());
        return builder;
    }

    @Test
    void execKeepsStreamsApartAndPassesTheStatusOn() {
        RunningHolt.Outcome outcome = holt.run(
                        "exec",
                        "shop/1",
                        "--env",
                        "A=b c",
                        "--",
                        "sh",
                        "-c",
                        "echo $A $HOLT_INDEX; echo oh >&2; exit 7")
                .failed(7);
        assertThat(outcome.out()).isEqualTo("b c 1\n");
        assertThat(outcome.err()).isEqualTo("oh\n");
        assertThat(holt.run("exec", "shop", "--", "no-such-command").failed(127).err())
                .contains("no-such-command");
        holt.run("exec", "shop", "--", "sh", "-c", "kill -TERM $$").failed(143);
    }

    @Test
    void execPassesBinaryInputThrough() throws Exception {
        byte[] bytes = new byte[3 << 20];
        new Random(7).nextBytes(bytes);
        RunningHolt.Outcome outcome =
                feed(bytes, "exec", "shop", "-i", "--", "cat").succeeded();
        assertThat(outcome.out().getBytes(StandardCharsets.ISO_8859_1)).isEqualTo(bytes);
    }

    @Test
    void interruptedExecLeavesNothingBehind() throws Exception {
        Process process = process("exec", "shop", "--", "sh", "-c", "echo up; sleep 4711")
                .redirectErrorStream(true)
                .start();
        assertThat(process.inputReader().readLine()).isEqualTo("up");
        assertThat(commands()).contains("sleep 4711");
        process.destroy();
        assertThat(process.waitFor()).isEqualTo(143);
        await().atMost(8, TimeUnit.SECONDS).until(() -> !commands().contains("sleep 4711"));
    }

    private static String commands() {
        return ProcessHandle.allProcesses()
                .map(each -> each.info().commandLine().orElse(""))
                .filter(line -> !line.contains("holt.server"))
                .toList()
                .toString();
    }

    @Test
    void sshIsAShellOnATerminal() throws Exception {
        assertThat(holt.run("ssh", "shop").failed(2).err()).contains("holt exec shop");
        String line = "stty rows 33 cols 99; exec '" + RunningHolt.ROOT.resolve("holt") + "' ssh shop/0";
        Path typescript = folder.resolve("typescript");
        ProcessBuilder builder = new ProcessBuilder("script", "-qefc", line, typescript.toString());
        builder.environment().put("HOLT_HOME", holt.home().toString());
        builder.environment().put("TERM", "xterm");
        builder.environment().put("SHELL", "/bin/sh");
        Process script = builder.redirectErrorStream(true).start();
        try (var keys = script.outputWriter()) {
            keys.write("stty size; tty; echo $TERM-$HOLT_APP; exit 9\n");
            keys.flush();
            String shown = new String(script.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
            assertThat(shown).contains("33 99").contains("/dev/pts/").contains("xterm-shop");
        }
        assertThat(script.waitFor()).isEqualTo(9);
    }

    @Test
    void foldersCopiedInAndOutAreTheSame() throws Exception {
        Path source = Files.createDirectories(folder.resolve("tree/deep/er"));
        byte[] bytes = new byte[2 << 20];
        new Random(8).nextBytes(bytes);
        Files.write(source.resolve("größe.bin"), bytes);
        Files.writeString(source.resolve("run"), "#!/bin/sh\n");
        Files.setPosixFilePermissions(source.resolve("run"), PosixFilePermissions.fromString("rwxr-x--x"));
        Files.createSymbolicLink(folder.resolve("tree/link"), Path.of("deep/er/run"));
        Files.createDirectory(folder.resolve("tree/empty"));
        String tree = folder.resolve("tree").toString();
        assertThat(holt.run("cp", tree, "shop/0:copied").succeeded().out()).contains("2 files");
        holt.run("cp", "shop/0:copied", folder.resolve("back").toString()).succeeded();
        assertThat(digests(folder.resolve("back"))).isEqualTo(digests(folder.resolve("tree")));
        holt.run("cp", source.resolve("run").toString(), "shop/0:copied").succeeded();
        assertThat(holt.run("exec", "shop/0", "--", "stat", "-c", "%A", "copied/run")
                        .succeeded()
                        .out())
                .isEqualTo("-rwxr-x--x\n");
        holt.run("cp", "shop/0:copied/run", folder.toString()).succeeded();
        assertThat(folder.resolve("run")).hasContent("#!/bin/sh\n");
    }

    /** Each name below a folder with its kind, permissions and digest. */
    private static Map<String, String> digests(Path root) throws IOException {
        Map<String, String> found = new TreeMap<>();
        try (Stream<Path> paths = Files.walk(root)) {
            paths.forEach(path -> found.put(root.relativize(path).toString(), digest(path)));
        }
        return found;
    }

    private static String digest(Path path) {
        try {
            if (Files.isSymbolicLink(path)) {
                return "-> " + Files.readSymbolicLink(path);
            }
            String permissions = PosixFilePermissions.toString(Files.getPosixFilePermissions(path));
            byte[] hash = MessageDigest.getInstance("SHA-256")
                    .digest(Files.isDirectory(path) ? new byte[0] : Files.readAllBytes(path));
            return permissions + " " + HexFormat.of().formatHex(hash);
        } catch (IOException fault) {
            throw new UncheckedIOException(fault);
        } catch (NoSuchAlgorithmException impossible) {
            throw new IllegalStateException(impossible);
        }
    }

    @Test
    void copiesThatCannotBeSaySo() {
        String here = folder.toString();
        assertThat(holt.run("cp", "shop/0:no-such-file", here).failed(1).err()).contains("no file or folder");
        assertThat(holt.run("cp", here, "shop/0:no/such/folder/x").failed(1).err())
                .contains("no folder in which");
        assertThat(holt.run("cp", here, "shop/0:app.py").failed(1).err()).contains("no folder");
        assertThat(holt.run("cp", here, "shop/0:/usr/x").failed(4).err()).contains("may not");
        assertThat(holt.run("cp", here, here).failed(2).err()).contains("Neither");
    }

    @Test
    void portsOfAnInstanceAreReached() throws Exception {
        Process forward = process("port-forward", "shop/1", ":8080", ":9")
                .redirectErrorStream(true)
                .start();
        try (var lines = forward.inputReader()) {
            int port = port(lines.readLine());
            int nobody = port(lines.readLine());
            HttpClient client = HttpClient.newHttpClient();
            List<HttpResponse<String>> answers = new ArrayList<>();
            for (int n = 0; n < 5; n++) {
                answers.add(client.send(
                        HttpRequest.newBuilder(URI.create("http://127.0.0.1:" + port + "/"))
                                .build(),
                        HttpResponse.BodyHandlers.ofString()));
            }
            assertThat(answers).allMatch(answer -> answer.statusCode() == 200);
            try (java.net.Socket socket = new java.net.Socket("127.0.0.1", nobody)) {
                socket.getOutputStream().write('x');
                assertThat(lines.readLine()).contains("Nobody listens on port 9");
            }
        } finally {
            forward.destroy();
            forward.waitFor();
        }
        assertThat(holt.run("events", "shop").succeeded().out())
                .contains("access.forward")
                .contains("Port 8080");
    }

    private static int port(String line) {
        return Integer.parseInt(line.replaceFirst("127\\.0\\.0\\.1:(\\d+) leads.*", "$1"));
    }

    @Test
    void itIsWrittenDownWhoDidWhatAndNoSecrets() {
        holt.run("exec", "shop/0", "--env", "PASSWORD=sesame", "--", "printenv", "PASSWORD")
                .succeeded();
        String events = holt.run("events", "shop", "--json").succeeded().out();
        assertThat(events)
                .contains("access.exec")
                .contains("printenv")
                .contains("Command printenv was run in shop/0 by ")
                .doesNotContain("sesame");
    }

    @Test
    void readersAndMistakesAreRefused() {
        String created = holt.run("token", "create", "looker", "--role", "reader", "--json")
                .succeeded()
                .out();
        String token = created.replaceAll("(?s).*\"(holt_[^\"]*)\".*", "$1");
        RunningHolt.Outcome refused = holt.run(Map.of("HOLT_TOKEN", token), "exec", "shop", "--", "true");
        assertThat(refused.failed(4).err()).contains("may not work inside an instance");
        assertThat(holt.run("exec", "shp", "--", "true").failed(1).err()).contains("shop");
        assertThat(holt.run("exec", "shop/7", "--", "true").failed(1).err()).contains("no instance 7");
        assertThat(holt.run("exec", "shop/x", "--", "true").failed(1).err()).contains("names no instance");
        holt.run("exec", "shop").failed(2);
        assertThat(holt.run("port-forward", "shop", "70000").failed(2).err()).contains("65535");
    }
}
