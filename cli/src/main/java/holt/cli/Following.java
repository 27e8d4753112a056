package holt.cli;

import java.io.IOException;
import java.time.Duration;

/**
 * Reads a stream of events for as long as it is wanted, through lost connections and restarts of the platform: each time
 * it opens the stream anew, where the reader says that it has come to. One thread.
 */
final class Following {
    private static final Duration PATIENCE = Duration.ofSeconds(30);
    private static final long PAUSE_MILLIS = 250;

    private final ApiClient api;
    private final Output output;

    /** Knows where the stream is to be opened, and takes what comes. */
    interface Reader {
        /** The path to open, from behind what was taken last. */
        String path();

        /** Takes an event; false ends it all. */
        boolean take(SseStream.Message message);

        /** Called from time to time while nothing comes; false ends it all. */
        default boolean waitsOn() {
            return true;
        }
    }

    Following(ApiClient api, Output output) {
        this.api = api;
        this.output = output;
    }

    /** Reads until the reader has enough. */
    void follow(Reader reader) throws IOException {
        long lostNanos = 0;
        boolean connected = false;
        while (true) {
            try (SseStream stream = api.stream(reader.path())) {
                if (lostNanos != 0) {
                    output.warn("Holt answers again.");
                }
                lostNanos = 0;
                connected = true;
                if (!read(stream, reader)) {
                    return;
                }
            } catch (IOException lost) {
                if (!connected) {
                    throw lost;
                }
            }
            lostNanos = waitAfterLoss(lostNanos);
        }
    }

    /** Takes all events there are; true when the stream ended and more is wanted. */
    private static boolean read(SseStream stream, Reader reader) throws IOException {
        try {
            for (SseStream.Message message = stream.next(); message != null; message = stream.next()) {
                if (message.isComment() ? !reader.waitsOn() : !reader.take(message)) {
                    return false;
                }
            }
            return true;
        } catch (java.net.SocketTimeoutException silent) {
            return reader.waitsOn();
        }
    }

    private long waitAfterLoss(long lostNanos) throws IOException {
        long now = System.nanoTime();
        long since = lostNanos == 0 ? now : lostNanos;
        if (now - since > PATIENCE.toNanos()) {
            throw new UnreachableException(
                    api.address(), new IOException("the connection was lost " + PATIENCE.toSeconds() + " seconds ago"));
        }
        try {
            Thread.sleep(PAUSE_MILLIS);
        } catch (InterruptedException stopped) {
            Thread.currentThread().interrupt();
            throw new java.io.InterruptedIOException("stopped while waiting for Holt");
        }
        return since;
    }
}
