package holt.server;

import holt.model.ErrorCode;
import holt.model.Json;
import holt.model.Problem;
import holt.model.ProblemException;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.time.Instant;
import java.util.List;
import java.util.Optional;

/**
 * What a running server leaves in its home for those who want to find or stop it: {@code run/server.json}.
 *
 * @param pid of the server's process
 * @param processStartedAt when that process started, to tell it from a later one with the same pid
 * @param apiUrl where the API is
 * @param apiPort port of the API
 * @param httpPort port of the router
 * @param domain see {@link Setting#DOMAIN}
 * @param warnings what is lost on this host, for people
 */
record RunFile(
        long pid,
        Instant processStartedAt,
        String apiUrl,
        int apiPort,
        int httpPort,
        String domain,
        List<String> warnings) {
    RunFile {
        warnings = List.copyOf(warnings);
    }

    static Path path(Path home) {
        return home.resolve("run").resolve("server.json");
    }

    /** The server that runs on this home, where one does; a file left by a dead one counts as none. */
    static Optional<RunFile> running(Path home) {
        try {
            RunFile file = Json.read(Files.readAllBytes(path(home)), RunFile.class);
            return file.process().isPresent() ? Optional.of(file) : Optional.empty();
        } catch (NoSuchFileException none) {
            return Optional.empty();
        } catch (IOException fault) {
            throw new ProblemException(
                    Problem.of(ErrorCode.PARAMETER_INVALID, path(home) + " cannot be read: " + fault.getMessage() + ".")
                            .expected("a folder for the platform's state", home.toString())
                            .remedy("Name one with --home or HOLT_HOME."),
                    fault);
        }
    }

    /** The server's process, while it lives. */
    Optional<ProcessHandle> process() {
        return ProcessHandle.of(pid)
                .filter(ProcessHandle::isAlive)
                .filter(handle -> handle.info()
                        .startInstant()
                        .map(processStartedAt::equals)
                        .orElse(true));
    }

    void write(Path home) throws IOException {
        Path target = path(home);
        Files.createDirectories(target.getParent());
        Path next = target.resolveSibling("server.json.next");
        Files.write(next, Json.bytes(this));
        Files.move(next, target, StandardCopyOption.ATOMIC_MOVE);
    }

    static void remove(Path home) throws IOException {
        Files.deleteIfExists(path(home));
    }
}
