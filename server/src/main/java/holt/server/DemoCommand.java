package holt.server;

import holt.model.ErrorCode;
import holt.model.Problem;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;

/** {@code holt demo}. */
@Command(
        name = "demo",
        header = "Start the platform and push a first application.",
        footer = {"", "Example:", "  holt demo"})
final class DemoCommand implements Callable<Integer> {
    private final Platforms platforms;

    @Mixin
    private ServerOptions options = new ServerOptions();

    DemoCommand(Platforms platforms) {
        this.platforms = platforms;
    }

    @Override
    public Integer call() throws IOException {
        Path example = example();
        Platforms.Up up = platforms.up(options.settings(), false);
        platforms.tell(up, false);
        int pushed = platforms.holt("push", "hello", "--path", example.toString());
        if (pushed == 0) {
            platforms.nextSteps();
        }
        return pushed;
    }

    private static Path example() {
        Path example = Path.of(System.getenv().getOrDefault("HOLT_ROOT", "."), "examples", "hello");
        if (!Files.isDirectory(example)) {
            throw Problem.of(
                            ErrorCode.FILE_NOT_FOUND,
                            "The demo's application is not at " + example.toAbsolutePath() + ".")
                    .remedy("Run ./holt demo from a checkout of the project.")
                    .exception();
        }
        return example;
    }
}
