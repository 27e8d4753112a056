package holt.cli;

import java.io.IOException;
import java.net.ConnectException;
import java.net.SocketTimeoutException;
import java.net.URI;
import java.net.UnknownHostException;

/** Nobody answers at the platform's address. */
final class UnreachableException extends IOException {
    private static final long serialVersionUID = 1L;

    UnreachableException(URI base, IOException cause) {
        super("Holt does not answer at " + base + " (" + reason(cause) + ").", cause);
    }

    private static String reason(IOException cause) {
        return switch (cause) {
            case UnknownHostException unknown -> "there is no host of that name";
            case SocketTimeoutException slow -> "no connection within 5 seconds";
            case ConnectException refused -> "connection refused";
            default -> String.valueOf(cause.getMessage());
        };
    }
}
