package holt.agent;

import holt.model.AgentReply;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.util.Map;
import java.util.TreeMap;

/**
 * The files of an instance that has ended, put together from its private layer and the droplet as the kernel's overlay
 * did. Nobody changes them any more, so each name can be looked at before it is used; links are shown but not followed.
 */
final class LayeredFiles implements InstanceFiles {
    private final Path upper;
    private final Path lower;
    private final Closing closing;

    /** What is to be done when they are not needed any more. */
    @FunctionalInterface
    interface Closing {
        void close() throws IOException;
    }

    LayeredFiles(Path upper, Path lower, Closing closing) {
        this.upper = upper;
        this.lower = lower;
        this.closing = closing;
    }

    @Override
    public AgentReply read(String path, long offset, int length) throws IOException {
        boolean lowerVisible = true;
        boolean upperThere = true;
        Path above = upper;
        Path below = lower;
        for (String name : path.isEmpty() ? new String[0] : path.split("/")) {
            above = above.resolve(name);
            below = below.resolve(name);
            upperThere = upperThere && Files.exists(above, LinkOption.NOFOLLOW_LINKS);
            if (upperThere && isLink(above) || !upperThere && lowerVisible && isLink(below)) {
                return new AgentReply.Refused("'" + path + "' is or goes through a link, which is not followed");
            }
            if (upperThere && (isWhiteout(above) || Native.isOpaque(above.toString()))) {
                lowerVisible = false;
            }
            lowerVisible = lowerVisible && !(upperThere && !isFolder(above));
        }
        boolean lowerThere = lowerVisible && Files.exists(below, LinkOption.NOFOLLOW_LINKS);
        if (upperThere && isFolder(above) || !upperThere && lowerThere && isFolder(below)) {
            return InstanceFiles.listing(merged(upperThere, above, lowerThere && isFolder(below), below));
        }
        Path file = upperThere ? above : below;
        boolean readable = (upperThere || lowerThere) && Files.isRegularFile(file, LinkOption.NOFOLLOW_LINKS);
        return readable ? InstanceFiles.content(file, offset, length) : InstanceFiles.none(path);
    }

    private static Map<String, AgentReply.FileInfo> merged(boolean hasUpper, Path above, boolean hasLower, Path below)
            throws IOException {
        Map<String, AgentReply.FileInfo> names = new TreeMap<>();
        if (hasLower) {
            names.putAll(InstanceFiles.names(below));
        }
        if (hasUpper) {
            names.putAll(InstanceFiles.names(above));
            names.keySet().removeIf(name -> isWhiteout(above.resolve(name)));
        }
        return names;
    }

    private static boolean isFolder(Path path) {
        return Files.isDirectory(path, LinkOption.NOFOLLOW_LINKS);
    }

    private static boolean isLink(Path path) {
        return Files.isSymbolicLink(path);
    }

    /** The overlay marks a deleted name by a character device with the number 0. */
    private static boolean isWhiteout(Path path) {
        try {
            int mode = (int) Files.getAttribute(path, "unix:mode", LinkOption.NOFOLLOW_LINKS);
            return (mode & 0xF000) == 0x2000;
        } catch (NoSuchFileException gone) {
            return false;
        } catch (IOException fault) {
            throw new java.io.UncheckedIOException("The private layer cannot be read", fault);
        }
    }

    @Override
    public void close() throws IOException {
        closing.close();
    }
}
