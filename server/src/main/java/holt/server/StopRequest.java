package holt.server;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;

/**
 * Tells a server that is about to be ended to end its applications too: a file in its home, which only its owner can
 * write. Without it an end of the server, whatever its cause, leaves the applications running.
 */
final class StopRequest {
    private StopRequest() {}

    static void leave(Path home) throws IOException {
        Files.createDirectories(path(home).getParent());
        Files.write(path(home), new byte[0]);
    }

    /** Whether there was one; it counts once. */
    static boolean take(Path home) throws IOException {
        return Files.deleteIfExists(path(home));
    }

    private static Path path(Path home) {
        return home.resolve("run").resolve("stop-applications");
    }
}
