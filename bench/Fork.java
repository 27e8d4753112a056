import holt.server.JvmOptions;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;

/**
 * fork: a request at the agent to the main() of the program, beside crun and podman; many at once; thousands that idle.
 * Compiles the measured program and runs it as the server is run: with its options, and where crun can work.
 */
final class Fork {
    private static final String PRIVATE_MOUNTS = "umount /sys/fs/cgroup/unified 2>/dev/null; exec \"$@\"";

    public static void main(String[] arguments) throws IOException, InterruptedException {
        Path classes = Files.createTempDirectory("holt-bench-fork");
        try {
            Path java = Path.of(System.getProperty("java.home"), "bin");
            List<String> compile = new ArrayList<>(
                    List.of(java.resolve("javac").toString(), "-nowarn", "-d", classes.toString()));
            compile.addAll(List.of("-cp", Bench.ROOT.resolve(".holt-build/lib") + "/*"));
            for (String source : List.of("Bench", "ForkRun", "ForkAgent", "ForkRivals", "ForkHost")) {
                compile.add(Bench.ROOT.resolve("bench/" + source + ".java").toString());
            }
            run(compile);
            run(List.of("gcc", "-O2", "-static", "-o", classes + "/stamp", Bench.ROOT + "/bench/stamp.c"));
            run(measured(java, classes, arguments));
        } finally {
            ForkHost.delete(classes);
        }
    }

    private static List<String> measured(Path java, Path classes, String[] arguments) {
        List<String> command = new ArrayList<>(List.of(
                "unshare", "--mount", "--propagation", "slave", "sh", "-c", PRIVATE_MOUNTS, "bench-fork"));
        command.add(java.resolve("java").toString());
        command.addAll(JvmOptions.base());
        command.addAll(List.of("-Dholt.root=" + Bench.ROOT, "-Djava.util.logging.config.file=" + classes + "/none"));
        command.addAll(List.of("-cp", classes + ":" + Bench.ROOT.resolve(".holt-build/lib") + "/*"));
        command.addAll(List.of("ForkRun", classes.resolve("stamp").toString()));
        command.addAll(Arrays.asList(arguments));
        return command;
    }

    private static void run(List<String> command) throws IOException, InterruptedException {
        int status = new ProcessBuilder(command).inheritIO().start().waitFor();
        if (status != 0) {
            throw new IllegalStateException("Expected " + command.getFirst() + " to succeed, found status " + status);
        }
    }
}
