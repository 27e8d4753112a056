package holt.server;

import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;

/** {@code holt config}. */
@Command(
        name = "config",
        header = "Show the settings that the next start will have, each with where its value comes from.",
        footer = {"", "Example:", "  holt config --sample > ~/.holt/holt.toml"})
final class ConfigCommand implements Callable<Integer> {
    private final Platforms platforms;

    @Option(names = "--sample", description = "Print a settings file with every setting at its default, explained.")
    private boolean sample;

    ConfigCommand(Platforms platforms) {
        this.platforms = platforms;
    }

    @Override
    public Integer call() {
        platforms.config(sample);
        return 0;
    }
}
