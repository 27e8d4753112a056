package holt.cli;

import static org.assertj.core.api.Assertions.assertThat;

import holt.model.ErrorCode;
import holt.model.Frame;
import holt.model.Json;
import holt.model.Problem;
import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.OutputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class AccessCommandsTest {
    @TempDir
    Path folder;

    private Cli cli;
    private FakeSessions platform;

    @BeforeEach
    void logIn() {
        cli = new Cli(folder);
        cli.environment.put("HOLT_TOKEN", "token");
    }

    @AfterEach
    void stop() throws IOException {
        if (platform != null) {
            platform.close();
        }
    }

    private void platform(FakeSessions.Other other) throws IOException {
        platform = new FakeSessions(other);
        cli.environment.put("HOLT_API", platform.url());
    }

    private static void say(OutputStream out, Frame.Kind kind, String text) throws IOException {
        out.write(new Frame(kind, text.getBytes(StandardCharsets.UTF_8)).onWire());
    }

    @Test
    void execShowsBothStreamsAndEndsWithTheStatusOfTheCommand() throws IOException {
        platform((in, out) -> {
            say(out, Frame.Kind.OUTPUT, "to out\n");
            out.write(Frame.of(Frame.Kind.ALIVE).onWire());
            say(out, Frame.Kind.ERROR_OUTPUT, "to err\n");
            out.write(Frame.exited(137).onWire());
        });
        Cli.Result result = cli.run("exec", "shop/2", "--env", "A=b", "--dir", "/tmp", "--", "ls", "-l", "--env");
        assertThat(result.exitCode()).isEqualTo(137);
        assertThat(result.out()).isEqualTo("to out\n");
        assertThat(result.err()).isEqualTo("to err\n");
        assertThat(platform.requests.getFirst())
                .startsWith("POST /api/v1/apps/shop/exec HTTP/1.1")
                .contains("Authorization: Bearer token", "Upgrade: holt-session", "Connection: Upgrade")
                .contains("\"command\":[\"ls\",\"-l\",\"--env\"]", "\"instance\":2", "\"environment\":{\"A\":\"b\"}")
                .contains("\"directory\":\"/tmp\"", "\"input\":false")
                .doesNotContain("terminal");
    }

    @Test
    void inputAndItsEndArePassedOnWhereThatIsWanted() throws IOException {
        cli.input = "some input";
        platform((in, out) -> {
            String heard = "";
            for (Frame frame = Frame.read(in); frame != null; frame = Frame.read(in)) {
                if (frame.kind() == Frame.Kind.INPUT_END) {
                    break;
                }
                heard += new String(frame.content(), StandardCharsets.UTF_8);
            }
            say(out, Frame.Kind.OUTPUT, heard + ", and its end");
            out.write(Frame.exited(0).onWire());
        });
        Cli.Result result = cli.run("exec", "shop", "-i", "--", "cat");
        assertThat(result.exitCode()).isZero();
        assertThat(result.out()).isEqualTo("some input, and its end");
    }

    @Test
    void aSessionThatFailsSaysWhy() throws IOException {
        Problem problem = Problem.of(ErrorCode.UNAVAILABLE, "The session was cut off: the instance has ended.");
        platform((in, out) ->
                out.write(new Frame(Frame.Kind.FAILED, Json.bytes(ProblemText.members(problem, 503))).onWire()));
        Cli.Result result = cli.run("exec", "shop", "--", "true");
        assertThat(result.exitCode()).isEqualTo(ExitCode.FAILED);
        assertThat(result.err()).contains("the instance has ended");
    }

    @Test
    void aConnectionThatIsLostIsNotTakenForAnEnd() throws IOException {
        platform((in, out) -> say(out, Frame.Kind.OUTPUT, "half"));
        Cli.Result result = cli.run("exec", "shop", "--", "true");
        assertThat(result.exitCode()).isEqualTo(ExitCode.FAILED);
        assertThat(result.err()).contains("lost");
    }

    @Test
    void aPlatformThatRefusesIsTold() throws IOException {
        try (FakePlatform other = FakePlatform.start()) {
            Cli.Result result = Cli.at(other, folder).run("exec", "shop", "--", "true");
            assertThat(result.exitCode()).isNotZero();
            assertThat(other.requests).contains("POST /api/v1/apps/shop/exec");
        }
    }

    @Test
    void aShellNeedsATerminal() {
        cli.environment.put("HOLT_API", "http://127.0.0.1:1");
        Cli.Result ssh = cli.run("ssh", "shop");
        assertThat(ssh.exitCode()).isEqualTo(ExitCode.USAGE);
        assertThat(ssh.err()).contains("holt exec shop -- COMMAND");
        Cli.Result exec = cli.run("exec", "shop", "-t", "--", "sh");
        assertThat(exec.exitCode()).isEqualTo(ExitCode.USAGE);
        assertThat(exec.err()).contains("no terminal");
    }

    @ParameterizedTest
    @CsvSource({
        "8080, 8080, 8080",
        "9000:8080, 9000, 8080",
        ":8080, 0, 8080",
        "0:80, 0, 80",
        "65535, 65535, 65535",
    })
    void portsAreReadAsPeopleWriteThem(String text, int local, int remote) {
        assertThat(PortForwardCommand.mapping(text)).isEqualTo(new PortForwardCommand.Mapping(local, remote));
    }

    @ParameterizedTest
    @ValueSource(strings = {"", "0", "65536", "80:0", "70000:80", "a", "1:2:3", "-1", "8080:", "99999"})
    void whatIsNoPortIsRefused(String text) {
        assertThat(PortForwardCommand.mapping(text)).isNull();
        cli.environment.put("HOLT_API", "http://127.0.0.1:1");
        assertThat(cli.run("port-forward", "shop", "--", text).exitCode()).isEqualTo(ExitCode.USAGE);
    }

    @ParameterizedTest
    @CsvSource({
        "shop:data, shop, , data, data",
        "shop/0:/tmp/x/, shop, 0, /tmp/x/, x",
        "shop/12:a:b, shop, 12, a:b, a:b",
        "shop:, shop, , ., ''",
        "shop:../.., shop, , ../.., ''",
    })
    void placesInInstancesAreReadAsPeopleWriteThem(String text, String app, Integer index, String path, String base) {
        CopyCommand.Remote remote = CopyCommand.remote(text);
        assertThat(remote).isEqualTo(new CopyCommand.Remote(new InstanceName(app, index), path));
        assertThat(remote.baseName()).isEqualTo(base);
    }

    @ParameterizedTest
    @ValueSource(strings = {"data", "./shop:data", "/a/b:c", "Shop:data", "shop/x:data", ":data"})
    void otherPlacesAreOnThisMachine(String text) {
        assertThat(CopyCommand.remote(text)).isNull();
    }

    @Test
    void aHostileInstanceCannotWriteElsewhere() throws IOException {
        ByteArrayOutputStream archive = new ByteArrayOutputStream();
        TarWriter tar = new TarWriter(archive);
        tar.entry(new TarEntry(".", TarEntry.Kind.FOLDER, 0755, 0, 1, ""));
        tar.entry(new TarEntry("./../evil", TarEntry.Kind.FILE, 0644, 4, 1, ""));
        tar.content(new ByteArrayInputStream("evil".getBytes(StandardCharsets.US_ASCII)), 4, count -> {});
        tar.finish();
        platform((in, out) -> {
            out.write(Frame.of(Frame.Kind.OUTPUT, archive.toByteArray(), archive.size())
                    .onWire());
            out.write(Frame.exited(0).onWire());
        });
        Cli.Result result = cli.run("cp", "shop/0:data", folder.resolve("copy").toString());
        assertThat(result.exitCode()).isEqualTo(ExitCode.FAILED);
        assertThat(result.err()).contains("leads out");
        assertThat(folder.resolve("evil")).doesNotExist();
    }

    @Test
    void aFileThatIsCopiedReplacesALinkAndDoesNotFollowIt() throws IOException {
        Path kept = Files.writeString(folder.resolve("kept"), "kept");
        Path link = Files.createSymbolicLink(folder.resolve("link"), kept);
        ByteArrayOutputStream archive = new ByteArrayOutputStream();
        TarWriter tar = new TarWriter(archive);
        tar.entry(new TarEntry("./data", TarEntry.Kind.FILE, 0600, 3, 1, ""));
        tar.content(new ByteArrayInputStream("new".getBytes(StandardCharsets.US_ASCII)), 3, count -> {});
        tar.finish();
        platform((in, out) -> {
            out.write(Frame.of(Frame.Kind.OUTPUT, archive.toByteArray(), archive.size())
                    .onWire());
            out.write(Frame.exited(0).onWire());
        });
        Cli.Result result = cli.run("cp", "shop/0:data", link.toString(), "--json");
        assertThat(result.exitCode()).as(result.err()).isZero();
        assertThat(result.out()).contains("\"files\":1").contains("\"bytes\":3");
        assertThat(kept).hasContent("kept");
        assertThat(link).hasContent("new");
        assertThat(Files.isSymbolicLink(link)).isFalse();
    }

    @Test
    void whatTheOtherEndSaysOfAPathIsToldInWords() throws IOException {
        platform((in, out) -> out.write(Frame.exited(40).onWire()));
        Cli.Result result = cli.run("cp", "shop:none", folder.toString());
        assertThat(result.exitCode()).isEqualTo(ExitCode.FAILED);
        assertThat(result.err()).contains("There is no file or folder 'shop:none'");
    }
}
