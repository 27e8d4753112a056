package holt.controller;

import holt.model.Json;
import jakarta.servlet.http.HttpServletResponse;
import java.io.IOException;
import java.io.OutputStream;
import java.nio.charset.StandardCharsets;
import java.time.Duration;

/**
 * An answer made of server-sent events. Nothing leaves before {@link #flush}. Used by the thread of
 * its request only.
 */
final class Sse {
    /** A reader that hears nothing for longer than a few of these may take the connection for dead. */
    static final Duration HEARTBEAT = Duration.ofSeconds(15);

    private final OutputStream out;

    private Sse(OutputStream out) {
        this.out = out;
    }

    static Sse open(HttpServletResponse response) throws IOException {
        response.setStatus(200);
        response.setContentType(ApiRoute.EVENTS);
        response.setCharacterEncoding("utf-8");
        response.setHeader("Cache-Control", "no-store");
        response.setHeader("X-Accel-Buffering", "no");
        response.flushBuffer();
        return new Sse(response.getOutputStream());
    }

    /** @param id where a reader can go on after this; empty for none */
    void event(String id, String name, Object data) throws IOException {
        StringBuilder text = new StringBuilder();
        if (!id.isEmpty()) {
            text.append("id: ").append(id).append('\n');
        }
        text.append("event: ").append(name).append('\n');
        text.append("data: ").append(Json.text(data)).append("\n\n");
        out.write(text.toString().getBytes(StandardCharsets.UTF_8));
    }

    /** Sends what was written. */
    void flush() throws IOException {
        out.flush();
    }

    void heartbeat() throws IOException {
        out.write(": still here\n\n".getBytes(StandardCharsets.UTF_8));
        out.flush();
    }
}
