package holt.cli;

import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * One request.
 *
 * @param target path and query, encoded
 * @param headers besides Host and those of the body
 * @param timeoutMillis how long the answer may be silent
 */
record HttpRequest(
        String method,
        String target,
        Map<String, String> headers,
        @Nullable HttpBody body,
        int timeoutMillis) {

    /** Whether sending it twice is the same as sending it once. */
    boolean isRepeatable() {
        return method.equals("GET") || method.equals("PUT") || method.equals("DELETE");
    }
}
