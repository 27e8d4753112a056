import com.sun.net.httpserver.HttpExchange;
import com.sun.net.httpserver.HttpServer;
import java.io.IOException;
import java.net.InetSocketAddress;
import java.nio.charset.StandardCharsets;
import java.util.concurrent.Executors;
import java.util.concurrent.atomic.AtomicLong;

/** Says hello, and which of its instances does. One file, run as it is: any machine with Holt has a JDK. */
public class Hello {
    private static final long STARTED_NANOS = System.nanoTime();
    private static final AtomicLong SERVED = new AtomicLong();

    public static void main(String[] arguments) throws IOException {
        System.setProperty("sun.net.httpserver.nodelay", "true");
        int port = Integer.parseInt(variable("PORT", "8080"));
        HttpServer server = HttpServer.create(new InetSocketAddress(variable("HOST", "0.0.0.0"), port), 1024);
        server.createContext("/", Hello::answer);
        server.setExecutor(Executors.newVirtualThreadPerTaskExecutor());
        Runtime.getRuntime().addShutdownHook(new Thread(() -> server.stop(1)));
        server.start();
        System.out.println("Hello listens at port " + port);
    }

    private static void answer(HttpExchange exchange) throws IOException {
        try (exchange) {
            switch (exchange.getRequestURI().getPath()) {
                case "/" -> send(exchange, 200, "text/html; charset=utf-8", filled(PAGE, SERVED.incrementAndGet()));
                case "/whoami" -> send(exchange, 200, "application/json", filled(FACTS, SERVED.incrementAndGet()));
                default -> send(exchange, 404, "text/plain; charset=utf-8", "There is only / and /whoami here.\n");
            }
        }
    }

    private static void send(HttpExchange exchange, int status, String type, String text) throws IOException {
        byte[] body = text.getBytes(StandardCharsets.UTF_8);
        exchange.getResponseHeaders().set("Content-Type", type);
        exchange.getResponseHeaders().set("Cache-Control", "no-store");
        boolean head = exchange.getRequestMethod().equals("HEAD");
        exchange.sendResponseHeaders(status, head ? -1 : body.length);
        if (!head) {
            exchange.getResponseBody().write(body);
        }
    }

    private static String filled(String template, long served) {
        return template.replace("{app}", variable("HOLT_APP", "hello"))
                .replace("{index}", variable("HOLT_INDEX", "0"))
                .replace("{pid}", variable("HOLT_PID", "0"))
                .replace("{host}", variable("HOLT_HOST", "localhost"))
                .replace("{uptime}", Long.toString((System.nanoTime() - STARTED_NANOS) / 1_000_000_000))
                .replace("{served}", Long.toString(served));
    }

    /** A variable, without what could be taken for markup. */
    private static String variable(String name, String otherwise) {
        String value = System.getenv(name);
        return value == null || value.isEmpty() ? otherwise : value.replaceAll("[^A-Za-z0-9._:-]", "?");
    }

    private static final String FACTS =
            """
            {"app":"{app}","index":{index},"pid":{pid},"host":"{host}","uptimeSeconds":{uptime},"served":{served}}
            """;

    private static final String PAGE =
            """
            <!doctype html>
            <html lang="en">
            <meta charset="utf-8">
            <meta name="viewport" content="width=device-width, initial-scale=1">
            <title>{app} runs on Holt</title>
            <style>
              :root { color-scheme: light dark; --ink: #1d2b26; --paper: #f3f5f0; --card: #fff; --line: #dfe5da;
                      --moss: #3f7d5b; --quiet: #66756c }
              @media (prefers-color-scheme: dark) {
                :root { --ink: #e6ede7; --paper: #121815; --card: #1b2420; --line: #2c3832; --moss: #7cc49b;
                        --quiet: #93a39a }
              }
              * { box-sizing: border-box }
              body { margin: 0; min-height: 100vh; display: grid; place-items: center; padding: 1.5rem;
                     font: 16px/1.5 system-ui, sans-serif; color: var(--ink); background: var(--paper) }
              main { width: min(34rem, 100%); background: var(--card); border: 1px solid var(--line);
                     border-top: 6px solid var(--moss); border-radius: 14px; padding: 2.2rem 2.4rem;
                     box-shadow: 0 18px 50px -28px rgb(0 0 0 / .45) }
              h1 { margin: 0; font-size: 2.1rem; line-height: 1.15; letter-spacing: -.02em; overflow-wrap: anywhere }
              p { margin: .5rem 0 1.6rem; color: var(--quiet) }
              dl { margin: 0; display: grid; grid-template-columns: repeat(auto-fit, minmax(8rem, 1fr)); gap: .8rem }
              dl div { border: 1px solid var(--line); border-radius: 10px; padding: .7rem .9rem }
              dt { font-size: .75rem; color: var(--quiet) }
              dd { margin: 0; font-size: 1.25rem; font-weight: 600; font-variant-numeric: tabular-nums;
                   overflow-wrap: anywhere }
              footer { margin-top: 1.6rem; font-size: .9rem; color: var(--quiet) }
              a { color: var(--moss) }
            </style>
            <main>
              <h1>Hello from {app}</h1>
              <p>Instance {index} answered. Reload, and another one may.</p>
              <dl>
                <div><dt>Instance</dt><dd>{index}</dd></div>
                <div><dt>Process</dt><dd>{pid}</dd></div>
                <div><dt>Host</dt><dd>{host}</dd></div>
                <div><dt>Up for</dt><dd>{uptime} s</dd></div>
                <div><dt>Requests served</dt><dd>{served}</dd></div>
              </dl>
              <footer>The same for programs: <a href="/whoami">/whoami</a></footer>
            </main>
            </html>
            """;
}
