import java.io.BufferedInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.net.InetSocketAddress;
import java.net.Socket;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Comparator;
import java.util.List;
import java.util.Locale;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Stream;

/** What the benchmarks share: a platform of their own, requests through its router, and the lines that tell figures. */
final class Bench implements AutoCloseable {
    static final Path ROOT = Path.of(System.getProperty("holt.root"));

    private final Path home = createHome();
    private int httpPort;

    static boolean quick(String[] arguments) {
        return Arrays.asList(arguments).contains("--quick");
    }

    /** Starts the platform. */
    Bench up() {
        holt("up", "--api-port", "0", "--http-port", "0");
        httpPort = (int) number("httpPort");
        return this;
    }

    Path home() {
        return home;
    }

    int httpPort() {
        return httpPort;
    }

    long serverPid() {
        return number("pid");
    }

    /** Runs {@code ./holt}, which has to succeed. */
    String holt(String... arguments) {
        List<String> command = new ArrayList<>(List.of(ROOT.resolve("holt").toString()));
        command.addAll(List.of(arguments));
        return run(command);
    }

    String run(List<String> command) {
        try {
            ProcessBuilder builder = new ProcessBuilder(command).redirectErrorStream(true);
            builder.environment().put("HOLT_HOME", home.toString());
            Process process = builder.start();
            String out = new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
            if (process.waitFor() != 0) {
                throw new IllegalStateException("Expected " + command + " to succeed, found:\n" + out);
            }
            return out;
        } catch (IOException fault) {
            throw new UncheckedIOException(fault);
        } catch (InterruptedException interrupted) {
            throw new IllegalStateException(interrupted);
        }
    }

    /** The status of one request to {@code app.localhost} on a connection of its own; 0 when there was no answer. */
    int status(String app) {
        try (Socket socket = connect()) {
            return exchange(socket, new BufferedInputStream(socket.getInputStream()), app);
        } catch (IOException fault) {
            return 0;
        }
    }

    Socket connect() throws IOException {
        Socket socket = new Socket();
        socket.connect(new InetSocketAddress("127.0.0.1", httpPort), 2000);
        socket.setTcpNoDelay(true);
        socket.setSoTimeout(10_000);
        return socket;
    }

    /** One request on a connection that stays open; reads an answer with a Content-Length or in chunks. */
    static int exchange(Socket socket, InputStream in, String app) throws IOException {
        socket.getOutputStream()
                .write(("GET / HTTP/1.1\r\nHost: " + app + ".localhost\r\n\r\n").getBytes(StandardCharsets.US_ASCII));
        String statusLine = line(in);
        int length = -1;
        boolean chunked = false;
        for (String header = line(in); !header.isEmpty(); header = line(in)) {
            String lower = header.toLowerCase(Locale.ROOT);
            if (lower.startsWith("content-length:")) {
                length = Integer.parseInt(lower.substring(15).strip());
            }
            chunked |= lower.startsWith("transfer-encoding:") && lower.contains("chunked");
        }
        if (chunked) {
            for (int size = Integer.parseInt(line(in), 16); size > 0; size = Integer.parseInt(line(in), 16)) {
                in.skipNBytes(size + 2L);
            }
            line(in);
        } else if (length > 0) {
            in.skipNBytes(length);
        } else if (length < 0) {
            throw new IOException("an answer without a length: " + statusLine);
        }
        return Integer.parseInt(statusLine.substring(9, 12));
    }

    private static String line(InputStream in) throws IOException {
        StringBuilder line = new StringBuilder();
        for (int c = in.read(); c != '\n'; c = in.read()) {
            if (c < 0) {
                throw new IOException("the connection ended");
            }
            if (c != '\r') {
                line.append((char) c);
            }
        }
        return line.toString();
    }

    /** Waits, spinning gently, until the app answers 200, for a minute at most. */
    void awaitAnswer(String app) {
        long limit = System.nanoTime() + 60_000_000_000L;
        while (status(app) != 200) {
            if (System.nanoTime() > limit) {
                throw new IllegalStateException("Expected an answer of " + app + " within a minute, found none");
            }
            Thread.onSpinWait();
        }
    }

    static double percentile(List<Double> values, double share) {
        List<Double> sorted = values.stream().sorted().toList();
        return sorted.get((int) Math.ceil(share * sorted.size()) - 1);
    }

    /** Prints a figure that has to be at most its bar. */
    static void figure(String name, double value, String unit, double atMost) {
        System.out.printf(
                Locale.ROOT,
                "figure %s %.3g %s bar <= %s %s%n",
                name,
                value,
                unit,
                atMost == Math.rint(atMost) ? Long.toString((long) atMost) : Double.toString(atMost),
                value <= atMost ? "ok" : "short");
    }

    /** Prints a figure that has to be at least its bar. */
    static void figureAtLeast(String name, double value, String unit, long atLeast) {
        System.out.printf(
                Locale.ROOT,
                "figure %s %.0f %s bar >= %d %s%n",
                name,
                value,
                unit,
                atLeast,
                value >= atLeast ? "ok" : "short");
    }

    @Override
    public void close() {
        holt("down");
        try (Stream<Path> paths = Files.walk(home)) {
            paths.sorted(Comparator.reverseOrder()).forEach(path -> path.toFile().delete());
        } catch (IOException fault) {
            throw new UncheckedIOException(fault);
        }
    }

    private long number(String member) {
        try {
            String json = Files.readString(home.resolve("run").resolve("server.json"));
            Matcher matcher = Pattern.compile("\"" + member + "\":(\\d+)").matcher(json);
            if (!matcher.find()) {
                throw new IllegalStateException("Expected " + member + " in " + json);
            }
            return Long.parseLong(matcher.group(1));
        } catch (IOException fault) {
            throw new UncheckedIOException(fault);
        }
    }

    private static Path createHome() {
        try {
            return Files.createTempDirectory("holt-bench");
        } catch (IOException fault) {
            throw new UncheckedIOException(fault);
        }
    }
}
