package holt.server;

import java.io.IOException;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;

/** {@code holt down}. */
@Command(
        name = "down",
        header = "Stop the platform on this machine.",
        footer = {
            "",
            "Ends the applications too; they are started again by the next `holt up`. Nothing is deleted.",
            "",
            "Examples:",
            "  holt down",
            "  holt down --keep-apps    # only the platform ends, applications run on and are taken over again"
        })
final class DownCommand implements Callable<Integer> {
    private final Platforms platforms;

    @Option(names = "--keep-apps", description = "Leave the applications running.")
    private boolean keepApps;

    DownCommand(Platforms platforms) {
        this.platforms = platforms;
    }

    @Override
    public Integer call() throws IOException {
        return platforms.down(keepApps);
    }
}
