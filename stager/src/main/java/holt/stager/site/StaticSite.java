package holt.stager.site;

import com.sun.net.httpserver.Headers;
import com.sun.net.httpserver.HttpExchange;
import com.sun.net.httpserver.HttpServer;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.net.InetSocketAddress;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.Optional;
import java.util.concurrent.Executors;

/**
 * A web server for the files of a folder: index pages, versions (ETag), ranges, the site's own {@code 404.html}; no
 * listings, and nothing whose name begins with a dot. Each request has a virtual thread.
 *
 * <p>{@code StaticSite [folder]} listens at {@code HOST} and {@code PORT} of the environment.
 */
public final class StaticSite implements AutoCloseable {
    private static final int BACKLOG = 1024;
    private static final int CHUNK_BYTES = 8192;
    private static final int PATIENCE_SECONDS = 2;

    private final HttpServer server;
    private final SiteFiles files;

    private StaticSite(HttpServer server, SiteFiles files) {
        this.server = server;
        this.files = files;
    }

    public static void main(String[] arguments) throws IOException {
        System.setProperty("sun.net.httpserver.nodelay", "true");
        String host = System.getenv().getOrDefault("HOST", "0.0.0.0");
        int port = Integer.parseInt(System.getenv().getOrDefault("PORT", "8080"));
        Path folder = Path.of(arguments.length == 0 ? "." : arguments[0]);
        StaticSite site = start(folder, new InetSocketAddress(host, port));
        Runtime.getRuntime().addShutdownHook(new Thread(site::close, "end"));
        System.out.println("Serving " + folder.toRealPath() + " at port " + site.port());
    }

    /** Begins to serve a folder. */
    public static StaticSite start(Path folder, InetSocketAddress address) throws IOException {
        HttpServer server = HttpServer.create(address, BACKLOG);
        StaticSite site = new StaticSite(server, new SiteFiles(folder));
        server.createContext("/", site::handle);
        server.setExecutor(Executors.newVirtualThreadPerTaskExecutor());
        server.start();
        return site;
    }

    /** The port it listens at. */
    public int port() {
        return server.getAddress().getPort();
    }

    /** Takes no more requests and lets those that run finish, for two seconds at most. */
    @Override
    public void close() {
        server.stop(PATIENCE_SECONDS);
    }

    private void handle(HttpExchange exchange) throws IOException {
        try (exchange) {
            exchange.getResponseHeaders().set("X-Content-Type-Options", "nosniff");
            if (isHead(exchange) || exchange.getRequestMethod().equals("GET")) {
                answer(exchange);
            } else {
                exchange.getResponseHeaders().set("Allow", "GET, HEAD");
                text(exchange, 405, "This is a static site: only GET and HEAD are answered.\n");
            }
        }
    }

    private void answer(HttpExchange exchange) throws IOException {
        String path = Optional.ofNullable(exchange.getRequestURI().getPath()).orElse("/");
        Optional<SiteFiles.Found> found = files.find(path);
        if (found.isEmpty()) {
            notFound(exchange);
            return;
        }
        switch (found.get()) {
            case SiteFiles.Found.File file -> file(exchange, file);
            case SiteFiles.Found.Folder folder -> redirect(exchange);
        }
    }

    private static void file(HttpExchange exchange, SiteFiles.Found.File file) throws IOException {
        Headers headers = describe(exchange, file);
        headers.set("ETag", file.tag());
        headers.set("Accept-Ranges", "bytes");
        if (isKnown(exchange, file.tag())) {
            exchange.sendResponseHeaders(304, -1);
            return;
        }
        Optional<ByteRange> range = range(exchange, file);
        if (range.isEmpty()) {
            send(exchange, 200, file.path(), new ByteRange(0, file.size()));
            return;
        }
        headers.set("Content-Range", range.get().contentRange(file.size()));
        if (range.get().isSatisfiable()) {
            send(exchange, 206, file.path(), range.get());
        } else {
            exchange.sendResponseHeaders(416, -1);
        }
    }

