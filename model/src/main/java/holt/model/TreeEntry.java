package holt.model;

import org.jspecify.annotations.Nullable;

/**
 * One file, folder or symbolic link of a {@link Tree}.
 *
 * @param path relative, with {@code /} between names
 * @param kind what it is
 * @param executable whether a file may be executed
 * @param digest of a file's content; null for others
 * @param size of a file's content, bytes; 0 for others
 * @param target of a link, relative to the link's folder and inside the tree; null for others
 */
public record TreeEntry(
        String path,
        Kind kind,
        boolean executable,
        @Nullable String digest,
        long size,
        @Nullable String target) {

    /** What an entry can be. */
    public enum Kind {
        FILE,
        FOLDER,
        LINK
    }

    public static TreeEntry file(String path, boolean executable, String digest, long size) {
        return new TreeEntry(path, Kind.FILE, executable, digest, size, null);
    }

    public static TreeEntry folder(String path) {
        return new TreeEntry(path, Kind.FOLDER, false, null, 0, null);
    }

    public static TreeEntry link(String path, String target) {
        return new TreeEntry(path, Kind.LINK, false, null, 0, target);
    }
}
