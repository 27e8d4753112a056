package holt.cli;

import java.io.EOFException;
import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.util.HashMap;
import java.util.Locale;
import java.util.Map;

/**
 * Status line and headers of an answer.
 *
 * @param headers by lower-case name; the last of equal ones
 */
record HttpHead(int minorVersion, int status, Map<String, String> headers) {
    private static final int MAX_LINE = 16 << 10;
    private static final int MAX_HEADERS = 200;
    private static final int SWITCHING = 101;

    /** No byte of an answer came: a kept connection may have been closed in the meantime. */
    static final class Silence extends EOFException {
        private static final long serialVersionUID = 1L;

        Silence() {
            super("the connection was closed before any answer");
        }
    }

    /** Reads a head, and over those of interim answers (1xx): but 101 is the last there is. */
    static HttpHead read(InputStream in) throws IOException {
        HttpHead head;
        do {
            head = readOne(in);
        } while (head.status < 200 && head.status != SWITCHING);
        return head;
    }

    private static HttpHead readOne(InputStream in) throws IOException {
        String start = line(in, true);
        if (!start.matches("HTTP/1\\.[01] [1-5]\\d\\d( .*)?")) {
            throw new IOException("the answer is not HTTP/1.1: " + Text.printable(start, 60));
        }
        Map<String, String> headers = new HashMap<>();
        for (String line = line(in, false); !line.isEmpty(); line = line(in, false)) {
            int colon = line.indexOf(':');
            if (colon <= 0 || headers.size() >= MAX_HEADERS) {
                throw new IOException("the answer's headers cannot be read");
            }
            headers.put(
                    line.substring(0, colon).toLowerCase(Locale.ROOT),
                    line.substring(colon + 1).strip());
        }
        return new HttpHead(start.charAt(7) - '0', Integer.parseInt(start.substring(9, 12)), headers);
    }

    /** Whether the connection can carry another request after this answer. */
    boolean keepsConnection() {
        String connection = headers.getOrDefault("connection", "").toLowerCase(Locale.ROOT);
        return minorVersion == 1 ? !connection.contains("close") : connection.contains("keep-alive");
    }

    /** One line without its end. */
    static String line(InputStream in, boolean first) throws IOException {
        byte[] bytes = new byte[128];
        int length = 0;
        for (int b = in.read(); b != '\n'; b = in.read()) {
            if (b < 0) {
                throw first && length == 0 ? new Silence() : new EOFException("the answer ends in its middle");
            }
            if (length == MAX_LINE) {
                throw new IOException("the answer has a header line of more than " + MAX_LINE + " bytes");
            }
            if (length == bytes.length) {
                bytes = java.util.Arrays.copyOf(bytes, length * 2);
            }
            bytes[length++] = (byte) b;
        }
        int end = length > 0 && bytes[length - 1] == '\r' ? length - 1 : length;
        return new String(bytes, 0, end, StandardCharsets.ISO_8859_1);
    }
}