    private void notFound(HttpExchange exchange) throws IOException {
        Optional<SiteFiles.Found> page = files.find("/404.html");
        if (page.isPresent() && page.get() instanceof SiteFiles.Found.File file) {
            describe(exchange, file);
            send(exchange, 404, file.path(), new ByteRange(0, file.size()));
        } else {
            text(exchange, 404, "There is no such page.\n");
        }
    }

    /** One slash in front only: two would lead to another host. */
    private static void redirect(HttpExchange exchange) throws IOException {
        URI asked = exchange.getRequestURI();
        String query = asked.getRawQuery() == null ? "" : "?" + asked.getRawQuery();
        String path = asked.getRawPath().replaceFirst("^/+", "/");
        exchange.getResponseHeaders().set("Location", path + "/" + query);
        exchange.sendResponseHeaders(301, -1);
    }

    private static Headers describe(HttpExchange exchange, SiteFiles.Found.File file) {
        Headers headers = exchange.getResponseHeaders();
        headers.set("Content-Type", MediaTypes.of(String.valueOf(file.path().getFileName())));
        headers.set("Cache-Control", "no-cache");
        return headers;
    }

    private static boolean isKnown(HttpExchange exchange, String tag) {
        String known = exchange.getRequestHeaders().getFirst("If-None-Match");
        return known != null
                && Arrays.stream(known.split(",", -1))
                        .map(String::strip)
                        .anyMatch(each -> each.equals("*") || plain(each).equals(plain(tag)));
    }

    private static String plain(String tag) {
        return tag.startsWith("W/") ? tag.substring(2) : tag;
    }

    private static Optional<ByteRange> range(HttpExchange exchange, SiteFiles.Found.File file) {
        String wanted = exchange.getRequestHeaders().getFirst("Range");
        String onlyOf = exchange.getRequestHeaders().getFirst("If-Range");
        boolean otherVersion = onlyOf != null && (onlyOf.startsWith("W/") || !onlyOf.equals(file.tag()));
        return wanted == null || otherVersion ? Optional.empty() : ByteRange.of(wanted, file.size());
    }

    private static void send(HttpExchange exchange, int status, Path file, ByteRange part) throws IOException {
        if (isHead(exchange) || part.length() == 0) {
            exchange.getResponseHeaders().set("Content-Length", Long.toString(part.length()));
            exchange.sendResponseHeaders(status, -1);
            return;
        }
        exchange.sendResponseHeaders(status, part.length());
        try (InputStream content = Files.newInputStream(file);
                OutputStream body = exchange.getResponseBody()) {
            content.skipNBytes(part.first());
            copy(content, body, part.length());
        }
    }

    private static void copy(InputStream content, OutputStream body, long length) throws IOException {
        byte[] chunk = new byte[(int) Math.min(CHUNK_BYTES, length)];
        long left = length;
        while (left > 0) {
            int count = content.read(chunk, 0, (int) Math.min(chunk.length, left));
            if (count < 0) {
                throw new IOException("The file became shorter while it was sent");
            }
            body.write(chunk, 0, count);
            left -= count;
        }
    }

    private static void text(HttpExchange exchange, int status, String sentence) throws IOException {
        byte[] body = sentence.getBytes(StandardCharsets.UTF_8);
        exchange.getResponseHeaders().set("Content-Type", "text/plain; charset=utf-8");
        if (isHead(exchange)) {
            exchange.getResponseHeaders().set("Content-Length", Integer.toString(body.length));
            exchange.sendResponseHeaders(status, -1);
            return;
        }
        exchange.sendResponseHeaders(status, body.length);
        exchange.getResponseBody().write(body);
    }

    private static boolean isHead(HttpExchange exchange) {
        return exchange.getRequestMethod().equals("HEAD");
    }
}
