package holt.bus.stream;

import java.io.IOException;

/** A stream has ended; the message says why. */
public final class StreamBroken extends IOException {
    private static final long serialVersionUID = 1L;

    StreamBroken(String reason) {
        super(reason);
    }
}
