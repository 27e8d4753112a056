package holt.model;

import java.util.Collections;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/**
 * A root file system for instances. Kept in the blob store as its JSON form, under its digest.
 *
 * @param origin what it was made of, for people: {@code debootstrap bookworm}, or the reference of an image
 * @param layers the lowest first
 * @param image what an image says of its program; null for a stack, in which apps run
 */
public record RootFileSystem(
        String origin, List<Layer> layers, @Nullable Image image) {
    /** As many as the option of a mount has room for. */
    public static final int MAX_LAYERS = 80;

    public RootFileSystem {
        layers = List.copyOf(layers);
        if (layers.isEmpty() || layers.size() > MAX_LAYERS) {
            throw Problem.of(ErrorCode.IMAGE_INVALID, "The root file system has " + layers.size() + " layers.")
                    .expected("1 to " + MAX_LAYERS, null)
                    .remedy("Build the image in fewer steps.")
                    .exception();
        }
    }

    /**
     * A tar archive, packed or not, as a blob.
     *
     * @param digest of the blob
     * @param bytes length of the blob
     */
    public record Layer(String digest, long bytes) {}

    /**
     * How an image's program is run.
     *
     * @param environment its variables
     * @param program its entry point and arguments
     * @param folder where it is started
     * @param user whom it wants to be; it is not, but may write what that user may
     * @param port the first it says it listens at; 0 for none
     */
    public record Image(Map<String, String> environment, List<String> program, String folder, String user, int port) {
        private static final Pattern PLAIN_WORD = Pattern.compile("[A-Za-z0-9_@%+=:,./-]+");

        public Image {
            environment = Collections.unmodifiableMap(new TreeMap<>(environment)); // in order: it is kept by its digest
            program = List.copyOf(program);
        }

        /** The program as one line, as a shell would read it. */
        public String commandLine() {
            return program.stream()
                    .map(word -> PLAIN_WORD.matcher(word).matches() ? word : "'" + word.replace("'", "'\\''") + "'")
                    .collect(Collectors.joining(" "));
        }
    }
}
