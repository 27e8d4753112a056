package holt.server;

import java.io.IOException;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;

/** {@code holt up}. */
@Command(
        name = "up",
        header = "Start the platform on this machine.",
        footer = {
            "",
            "Starts in the background and returns when it is ready. All state is in one folder (HOLT_HOME, --home);",
            "platforms with different folders and ports run side by side. `holt config --sample` shows the settings.",
            "",
            "Examples:",
            "  holt up",
            "  holt up --home /srv/holt --api-port 0 --http-port 80 --http-bind 0.0.0.0 --domain apps.example.com"
        })
final class UpCommand implements Callable<Integer> {
    private final Platforms platforms;

    @Mixin
    private ServerOptions options = new ServerOptions();

    @Option(names = "--foreground", description = "Stay, and end the platform with Ctrl-C; applications run on.")
    private boolean foreground;

    UpCommand(Platforms platforms) {
        this.platforms = platforms;
    }

    @Override
    public Integer call() throws IOException {
        Platforms.Up up = platforms.up(options.settings(), foreground);
        platforms.tell(up, true);
        return foreground ? up.await() : 0;
    }
}
