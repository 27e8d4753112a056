package holt.model;

import java.util.List;
import java.util.Objects;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/**
 * Where an app's instances may run.
 *
 * @param tags tags that a host must have, all of them
 * @param apart whether each instance must have a host of its own among the app's instances
 * @param notWith names of apps with which it must not share a host; it holds both ways
 */
public record Placement(List<String> tags, boolean apart, List<String> notWith) {
    /** The most tags of an app or a host, and the most apps to stay away from. */
    public static final int MAX_NAMES = 32;

    private static final Pattern TAG = Pattern.compile("[a-z0-9]([a-z0-9._=/-]{0,62}[a-z0-9])?");

    /** Anywhere. */
    public static final Placement ANYWHERE = new Placement(List.of(), false, List.of());

    public Placement(@Nullable List<String> tags, boolean apart, @Nullable List<String> notWith) {
        this.tags = sorted(tags);
        this.apart = apart;
        this.notWith = sorted(notWith);
    }

    private static List<String> sorted(@Nullable List<String> names) {
        return names == null
                ? List.of()
                : names.stream()
                        .map(name -> Objects.requireNonNullElse(name, ""))
                        .distinct()
                        .sorted()
                        .toList();
    }

    /** Whether it demands anything. */
    public boolean isAnywhere() {
        return tags.isEmpty() && !apart && notWith.isEmpty();
    }

    /** Whether a word can be a tag or the name of a zone: 1 to 64 of {@code a-z 0-9 . _ = / -}. */
    public static boolean isTag(@Nullable String word) {
        return word != null && TAG.matcher(word).matches();
    }

    /** Of words from outside those that can be tags, sorted, a bounded number. */
    static List<String> usable(@Nullable List<String> words) {
        return words == null
                ? List.of()
                : words.stream()
                        .filter(Placement::isTag)
                        .limit(MAX_NAMES)
                        .distinct()
                        .sorted()
                        .toList();
    }

    /**
     * Checks what a person asks for.
     *
     * @throws ProblemException {@code parameter-invalid} or {@code app-name-invalid}
     */
    public Placement check() {
        if (tags.size() > MAX_NAMES || notWith.size() > MAX_NAMES) {
            throw Problem.of(ErrorCode.PARAMETER_INVALID, "The placement names too much.")
                    .expected(
                            "at most " + MAX_NAMES + " tags and " + MAX_NAMES + " apps",
                            tags.size() + " tags and " + notWith.size() + " apps")
                    .exception();
        }
        for (String tag : tags) {
            checkTag(tag);
        }
        notWith.forEach(AppName::check);
        return this;
    }

    /** @throws ProblemException {@code parameter-invalid} for what cannot be a tag or a zone */
    public static String checkTag(String tag) {
        if (!isTag(tag)) {
            throw Problem.of(ErrorCode.PARAMETER_INVALID, "This cannot be the tag or the zone of a host.")
                    .expected("1 to 64 of a-z 0-9 . _ = / -, beginning and ending with a letter or digit", shown(tag))
                    .exception();
        }
        return tag;
    }

    private static String shown(String tag) {
        return "'" + tag.substring(0, Math.min(tag.length(), 80)).replaceAll("\\p{Cntrl}", "?") + "'";
    }
}
