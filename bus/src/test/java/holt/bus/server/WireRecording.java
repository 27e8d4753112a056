package holt.bus.server;

import static java.nio.charset.StandardCharsets.UTF_8;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/**
 * What a server said to scripts, as a file of text: {@code == name}, lines that begin with {@code #} for reasons, then what
 * each client heard. Long lines are kept by their beginning and their length.
 */
final class WireRecording {
    private WireRecording() {}

    /** Answers by the name of the script. */
    static Map<String, List<String>> read(Path file) throws IOException {
        Map<String, List<String>> answers = new LinkedHashMap<>();
        List<String> current = new ArrayList<>();
        for (String line : Files.readAllLines(file, UTF_8)) {
            if (line.startsWith("== ")) {
                current = new ArrayList<>();
                answers.put(line.substring(3), current);
            } else if (!line.isBlank() && !line.startsWith("#")) {
                current.add(line);
            }
        }
        return answers;
    }

    static void write(Path file, Map<String, List<String>> answers) throws IOException {
        StringBuilder text = new StringBuilder();
        answers.forEach((name, lines) -> {
            text.append("== ").append(name).append('\n');
            lines.forEach(line -> text.append(line).append('\n'));
            text.append('\n');
        });
        Files.createDirectories(file.getParent());
        Files.writeString(file, text);
    }
}
