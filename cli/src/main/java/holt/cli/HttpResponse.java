package holt.cli;

import java.io.IOException;
import java.io.InputStream;
import java.util.Map;

/**
 * One answer. Its body has to be read to the end, or closed, before the next request of the connection.
 *
 * @param headers by lower-case name
 */
record HttpResponse(int status, Map<String, String> headers, InputStream body) implements AutoCloseable {

    /** The media type without parameters, lower case; empty where there is none. */
    String mediaType() {
        String type = headers.getOrDefault("content-type", "");
        int end = type.indexOf(';');
        return (end < 0 ? type : type.substring(0, end)).strip().toLowerCase(java.util.Locale.ROOT);
    }

    boolean isSuccess() {
        return status >= 200 && status < 300;
    }

    @Override
    public void close() throws IOException {
        body.close();
    }
}
