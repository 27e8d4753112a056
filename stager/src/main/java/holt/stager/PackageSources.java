package holt.stager;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;

/**
 * Finds where a machine's own packages come from in its lists of sources, of either form: lines that begin with
 * {@code deb}, or paragraphs with {@code URIs} and {@code Suites}. Pure.
 */
final class PackageSources {
    private static final String MAIN = "main";

    private PackageSources() {}

    /** The first source that has the main part of a suite. */
    static Optional<String> mirror(String text, String suite) {
        for (String paragraph : text.split("\\n\\s*\\n")) {
            Optional<String> found = ofParagraph(paragraph, suite);
            if (found.isPresent()) {
                return found;
            }
        }
        return text.lines().flatMap(line -> ofLine(line, suite).stream()).findFirst();
    }

    private static Optional<String> ofParagraph(String paragraph, String suite) {
        List<String> places = values(paragraph, "uris:");
        boolean right = values(paragraph, "suites:").contains(suite)
                && values(paragraph, "components:").contains(MAIN);
        return right ? places.stream().filter(PackageSources::isMirror).findFirst() : Optional.empty();
    }

    private static List<String> values(String paragraph, String field) {
        List<String> values = new ArrayList<>();
        paragraph
                .lines()
                .filter(line -> line.toLowerCase(java.util.Locale.ROOT).startsWith(field))
                .forEach(line -> values.addAll(words(line.substring(field.length()))));
        return values;
    }

    private static Optional<String> ofLine(String line, String suite) {
        List<String> words = words(line.replaceFirst("\\[[^]]*]", ""));
        boolean right = words.size() > 3
                && words.getFirst().equals("deb")
                && isMirror(words.get(1))
                && words.get(2).equals(suite)
                && words.subList(3, words.size()).contains(MAIN);
        return right ? Optional.of(words.get(1)) : Optional.empty();
    }

    private static boolean isMirror(String text) {
        return text.startsWith("http://") || text.startsWith("https://");
    }

    private static List<String> words(String line) {
        return Arrays.stream(line.strip().split("\\s+"))
                .filter(word -> !word.isEmpty())
                .toList();
    }
}
