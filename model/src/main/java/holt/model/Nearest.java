package holt.model;

import java.util.Arrays;
import java.util.Collection;
import java.util.Comparator;
import java.util.Optional;

/** Finds what somebody who mistyped a name probably meant. */
public final class Nearest {
    private Nearest() {}

    /**
     * The known name that is nearest to the given one, where it is near enough to be meant: at most two changes, and
     * fewer than half of the name's characters.
     */
    public static Optional<String> to(String name, Collection<String> known) {
        return known.stream()
                .filter(each -> isNear(name, each))
                .min(Comparator.comparingInt((String each) -> distance(name, each))
                        .thenComparing(each -> each));
    }

    private static boolean isNear(String name, String other) {
        int distance = distance(name, other);
        return distance <= 2 && distance * 2 < Math.max(2, Math.max(name.length(), other.length()));
    }

    /** The number of characters to insert, remove or replace (Levenshtein 1966), one row of the table at a time. */
    public static int distance(String left, String right) {
        int[] row = new int[right.length() + 1];
        Arrays.setAll(row, at -> at);
        for (int i = 1; i <= left.length(); i++) {
            int diagonal = row[0];
            row[0] = i;
            for (int j = 1; j <= right.length(); j++) {
                int above = row[j];
                int change = left.charAt(i - 1) == right.charAt(j - 1) ? 0 : 1;
                row[j] = Math.min(diagonal + change, Math.min(above, row[j - 1]) + 1);
                diagonal = above;
            }
        }
        return row[right.length()];
    }
}
