package holt.server;

import holt.model.ErrorCode;
import holt.model.Json;
import holt.model.Problem;
import java.io.BufferedReader;
import java.io.File;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;

/** Starts the server as a process of its own and waits for its {@link StartReport}. */
final class ServerProcess {
    private static final String HYBRID_MOUNT = "/sys/fs/cgroup/unified";

    /** Static text; the command to run comes as arguments. */
    private static final String WITHOUT_HYBRID_MOUNT = "umount " + HYBRID_MOUNT + " && exec \"$@\"";

    private final Path home;
    private final Map<Setting, String> options;

    ServerProcess(Path home, Map<Setting, String> options) {
        this.home = home;
        this.options = options;
    }

    /** A started server: its process, and where it is. */
    record Started(Process process, StartReport report) {}

    /**
     * Starts a server that outlives this process and its terminal.
     *
     * @throws holt.model.ProblemException telling why it does not start
     */
    Started start() throws IOException {
        Path log = home.resolve("log");
        Files.createDirectories(
                log, PosixFilePermissions.asFileAttribute(PosixFilePermissions.fromString("rwx------")));
        Process process = new ProcessBuilder(command())
                .redirectInput(new File("/dev/null"))
                .redirectError(ProcessBuilder.Redirect.appendTo(
                        log.resolve("server.err").toFile()))
                .start();
        BufferedReader answer = process.inputReader(StandardCharsets.UTF_8);
        String line = answer.readLine();
        if (line == null) {
            throw Problem.of(ErrorCode.INTERNAL, "The server ended before it was ready.")
                    .remedy("What it said last is in " + log.resolve("server.err") + " and " + log + "/server.0.log.")
                    .exception();
        }
        StartReport report = Json.read(line, StartReport.class);
        if (report.run() == null) {
            ErrorCode code = report.code() == null ? ErrorCode.INTERNAL : ErrorCode.of(report.code());
            throw Problem.of(code, report.problem() == null ? "The server did not start." : report.problem())
                    .exception();
        }
        return new Started(process, report);
    }

    private List<String> command() {
        List<String> command = new ArrayList<>(List.of("setsid"));
        command.addAll(prefix());
        command.add(Path.of(System.getProperty("java.home"), "bin", "java").toString());
        command.addAll(
                JvmOptions.server(Path.of(System.getProperty("java.class.path").split(":")[0])));
        command.addAll(List.of("-cp", System.getProperty("java.class.path"), ServerMain.class.getName()));
        command.add(home.toString());
        options.forEach((setting, value) -> command.add(setting.name() + "=" + value));
        return command;
    }

    /** What a server's command has to begin with on this host. */
    static List<String> prefix() {
        return needsOwnMounts()
                ? List.of(
                        "unshare", "--mount", "--propagation", "slave", "sh", "-c", WITHOUT_HYBRID_MOUNT, "holt-server")
                : List.of();
    }

    /**
     * On a hybrid host (cgroup v1 with a cgroup2 mount beside it) crun refuses to run while it sees that mount; in a
     * mount namespace of its own the server, and all it starts, do not.
     */
    private static boolean needsOwnMounts() {
        return Files.isDirectory(Path.of(HYBRID_MOUNT)) && "root".equals(System.getProperty("user.name"));
    }
}
