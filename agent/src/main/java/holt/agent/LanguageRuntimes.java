package holt.agent;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * Which language runtimes programs find on this host, with their versions as far as names of files tell them: nothing is
 * run for it. Looked for once, at the start.
 */
final class LanguageRuntimes {
    private static final List<String> NAMES = List.of("node", "perl", "php", "python3", "ruby");
    private static final List<Path> FOLDERS = List.of(
            Path.of("/usr/local/sbin"),
            Path.of("/usr/local/bin"),
            Path.of("/usr/sbin"),
            Path.of("/usr/bin"),
            Path.of("/sbin"),
            Path.of("/bin"));
    private static final Pattern VERSION = Pattern.compile("[a-z]+(\\d+(?:\\.\\d+)*)");

    private LanguageRuntimes() {}

    /** By name; with an empty version where that cannot be seen. Java is the agent's own: instances are given it. */
    static Map<String, String> find() {
        Map<String, String> found = find(FOLDERS);
        found.put("java", Runtime.version().toString().replaceAll("[^0-9.].*", ""));
        return found;
    }

    static Map<String, String> find(List<Path> folders) {
        Map<String, String> found = new TreeMap<>();
        for (String name : NAMES) {
            folders.stream()
                    .map(folder -> folder.resolve(name))
                    .filter(Files::isExecutable)
                    .findFirst()
                    .ifPresent(program -> found.put(name, version(name, program)));
        }
        return found;
    }

    /** {@code /usr/bin/python3} is a link to {@code python3.11}. */
    private static String version(String name, Path program) {
        return fileName(program)
                .map(VERSION::matcher)
                .filter(Matcher::matches)
                .map(matcher -> matcher.group(1))
                .filter(version -> !version.equals(name.replaceAll("[^0-9]", "")))
                .orElse("");
    }

    private static Optional<String> fileName(Path program) {
        try {
            return Optional.ofNullable(program.toRealPath().getFileName()).map(Path::toString);
        } catch (IOException gone) {
            return Optional.empty();
        }
    }
}
