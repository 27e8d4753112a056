package holt.cli;

import java.io.IOException;
import java.time.Instant;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/**
 * A command that shows what there is to tell of an app and, where that is wanted, goes on with what comes: each item a
 * line, for programs as JSON.
 */
abstract class FollowCommand<T> extends Subcommand {
    @Parameters(index = "0", paramLabel = "NAME", description = "Name of the app.")
    String name = "";

    @Option(
            names = {"-f", "--follow"},
            description = "Go on with what comes, until Ctrl-C.")
    boolean follow;

    FollowCommand(HoltCommand holt) {
        super(holt);
    }

    /** An item for people. */
    abstract String line(T item, Output output);

    final void show(T item, Output output) {
        if (output.isJson()) {
            output.json(item);
        } else {
            output.say(line(item, output));
        }
    }

    final String stamp(Instant at, Output output) {
        CliContext context = holt.context();
        return output.style(
                Style.DIM,
                Times.stamp(at, context.clock().instant(), context.zone().get()));
    }

    static void goOn(ApiClient api, Output output, Following.Reader reader) throws IOException {
        new Following(api, output).follow(reader);
    }
}
