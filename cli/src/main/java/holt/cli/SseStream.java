package holt.cli;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import org.jspecify.annotations.Nullable;

/** Server-sent events of one answer, in their order. One thread. */
final class SseStream implements AutoCloseable {
    private static final int MAX_LINE_BYTES = 4 << 20;

    private final HttpResponse response;
    private final InputStream in;

    /**
     * One event.
     *
     * @param id empty where it has none
     * @param event its kind; {@code message} where it has none, {@link #COMMENT} for a sign of life
     */
    record Message(String id, String event, String data) {
        static final String COMMENT = ":";

        boolean isComment() {
            return event.equals(COMMENT);
        }
    }

    SseStream(HttpResponse response) {
        this.response = response;
        this.in = new java.io.BufferedInputStream(response.body());
    }

    /** Waits for the next event; null at the end of the stream. */
    @Nullable
    Message next() throws IOException {
        String id = "";
        String event = "message";
        StringBuilder data = new StringBuilder();
        boolean some = false;
        for (String line = line(); line != null; line = line()) {
            if (line.isEmpty()) {
                if (some) {
                    return new Message(id, event, data.toString());
                }
                event = "message";
                continue;
            }
            int colon = line.indexOf(':');
            if (colon == 0 && !some) {
                return new Message(id, Message.COMMENT, "");
            }
            String field = colon < 0 ? line : line.substring(0, colon);
            String value = colon < 0 ? "" : line.substring(colon + (line.startsWith(" ", colon + 1) ? 2 : 1));
            switch (field) {
                case "id" -> id = value;
                case "event" -> event = value;
                case "data" -> {
                    data.append(some ? "\n" : "").append(value);
                    some = true;
                }
                default -> {
                    // Other fields are for browsers.
                }
            }
        }
        return null;
    }

    /** One line without its end; null when there is no whole line any more. */
    private @Nullable String line() throws IOException {
        ByteArrayOutputStream bytes = new ByteArrayOutputStream(256);
        for (int b = in.read(); b != '\n'; b = in.read()) {
            if (b < 0) {
                return null;
            }
            if (bytes.size() == MAX_LINE_BYTES) {
                throw new IOException("the stream has a line of more than " + MAX_LINE_BYTES + " bytes");
            }
            bytes.write(b);
        }
        String line = bytes.toString(StandardCharsets.UTF_8);
        return line.endsWith("\r") ? line.substring(0, line.length() - 1) : line;
    }

    @Override
    public void close() throws IOException {
        response.close();
    }
}
