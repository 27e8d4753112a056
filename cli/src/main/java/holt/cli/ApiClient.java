package holt.cli;

import holt.model.AccessApi;
import holt.model.Api;
import java.io.IOException;
import java.net.SocketTimeoutException;
import java.net.URI;
import java.util.LinkedHashMap;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * Holt's API as calls. An answer that is an error becomes a {@link RefusedException}; a platform that does not answer an
 * {@link UnreachableException}. One thread; streams use connections of their own, so that calls go on beside them.
 */
final class ApiClient implements AutoCloseable {
    private static final int ANSWER_TIMEOUT_MILLIS = 60_000;
    private static final int UPLOAD_TIMEOUT_MILLIS = 300_000;
    private static final int STREAM_SILENCE_MILLIS = 60_000;

    private final URI api;
    private final @Nullable String token;
    private final HttpConnection connection;

    /**
     * A client of one platform.
     *
     * @param api address of the platform, checked by {@link ApiAddress}
     * @param token null for calls that need none
     */
    ApiClient(URI api, @Nullable String token) {
        this.api = api;
        this.token = token;
        this.connection = new HttpConnection(api);
    }

    URI address() {
        return api;
    }

    /** Gets a resource as the bytes of its JSON. */
    byte[] get(String path) throws IOException {
        return call("GET", path, null);
    }

    <T> T get(String path, Class<T> type) throws IOException {
        return LeanJson.read(get(path), type);
    }

    /** Calls with a JSON body, or an empty one, and gives the bytes of the answer. */
    byte[] call(String method, String path, @Nullable Object body) throws IOException {
        HttpBody sent = body == null ? null : HttpBody.of(LeanJson.bytes(body));
        return all(exchange(method, path, "application/json", sent, ANSWER_TIMEOUT_MILLIS));
    }

    <T> T call(String method, String path, @Nullable Object body, Class<T> type) throws IOException {
        return LeanJson.read(call(method, path, body), type);
    }

    /** Sends content as it is. */
    byte[] upload(String method, String path, String mediaType, HttpBody body) throws IOException {
        return all(exchange(method, path, mediaType, body, UPLOAD_TIMEOUT_MILLIS));
    }

    /** Gets something whose body is read while it comes; the caller closes it before the next call. */
    HttpResponse open(String path) throws IOException {
        return exchange("GET", path, "", null, ANSWER_TIMEOUT_MILLIS);
    }

    /** Opens a stream of server-sent events. */
    SseStream stream(String path) throws IOException {
        HttpConnection own = new HttpConnection(api);
        try {
            Map<String, String> headers = headers();
            headers.put("Accept", "text/event-stream");
            HttpResponse response =
                    own.send(new HttpRequest("GET", Api.BASE + path, headers, null, STREAM_SILENCE_MILLIS));
            return new SseStream(checked(response, path));
        } catch (IOException | RuntimeException failed) {
            own.close();
            throw failed;
        }
    }

    /** Begins a session with an instance, over a connection of its own. Any thread. */
    RemoteSession session(String path, Object body) throws IOException {
        HttpConnection own = new HttpConnection(api);
        try {
            Map<String, String> headers = headers();
            headers.put("Content-Type", "application/json");
            headers.put("Connection", "Upgrade");
            headers.put("Upgrade", AccessApi.PROTOCOL);
            HttpBody sent = HttpBody.of(LeanJson.bytes(body));
            HttpResponse response =
                    own.send(new HttpRequest("POST", Api.BASE + path, headers, sent, ANSWER_TIMEOUT_MILLIS));
            if (response.status() == 101) {
                return new RemoteSession(own.takeOver(), api.toString(), path);
            }
            checked(response, path);
            throw new IOException("Holt at " + api + " opened no session, but answered with the status "
                    + response.status() + ". Is something between that does not pass upgrades on?");
        } catch (IOException | RuntimeException failed) {
            own.close();
            throw failed;
        }
    }

    @Override
    public void close() {
        connection.close();
    }

    private HttpResponse exchange(String method, String path, String mediaType, @Nullable HttpBody body, int timeout)
            throws IOException {
        Map<String, String> headers = headers();
        if (body != null) {
            headers.put("Content-Type", mediaType);
        }
        try {
            return checked(connection.send(new HttpRequest(method, Api.BASE + path, headers, body, timeout)), path);
        } catch (SocketTimeoutException late) {
            throw new IOException(
                    "Holt at " + api + " took the request, but gave no answer within " + timeout / 1000 + " seconds.",
                    late);
        }
    }

    private Map<String, String> headers() {
        Map<String, String> headers = new LinkedHashMap<>();
        headers.put("Accept", "application/json, application/problem+json, */*");
        headers.put("User-Agent", "holt");
        if (token != null) {
            headers.put("Authorization", "Bearer " + token);
        }
        return headers;
    }

    private HttpResponse checked(HttpResponse response, String path) throws IOException {
        if (response.isSuccess()) {
            return response;
        }
        throw ProblemText.read(response.status(), api.toString(), path, response.mediaType(), all(response));
    }

    private static byte[] all(HttpResponse response) throws IOException {
        try (response) {
            return response.body().readAllBytes();
        }
    }
}
