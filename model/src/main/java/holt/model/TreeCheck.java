package holt.model;

import java.nio.charset.StandardCharsets;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Collections;
import java.util.Comparator;
import java.util.Deque;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * The rules for names inside a package. A package comes from outside: nothing in it may lead out of the folder it will
 * be unpacked into, whatever the order in which its entries are written.
 */
public final class TreeCheck {
    private static final int MAX_PATH_BYTES = 1024;
    private static final int MAX_NAME_BYTES = 255;

    /** As many links as Linux follows in one path (path_resolution(7)). */
    private static final int MAX_HOPS = 40;

    private TreeCheck() {}

    /**
     * Checks one path.
     *
     * @return the path as given
     * @throws ProblemException {@code package-invalid} for a path that is empty, absolute, too long, has {@code ..},
     *     {@code .} or empty names, a backslash or a control character
     */
    public static String path(String path) {
        String fault = fault(path);
        if (fault != null) {
            throw refusal(path, fault);
        }
        return path;
    }

    /**
     * Checks what a link's target looks like by itself. Whether it stays inside depends on the other links of the tree,
     * which {@link Tree} checks.
     *
     * @throws ProblemException {@code package-invalid} for a target that is empty, absolute, or leads out by its names
     */
    public static String target(String path, String target) {
        if (target.isEmpty() || target.startsWith("/") || target.indexOf('\0') >= 0) {
            throw leadsOut(path, target);
        }
        int depth = (int) path.chars().filter(c -> c == '/').count();
        for (String name : target.split("/")) {
            depth += name.equals("..") ? -1 : name.isEmpty() || name.equals(".") ? 0 : 1;
            if (depth < 0) {
                throw leadsOut(path, target);
            }
        }
        return target;
    }

    static List<TreeEntry> checked(List<TreeEntry> entries) {
        if (entries.size() > Tree.MAX_ENTRIES) {
            throw Problem.of(ErrorCode.PACKAGE_TOO_LARGE, "The package has " + entries.size() + " entries.")
                    .expected("at most " + Tree.MAX_ENTRIES, Integer.toString(entries.size()))
                    .exception();
        }
        Map<String, TreeEntry> byPath = new HashMap<>();
        for (TreeEntry entry : entries) {
            check(entry);
            if (byPath.put(entry.path(), entry) != null) {
                throw refusal(entry.path(), "stands in the package twice");
            }
        }
        entries.forEach(entry -> checkParents(entry, byPath));
        entries.stream()
                .filter(entry -> entry.kind() == TreeEntry.Kind.LINK)
                .forEach(link -> checkStaysInside(link, byPath));
        List<TreeEntry> sorted = new ArrayList<>(entries);
        sorted.sort(Comparator.comparing(TreeEntry::path));
        return List.copyOf(sorted);
    }

    private static void check(TreeEntry entry) {
        path(entry.path());
        switch (entry.kind()) {
            case FILE -> {
                if (entry.digest() == null || !Digest.isValid(entry.digest())) {
                    throw refusal(entry.path(), "has no digest of 64 lower-case hexadecimal digits");
                }
                if (entry.size() < 0) {
                    throw refusal(entry.path(), "has the size " + entry.size());
                }
            }
            case FOLDER -> {}
            case LINK -> target(entry.path(), entry.target() == null ? "" : entry.target());
        }
    }

    /** A file or a link above another entry would let that entry be written somewhere else. */
    private static void checkParents(TreeEntry entry, Map<String, TreeEntry> byPath) {
        String path = entry.path();
        for (int slash = path.lastIndexOf('/'); slash > 0; slash = path.lastIndexOf('/', slash - 1)) {
            TreeEntry parent = byPath.get(path.substring(0, slash));
            if (parent != null && parent.kind() != TreeEntry.Kind.FOLDER) {
                throw refusal(path, "lies below '" + parent.path() + "', which is not a folder");
            }
        }
    }

    /**
     * Follows a link as the kernel would, through the other links of the tree: {@code d/l -> ..} is harmless and
     * {@code x -> d/l/..} looks so, yet together they lead out.
     */
    private static void checkStaysInside(TreeEntry link, Map<String, TreeEntry> byPath) {
        Deque<String> names = new ArrayDeque<>(List.of(link.path().split("/")));
        Deque<String> place = new ArrayDeque<>();
        int hops = 0;
        while (!names.isEmpty()) {
            String name = names.pop();
            if (name.equals("..")) {
                if (place.pollLast() == null) {
                    throw leadsOut(link.path(), String.valueOf(link.target()));
                }
            } else if (!name.isEmpty() && !name.equals(".")) {
                place.addLast(name);
            }
            TreeEntry met = byPath.get(String.join("/", place));
            if (met != null && met.kind() == TreeEntry.Kind.LINK && met.target() != null) {
                if (++hops > MAX_HOPS) {
                    throw refusal(link.path(), "is a link that leads through more than " + MAX_HOPS + " others");
                }
                place.removeLast();
                List<String> target = new ArrayList<>(List.of(met.target().split("/")));
                Collections.reverse(target);
                target.forEach(names::push);
            }
        }
    }

    private static ProblemException leadsOut(String path, String target) {
        return refusal(path, "is a link to '" + printable(target) + "', outside of the package");
    }

    private static @Nullable String fault(String path) {
        if (path.isEmpty()) {
            return "is empty";
        }
        if (path.startsWith("/")) {
            return "is absolute";
        }
        if (path.getBytes(StandardCharsets.UTF_8).length > MAX_PATH_BYTES) {
            return "is longer than " + MAX_PATH_BYTES + " bytes";
        }
        if (path.indexOf('\\') >= 0) {
            return "has a backslash";
        }
        if (path.chars().anyMatch(c -> c < 0x20 || c == 0x7f)) {
            return "has a control character";
        }
        for (String name : path.split("/", -1)) {
            if (name.isEmpty() || name.equals(".") || name.equals("..")) {
                return "has the name '" + name + "' in it";
            }
            if (name.getBytes(StandardCharsets.UTF_8).length > MAX_NAME_BYTES) {
                return "has a name longer than " + MAX_NAME_BYTES + " bytes";
            }
        }
        return null;
    }

    private static ProblemException refusal(String path, String fault) {
        return Problem.of(
                        ErrorCode.PACKAGE_INVALID, "The entry '" + printable(path) + "' of the package " + fault + ".")
                .expected("relative names that stay inside the package", null)
                .exception();
    }

    private static String printable(String path) {
        String shown = path.length() > 120 ? path.substring(0, 120) + "..." : path;
        return shown.replaceAll("\\p{Cntrl}", "?");
    }
}
