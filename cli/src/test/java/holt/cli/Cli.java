package holt.cli;

import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.InstantSource;
import java.time.ZoneOffset;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;

/** A person, or a script, at a command line; all there is to see of it afterwards. */
final class Cli {
    final Map<String, String> environment = new TreeMap<>();
    final Interruption interruption = Interruption.none();
    private final ByteArrayOutputStream out = new ByteArrayOutputStream();
    private final ByteArrayOutputStream err = new ByteArrayOutputStream();
    private final Path folder;
    Terminal terminal = Terminal.none();
    String input = "";
    String password;

    /** What a command left behind. */
    record Result(int exitCode, String out, String err) {}

    Cli(Path folder) {
        this.folder = folder;
        environment.put("HOLT_HOME", folder.resolve("home").toString());
    }

    /** Somebody logged in. */
    static Cli at(FakePlatform platform, Path folder) throws IOException {
        Cli cli = new Cli(folder);
        Credentials.load(folder.resolve("home")).save(Credentials.DEFAULT_PROFILE, platform.url(), FakePlatform.TOKEN);
        return cli;
    }

    Cli onTerminal(int columns, boolean colour) {
        terminal = new Terminal(true, true, true, colour, true, () -> columns);
        return this;
    }

    Result run(String... arguments) {
        out.reset();
        err.reset();
        CliContext context = context();
        int exitCode = HoltCommand.create(context, List.of(arguments)).execute(arguments);
        return new Result(exitCode, out.toString(StandardCharsets.UTF_8), err.toString(StandardCharsets.UTF_8));
    }

    CliContext context() {
        return new CliContext(
                new PrintStream(out, true, StandardCharsets.UTF_8),
                new PrintStream(err, true, StandardCharsets.UTF_8),
                new ByteArrayInputStream(input.getBytes(StandardCharsets.UTF_8)),
                environment,
                terminal,
                folder,
                InstantSource.fixed(FakePlatform.NOW),
                () -> ZoneOffset.UTC,
                prompt -> password == null ? null : password.toCharArray(),
                interruption);
    }

    /** What was printed so far, for a command that has not ended. */
    String outSoFar() {
        return out.toString(StandardCharsets.UTF_8);
    }
}
