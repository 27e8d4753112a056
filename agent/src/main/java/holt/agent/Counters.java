package holt.agent;

import java.io.FileInputStream;
import java.io.FileNotFoundException;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;

/** Reads the small files in which the kernel counts, with as few calls as can be. Stateless; any thread. */
final class Counters {
    private static final int MOST = 16 << 10;
    private static final int NUMBER = 64;

    private Counters() {}

    /** The whole text; empty where the file is gone, be it while it is read. */
    static String text(Path file) throws IOException {
        return text(file, MOST);
    }

    private static String text(Path file, int most) throws IOException {
        try (FileInputStream stream = new FileInputStream(file.toFile())) {
            byte[] buffer = new byte[most];
            int length = 0;
            for (int more = 0; more >= 0 && length < most; more = stream.read(buffer, length, most - length)) {
                length += more;
            }
            return new String(buffer, 0, length, StandardCharsets.ISO_8859_1);
        } catch (FileNotFoundException gone) {
            return "";
        } catch (IOException fault) {
            if (Files.exists(file)) {
                throw fault;
            }
            return "";
        }
    }

    /** The number that is all of a file; 0 where there is none. */
    static long read(Path file) throws IOException {
        String text = text(file, NUMBER).strip();
        return text.isEmpty() || text.equals("max") ? 0 : Long.parseLong(text);
    }

    /** The number behind a word at a line's beginning; 0 where there is none. */
    static long field(Path file, String name) throws IOException {
        String text = text(file);
        String wanted = name + " ";
        int at = text.startsWith(wanted) ? 0 : text.indexOf("\n" + wanted) + 1;
        if (at == 0 && !text.startsWith(wanted)) {
            return 0;
        }
        int end = text.indexOf('\n', at);
        return Long.parseLong(text.substring(at + wanted.length(), end < 0 ? text.length() : end)
                .strip());
    }
}
