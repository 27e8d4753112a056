package holt.store;

import java.io.IOException;
import java.io.InputStream;
import java.lang.System.Logger;
import java.lang.System.Logger.Level;
import java.nio.channels.Channels;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.StandardOpenOption;
import java.nio.file.attribute.PosixFilePermissions;
import org.jspecify.annotations.Nullable;
import org.sqlite.SQLiteJDBCLoader;
import org.sqlite.util.LibraryLoaderUtil;

/**
 * Keeps SQLite's native library unpacked beside the truth. Left alone, the driver unpacks, compares and deletes it at
 * every start, a tenth of a second; it still does where the kept one cannot be loaded.
 */
final class NativeLibrary {
    private static final Logger LOGGER = System.getLogger(NativeLibrary.class.getName());
    private static final String PLACE = "org.sqlite.lib.path";

    private NativeLibrary() {}

    /** Unpacks the library below a folder if it is not there yet, and tells the driver; once in a process counts. */
    static void keepIn(Path folder) {
        if (System.getProperty(PLACE) != null) {
            return;
        }
        String name = LibraryLoaderUtil.getNativeLibName();
        Path place = folder.resolve("sqlite-" + SQLiteJDBCLoader.getVersion()).toAbsolutePath();
        Path library = place.resolve(name);
        try {
            if (Files.exists(library) || unpack(name, library)) {
                System.setProperty(PLACE, place.toString());
            }
        } catch (IOException fault) {
            LOGGER.log(
                    Level.WARNING,
                    "event=sqlite-library-not-kept folder={0} reason=\"{1}\"",
                    place,
                    fault.getMessage());
        }
    }

    /** Whole or not at all, even if the power goes; false where the driver brings none for this machine. */
    private static boolean unpack(String name, Path library) throws IOException {
        try (InputStream content = packed(name)) {
            if (content == null) {
                return false;
            }
            Path place = Files.createDirectories(
                    library.getParent(),
                    PosixFilePermissions.asFileAttribute(PosixFilePermissions.fromString("rwx------")));
            Path fresh = Files.createTempFile(place, "new-", ".so");
            try {
                try (FileChannel channel = FileChannel.open(fresh, StandardOpenOption.WRITE)) {
                    content.transferTo(Channels.newOutputStream(channel));
                    channel.force(true);
                }
                Files.move(fresh, library, StandardCopyOption.ATOMIC_MOVE);
            } finally {
                Files.deleteIfExists(fresh);
            }
            return true;
        }
    }

    private static @Nullable InputStream packed(String name) {
        return SQLiteJDBCLoader.class.getResourceAsStream(LibraryLoaderUtil.getNativeLibResourcePath() + "/" + name);
    }
}
