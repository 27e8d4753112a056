package holt.agent;

import holt.model.Json;
import holt.model.ProcessSpec;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;

/**
 * A program of its own with an agent in it, for tests that kill it. Arguments: home, command of one instance, and
 * "prepared" where others are to be started before it.
 */
final class ChildAgent {
    private ChildAgent() {}

    public static void main(String[] arguments) throws IOException {
        Platform platform = new Platform(Path.of(arguments[0]), settings -> settings);
        ProcessSpec spec = platform.spec(arguments[1]);
        Files.write(platform.home.resolve("spec.json"), Json.bytes(spec));
        if (arguments[2].equals("prepared")) {
            PreparedTest.prepare(platform, spec.limits(), 3);
        }
        platform.run(spec);
        System.out.println("running");
        System.in.read();
    }

    /** Starts the program and returns once its instance runs. */
    static Process start(Path home, String command) throws IOException {
        return start(home, command, "cold");
    }

    /** The same with an instance whose container was prepared, and others that wait. */
    static Process startPrepared(Path home, String command) throws IOException {
        return start(home, command, "prepared");
    }

    private static Process start(Path home, String command, String how) throws IOException {
        Process process = new ProcessBuilder(
                        Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                        "-Xmx256m",
                        "--enable-native-access=ALL-UNNAMED",
                        "-cp",
                        System.getProperty("java.class.path"),
                        ChildAgent.class.getName(),
                        home.toString(),
                        command,
                        how)
                .redirectError(ProcessBuilder.Redirect.INHERIT)
                .start();
        String line = process.inputReader().readLine();
        if (!"running".equals(line)) {
            throw new AssertionError("The agent's program said: " + line);
        }
        return process;
    }
}
