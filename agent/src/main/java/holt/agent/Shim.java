package holt.agent;

import java.io.File;
import java.io.IOException;
import java.io.InputStream;
import java.lang.ProcessBuilder.Redirect;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.OptionalInt;

/**
 * The small program that stands between the agent and one instance, in a session of its own, so that the instance
 * outlives the agent and its end is known whenever it comes. Its text is {@code shim.sh}. Stateless; any thread.
 */
final class Shim {
    private static final String TEXT = resource("shim.sh");
    private static final File NOWHERE = new File("/dev/null");
    private static final int START_TIME_FIELD = 19;

    private Shim() {}

    /** Starts a command under a shim and returns the shim's pid. */
    static int start(InstanceFolder folder, List<String> command, Map<String, String> environment) throws IOException {
        List<String> line = new ArrayList<>(List.of(
                "setsid", "/bin/sh", "-c", TEXT, "holt-shim", folder.path().toString()));
        line.addAll(command);
        ProcessBuilder builder = new ProcessBuilder(line)
                .directory(folder.path().toFile())
                .redirectInput(NOWHERE)
                .redirectOutput(Redirect.DISCARD)
                .redirectError(Redirect.DISCARD);
        builder.environment().clear();
        builder.environment().putAll(environment);
        return (int) builder.start().pid();
    }

    /** The pid of the shim of an instance, if it lives; another process that got its pid meanwhile is not taken for it. */
    static OptionalInt find(InstanceFolder folder) throws IOException {
        String kept = folder.text("shim");
        if (!kept.endsWith("\n")) {
            return OptionalInt.empty();
        }
        int pid = Integer.parseInt(kept.substring(0, kept.indexOf(' ')));
        try {
            Path process = Path.of("/proc", Integer.toString(pid));
            String now = Files.readString(process.resolve("stat"));
            String line = new String(Files.readAllBytes(process.resolve("cmdline")), StandardCharsets.UTF_8);
            boolean same = startTime(now).equals(startTime(kept)) && line.contains("\0" + folder.path() + "\0");
            return same ? OptionalInt.of(pid) : OptionalInt.empty();
        } catch (NoSuchFileException gone) {
            return OptionalInt.empty();
        } catch (IOException fault) {
            if (Files.exists(Path.of("/proc", Integer.toString(pid)))) {
                throw fault;
            }
            return OptionalInt.empty(); // it ended between two reads
        }
    }

    /** In clock ticks since the machine's start; the field of the process's state follows its name in brackets. */
    private static String startTime(String stat) {
        String[] fields = stat.substring(stat.lastIndexOf(')') + 2).split(" ");
        return fields.length > START_TIME_FIELD ? fields[START_TIME_FIELD] : "none in: " + stat;
    }

    static String resource(String name) {
        try (InputStream stream = Shim.class.getResourceAsStream(name)) {
            if (stream == null) {
                throw new IllegalStateException("The agent's jar lacks " + name);
            }
            return new String(stream.readAllBytes(), StandardCharsets.UTF_8);
        } catch (IOException fault) {
            throw new java.io.UncheckedIOException("The agent's jar cannot be read", fault);
        }
    }
}
