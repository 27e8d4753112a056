package holt.model;

import java.util.Optional;

/**
 * The system that the instances of a release see: its name for people, and the digest of its {@link RootFileSystem} in
 * the blob store, which says exactly what it is. Written as {@code NAME@DIGEST}, as registries of images do.
 *
 * @param name of a stack, or the reference of an image
 * @param digest of the {@link RootFileSystem}
 */
public record StackReference(String name, String digest) {
    /** What people say for the host's own system. */
    public static final String HOST = "host";

    /** Reads the written form; empty for the empty text, which means the host's own system. */
    public static Optional<StackReference> parse(String text) {
        if (text.isEmpty()) {
            return Optional.empty();
        }
        int at = text.lastIndexOf('@');
        String digest = text.substring(at + 1);
        if (at < 1 || !Digest.isValid(digest)) {
            throw Problem.of(ErrorCode.STACK_NOT_FOUND, "The stack of this release cannot be read.")
                    .expected("NAME@DIGEST", text)
                    .exception();
        }
        return Optional.of(new StackReference(text.substring(0, at), digest));
    }

    /** The name in the written form; that of the host's own system for the empty text. */
    public static String nameOf(String text) {
        return text.isEmpty() ? HOST : text.substring(0, Math.max(0, text.lastIndexOf('@')));
    }

    @Override
    public String toString() {
        return name + "@" + digest;
    }
}
