package holt.agent;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFileAttributes;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.List;

/**
 * Where the container runtime keeps what it knows of living containers, their variables in clear among it: in memory
 * where that can be had, readable by root alone, and at the same place for every agent of the same home. Immutable.
 *
 * @param folder the runtime's own
 */
record RuntimeState(Path folder) {
    private static final List<Path> MEMORY = List.of(Path.of("/run"), Path.of("/dev/shm"));
    private static final String OURS = "holt";

    /**
     * Makes the folder, or takes the one that is there.
     *
     * @param platform names the home among others of this machine
     */
    static RuntimeState open(String platform, Path home) throws IOException {
        Path fallback = home.resolve("runtime");
        if (!Files.exists(fallback)) {
            for (Path each : MEMORY) {
                Path ours = each.resolve(OURS);
                if (isMemory(each) && isPrivate(ours)) {
                    return new RuntimeState(Folders.createPrivate(ours.resolve(platform)));
                }
            }
        }
        return new RuntimeState(Folders.createPrivate(fallback));
    }

    private static boolean isMemory(Path folder) throws IOException {
        return Files.isWritable(folder) && Files.getFileStore(folder).type().equals("tmpfs");
    }

    /** Makes it where it is not there: in a folder that all may write to it could be another's, who could change it. */
    private static boolean isPrivate(Path folder) throws IOException {
        if (!Files.exists(folder, LinkOption.NOFOLLOW_LINKS)) {
            Folders.createPrivate(folder);
        }
        PosixFileAttributes found = Files.readAttributes(folder, PosixFileAttributes.class, LinkOption.NOFOLLOW_LINKS);
        return found.isDirectory()
                && Files.getAttribute(folder, "unix:uid", LinkOption.NOFOLLOW_LINKS)
                        .equals(Native.effectiveUser())
                && PosixFilePermissions.toString(found.permissions()).equals("rwx------");
    }

    /** Removes it, once no container is left. */
    void remove() throws IOException {
        Folders.delete(folder);
    }
}
