package holt.kernel;

import holt.model.Nearest;
import java.util.Collection;
import java.util.Comparator;
import java.util.Optional;

/** Finds what a person may have meant. */
final class Names {
    private static final int MAX_LENGTH = 100;

    private Names() {}

    /** The nearest of the known names, if it is near enough to be a slip. */
    static Optional<String> nearest(String name, Collection<String> known) {
        if (name.length() > MAX_LENGTH) {
            return Optional.empty();
        }
        int limit = Math.max(1, Math.min(3, name.length() / 3));
        return known.stream()
                .filter(each -> Math.abs(each.length() - name.length()) <= limit)
                .filter(each -> Nearest.distance(name, each) <= limit)
                .min(Comparator.<String>comparingInt(each -> Nearest.distance(name, each))
                        .thenComparing(Comparator.naturalOrder()));
    }
}
