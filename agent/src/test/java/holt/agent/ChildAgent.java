package holt.agent;

import holt.model.Json;
import holt.model.ProcessSpec;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;

/** A program of its own with an agent in it, for tests that kill it. Arguments: home, command of one instance. */
final class ChildAgent {
    private ChildAgent() {}

    public static void main(String[] arguments) throws IOException {
        Platform platform = new Platform(Path.of(arguments[0]), settings -> settings);
        ProcessSpec spec = platform.spec(arguments[1]);
        Files.write(platform.home.resolve("spec.json"), Json.bytes(spec));
        platform.run(spec);
        System.out.println("running");
        System.in.read();
    }

    /** Starts the program and returns once its instance runs. */
    static Process start(Path home, String command) throws IOException {
        Process process = new ProcessBuilder(
                        Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                        "-Xmx256m",
                        "--enable-native-access=ALL-UNNAMED",
                        "-cp",
                        System.getProperty("java.class.path"),
                        ChildAgent.class.getName(),
                        home.toString(),
                        command)
                .redirectError(ProcessBuilder.Redirect.INHERIT)
                .start();
        String line = process.inputReader().readLine();
        if (!"running".equals(line)) {
            throw new AssertionError("The agent's program said: " + line);
        }
        return process;
    }
}
