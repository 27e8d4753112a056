package holt.bus.remote;

import java.io.IOException;
import java.io.InputStream;
import java.net.URI;
import java.net.URLEncoder;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/** The monitoring pages of a server, fetched from its HTTP port; bounded in time and size. Any thread. */
final class MonitorPages {
    private static final Duration LIMIT = Duration.ofSeconds(5);
    private static final int MAX_BYTES = 16 << 20;
    private static final int OK = 200;

    /** Pages, each with the parameters it takes. */
    private static final Map<String, List<String>> PAGES = new TreeMap<>(Map.of(
            "varz", List.of(),
            "connz", List.of("auth", "cid", "limit", "offset", "sort", "state", "subs"),
            "subsz", List.of("limit", "offset", "subs", "test"),
            "healthz", List.of()));

    private final @Nullable URI base;

    /** @param base such as {@code http://bus1:8222}; null where the pages cannot be seen */
    MonitorPages(@Nullable URI base) {
        this.base = base;
    }

    byte[] page(String page, Map<String, String> query) throws IOException {
        check(page, query);
        if (base == null) {
            throw new IOException("Where the bus server's monitoring pages are is not known:"
                    + " set bus.monitor to their address, such as http://bus1:8222.");
        }
        return fetch(address(base, page, query));
    }

    private static void check(String page, Map<String, String> query) {
        List<String> parameters = PAGES.get(page);
        if (parameters == null) {
            throw new IllegalArgumentException("Expected one of the pages " + PAGES.keySet() + ", found: " + page);
        }
        if (!parameters.containsAll(query.keySet())) {
            throw new IllegalArgumentException(
                    "Expected parameters of " + page + " out of " + parameters + ", found: " + query.keySet());
        }
    }

    private static URI address(URI base, String page, Map<String, String> query) {
        String root = base.toString().replaceAll("/+$", "");
        String parameters = new TreeMap<>(query)
                .entrySet().stream()
                        .map(each -> each.getKey() + "=" + URLEncoder.encode(each.getValue(), StandardCharsets.UTF_8))
                        .collect(Collectors.joining("&"));
        return URI.create(root + "/" + page + (parameters.isEmpty() ? "" : "?" + parameters));
    }

    private static byte[] fetch(URI address) throws IOException {
        HttpRequest request = HttpRequest.newBuilder(address).timeout(LIMIT).build();
        try (HttpClient client = HttpClient.newBuilder()
                .version(HttpClient.Version.HTTP_1_1)
                .connectTimeout(LIMIT)
                .build()) {
            HttpResponse<InputStream> answer = client.send(request, HttpResponse.BodyHandlers.ofInputStream());
            try (InputStream body = answer.body()) {
                return read(address, answer.statusCode(), body);
            }
        } catch (IOException fault) {
            throw new IOException("The bus server's page " + address + " cannot be had: " + fault, fault);
        } catch (InterruptedException interrupted) {
            Thread.currentThread().interrupt();
            throw new IOException("Interrupted while reading " + address, interrupted);
        }
    }

    private static byte[] read(URI address, int status, InputStream body) throws IOException {
        byte[] bytes = body.readNBytes(MAX_BYTES + 1);
        if (status != OK || bytes.length > MAX_BYTES) {
            throw new IOException("Expected status 200 and at most " + MAX_BYTES + " bytes, found status " + status
                    + " and " + bytes.length + " bytes at " + address);
        }
        return bytes;
    }
}
