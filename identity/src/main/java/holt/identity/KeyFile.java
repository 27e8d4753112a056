package holt.identity;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.charset.StandardCharsets;
import java.nio.file.FileAlreadyExistsException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.nio.file.attribute.FileAttribute;
import java.nio.file.attribute.PosixFilePermission;
import java.nio.file.attribute.PosixFilePermissions;
import java.security.SecureRandom;
import java.util.EnumSet;
import java.util.HexFormat;
import java.util.Set;

/**
 * A file with 32 random bytes as hexadecimal text, readable by its owner only. It is made where it is missing: whole or
 * not at all, on the disk when {@link #read} returns, and once, even when two programs start together.
 */
final class KeyFile {
    static final int KEY_BYTES = 32;
    private static final System.Logger LOG = System.getLogger(KeyFile.class.getName());
    private static final Set<PosixFilePermission> OWNER_ONLY =
            EnumSet.of(PosixFilePermission.OWNER_READ, PosixFilePermission.OWNER_WRITE);

    private KeyFile() {}

    static byte[] read(Path file) throws IOException {
        if (!Files.exists(file)) {
            create(file);
        }
        if (!OWNER_ONLY.containsAll(Files.getPosixFilePermissions(file))) {
            LOG.log(System.Logger.Level.WARNING, "event=key-file-was-readable-by-others file={0}", file);
            Files.setPosixFilePermissions(file, OWNER_ONLY);
        }
        return parse(file, Files.readString(file, StandardCharsets.US_ASCII).strip());
    }

    private static byte[] parse(Path file, String text) throws IOException {
        if (!text.matches("[0-9a-f]{" + 2 * KEY_BYTES + "}")) {
            throw new IOException("The key file " + file + " does not hold " + 2 * KEY_BYTES
                    + " hexadecimal digits; put back the one this platform was made with");
        }
        return HexFormat.of().parseHex(text);
    }

    private static void create(Path file) throws IOException {
        Path folder = file.toAbsolutePath().getParent();
        Files.createDirectories(folder, mode("rwx------"));
        byte[] key = new byte[KEY_BYTES];
        new SecureRandom().nextBytes(key);
        Path temporary = Files.createTempFile(folder, ".key", ".tmp", mode("rw-------"));
        try {
            writeDurably(temporary, (HexFormat.of().formatHex(key) + "\n").getBytes(StandardCharsets.US_ASCII));
            Files.createLink(file, temporary);
        } catch (FileAlreadyExistsException madeMeanwhile) {
            LOG.log(System.Logger.Level.DEBUG, "event=key-file-made-by-another-program file={0}", file);
        } finally {
            Files.deleteIfExists(temporary);
        }
        try (FileChannel names = FileChannel.open(folder, StandardOpenOption.READ)) {
            names.force(true);
        }
    }

    private static void writeDurably(Path file, byte[] bytes) throws IOException {
        try (FileChannel channel = FileChannel.open(file, StandardOpenOption.WRITE)) {
            ByteBuffer buffer = ByteBuffer.wrap(bytes);
            while (buffer.hasRemaining()) {
                channel.write(buffer);
            }
            channel.force(true);
        }
    }

    private static FileAttribute<Set<PosixFilePermission>> mode(String text) {
        return PosixFilePermissions.asFileAttribute(PosixFilePermissions.fromString(text));
    }
}
