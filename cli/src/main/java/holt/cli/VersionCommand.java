package holt.cli;

import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.util.Map;
import picocli.CommandLine.Command;

/** {@code holt version}. */
@Command(header = "Show the version of this program.")
final class VersionCommand extends Subcommand {
    VersionCommand(HoltCommand holt) {
        super(holt);
    }

    /** The version that was built. */
    static String version() {
        try (InputStream in = VersionCommand.class.getResourceAsStream("version.txt")) {
            return in == null ? "unknown" : new String(in.readAllBytes(), StandardCharsets.UTF_8).strip();
        } catch (IOException broken) {
            throw new UncheckedIOException(broken);
        }
    }

    @Override
    public Integer call() {
        Output output = holt.output();
        if (output.isJson()) {
            output.json(Map.of("version", version()));
        } else {
            output.say("holt " + version());
        }
        return ExitCode.OK;
    }

    @Override
    int run(ApiClient api, Output output) {
        return call();
    }
}
