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

    /**
     * The number of edits between two words: a character put in, left out or changed, or two neighbours swapped (optimal
     * string alignment, after Damerau 1964), three rows of the table at a time.
     */
    public static int distance(String left, String right) {
        int[] older = new int[right.length() + 1];
        int[] above = new int[right.length() + 1];
        Arrays.setAll(above, at -> at);
        for (int i = 1; i <= left.length(); i++) {
            int[] row = new int[right.length() + 1];
            row[0] = i;
            for (int j = 1; j <= right.length(); j++) {
                int change = left.charAt(i - 1) == right.charAt(j - 1) ? 0 : 1;
                row[j] = Math.min(above[j - 1] + change, Math.min(above[j], row[j - 1]) + 1);
                if (isSwapped(left, i, right, j)) {
                    row[j] = Math.min(row[j], older[j - 2] + 1);
                }
            }
            older = above;
            above = row;
        }
        return above[right.length()];
    }

    private static boolean isSwapped(String left, int i, String right, int j) {
        return i > 1 && j > 1 && left.charAt(i - 1) == right.charAt(j - 2) && left.charAt(i - 2) == right.charAt(j - 1);
    }
}
