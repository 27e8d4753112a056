package holt.model;

import java.util.List;

/**
 * The files of a package or of a droplet, each by the digest of its content. Paths are checked, sorted and unique; a
 * tree is therefore named by the digest of its JSON form.
 *
 * @param entries sorted by path
 */
public record Tree(List<TreeEntry> entries) {
    /** More files than any application we know, and a bound on what one request makes us keep. */
    public static final int MAX_ENTRIES = 200_000;

    public Tree {
        entries = TreeCheck.checked(entries);
    }

    /** The sum of the sizes of all files, bytes. */
    public long totalBytes() {
        return entries.stream().mapToLong(TreeEntry::size).sum();
    }

    /** The number of files, links and folders aside. */
    public long fileCount() {
        return entries.stream()
                .filter(entry -> entry.kind() == TreeEntry.Kind.FILE)
                .count();
    }

    /** The name of this tree: the digest of its JSON form. */
    public String digest() {
        return Digest.of(Json.bytes(this));
    }
}
