package holt.controller;

import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStream;
import java.io.InputStreamReader;
import java.net.http.HttpResponse;
import java.nio.charset.StandardCharsets;
import org.jspecify.annotations.Nullable;

/** Reads server-sent events, for tests. */
final class Sses implements AutoCloseable {
    final HttpResponse<InputStream> response;
    private final BufferedReader reader;

    record Message(String id, String event, String data) {}

    Sses(HttpResponse<InputStream> response) {
        this.response = response;
        this.reader = new BufferedReader(new InputStreamReader(response.body(), StandardCharsets.UTF_8));
    }

    /** The next event; null at the end. */
    @Nullable
    Message next() throws IOException {
        String id = "";
        String event = "";
        String data = "";
        for (String line = reader.readLine(); line != null; line = reader.readLine()) {
            if (line.isEmpty()) {
                if (!event.isEmpty()) {
                    return new Message(id, event, data);
                }
            } else if (line.startsWith("id: ")) {
                id = line.substring(4);
            } else if (line.startsWith("event: ")) {
                event = line.substring(7);
            } else if (line.startsWith("data: ")) {
                data = line.substring(6);
            }
        }
        return null;
    }

    Message nextNamed(String name) throws IOException {
        for (Message message = next(); message != null; message = next()) {
            if (message.event().equals(name)) {
                return message;
            }
        }
        throw new IOException("The stream ended before an event named " + name);
    }

    @Override
    public void close() throws IOException {
        response.body().close();
    }
}
