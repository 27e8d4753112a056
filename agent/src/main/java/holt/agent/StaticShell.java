package holt.agent;

import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Optional;

/** A busybox of this host that needs no libraries: a shell for process 1 in root file systems that have none. */
final class StaticShell {
    /** Found once: it does not come and go while an agent runs. */
    static final Optional<Path> PLACE = find();

    private static final int HEAD = 4096;

    private StaticShell() {}

    private static Optional<Path> find() {
        try {
            Optional<Path> found = Tool.find("busybox");
            return found.isPresent() && isStatic(found.get())
                    ? Optional.of(found.get().toRealPath())
                    : Optional.empty();
        } catch (IOException fault) {
            throw new UncheckedIOException(fault);
        }
    }

    /** One that needs libraries names their loader at its beginning. */
    private static boolean isStatic(Path program) throws IOException {
        try (InputStream stream = Files.newInputStream(program)) {
            return !new String(stream.readNBytes(HEAD), StandardCharsets.ISO_8859_1).contains("/ld-");
        }
    }
}
