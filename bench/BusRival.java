import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;
import javax.tools.ToolProvider;

/** One bus server in a process of its own: Holt's or Debian's nats-server. Both have the same settings. */
final class BusRival implements AutoCloseable {
    /** How clients have to come. */
    enum Door {
        PLAIN,
        PERMISSIONS,
        TLS
    }

    private static final double TICKS_PER_SECOND = 100;

    private final Process process;
    private final int port;
    private final Door door;

    private BusRival(Process process, int port, Door door) {
        this.process = process;
        this.port = port;
        this.door = door;
    }

    /** Starts Holt's server with the options the platform's own JVM has. */
    static BusRival holt(Path folder, Door door) throws IOException {
        List<String> command = new ArrayList<>();
        command.add(Path.of(System.getProperty("java.home"), "bin", "java").toString());
        command.addAll(holt.server.JvmOptions.base());
        Path cache = Bench.ROOT.resolve(".holt-build/server.aot");
        if (Files.exists(cache)) {
            command.add("-XX:AOTCache=" + cache);
        }
        String libraries = Files.readString(Bench.ROOT.resolve(".holt-build/classpath")).strip();
        command.addAll(List.of("-cp", libraries + ":" + compiledPeer(folder, libraries), "BusPeer"));
        command.add(door.name().toLowerCase());
        if (door == Door.TLS) {
            command.addAll(List.of(folder.resolve("cert.pem").toString(), folder.resolve("key.pem").toString()));
        }
        Process process = new ProcessBuilder(command)
                .redirectError(folder.resolve("holt-" + door + ".log").toFile())
                .start();
        String line = new BufferedReader(new InputStreamReader(process.getInputStream())).readLine();
        if (line == null) {
            throw new IOException("Holt's bus did not start; its log is in " + folder);
        }
        return new BusRival(process, Integer.parseInt(line.strip()), door);
    }

    static BusRival nats(Path folder, Door door) throws IOException {
        int port = freePort();
        Path file = folder.resolve("nats-" + door + ".conf");
        Files.writeString(file, natsSettings(folder, door));
        Process process = new ProcessBuilder(
                        "nats-server", "-a", "127.0.0.1", "-p", Integer.toString(port), "-c", file.toString())
                .redirectErrorStream(true)
                .redirectOutput(folder.resolve("nats-" + door + ".log").toFile())
                .start();
        awaitListening(process, port);
        return new BusRival(process, port, door);
    }

    int port() {
        return port;
    }

    Door door() {
        return door;
    }

    /** Processor time the process took since it began, in seconds. */
    double cpuSeconds() {
        String stat = proc("stat");
        String[] fields = stat.substring(stat.lastIndexOf(')') + 2).split(" ");
        return (Long.parseLong(fields[11]) + Long.parseLong(fields[12])) / TICKS_PER_SECOND;
    }

    double residentMebibytes() {
        return number(proc("status"), "VmRSS:") / 1024.0;
    }

    /** Files it may have open. */
    long openFiles() {
        return number(proc("limits"), "Max open files");
    }

    /** Files this process, the generator, may have open. */
    static long ownOpenFiles() {
        try {
            return number(Files.readString(Path.of("/proc/self/limits")), "Max open files");
        } catch (IOException fault) {
            throw new UncheckedIOException(fault);
        }
    }

    @Override
    public void close() {
        try {
            process.getOutputStream().close();
            if (process.info().command().orElse("").endsWith("nats-server") || !process.waitFor(5, TimeUnit.SECONDS)) {
                process.destroy();
            }
            process.waitFor();
        } catch (IOException fault) {
            throw new UncheckedIOException(fault);
        } catch (InterruptedException interrupted) {
            throw new IllegalStateException(interrupted);
        }
    }

    /** A certificate for this run only. */
    static void createCertificate(Path folder) throws IOException, InterruptedException {
        Process process = new ProcessBuilder(("openssl req -x509 -newkey ec -pkeyopt ec_paramgen_curve:prime256v1 -nodes"
                                + " -days 2 -subj /CN=localhost -addext subjectAltName=DNS:localhost,IP:127.0.0.1"
                                + " -keyout key.pem -out cert.pem")
                        .split(" "))
                .directory(folder.toFile())
                .redirectErrorStream(true)
                .redirectOutput(folder.resolve("openssl.log").toFile())
                .start();
        if (process.waitFor() != 0) {
            throw new IOException("openssl made no certificate; its words are in " + folder.resolve("openssl.log"));
        }
    }

    private static String compiledPeer(Path folder, String libraries) throws IOException {
        Path classes = folder.resolve("classes");
        if (!Files.exists(classes)) {
            Files.createDirectory(classes);
            String source = Bench.ROOT.resolve("bench/BusPeer.java").toString();
            int status = ToolProvider.getSystemJavaCompiler()
                    .run(null, null, null, "-proc:none", "-cp", libraries, "-d", classes.toString(), source);
            if (status != 0) {
                throw new IOException("Expected " + source + " to compile");
            }
        }
        return classes.toString();
    }

    private static String natsSettings(Path folder, Door door) {
        return switch (door) {
            case PLAIN -> "";
            case PERMISSIONS ->
                """
                authorization { users = [ { user: bench, password: bench, permissions: {
                  publish: { allow: ["bench.>"], deny: ["bench.secret.>"] }
                  subscribe: { allow: ["bench.>"], deny: ["bench.secret.>"] } } } ] }
                """;
            case TLS -> "tls { cert_file: \"%s/cert.pem\", key_file: \"%s/key.pem\", timeout: 10 }\n".formatted(folder, folder);
        };
    }

    private static int freePort() throws IOException {
        try (ServerSocket socket = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
            return socket.getLocalPort();
        }
    }

    private static void awaitListening(Process process, int port) throws IOException {
        while (process.isAlive()) {
            try (Socket socket = new Socket()) {
                socket.connect(new InetSocketAddress("127.0.0.1", port));
                return;
            } catch (IOException notYet) {
                Thread.onSpinWait();
            }
        }
        throw new IOException("nats-server ended at once");
    }

    private String proc(String file) {
        try {
            return Files.readString(Path.of("/proc", Long.toString(process.pid()), file));
        } catch (IOException fault) {
            throw new UncheckedIOException(fault);
        }
    }

    private static long number(String text, String name) {
        return text.lines()
                .filter(line -> line.startsWith(name))
                .map(line -> line.substring(name.length()).strip().split("\\s+")[0])
                .mapToLong(value -> value.equals("unlimited") ? Long.MAX_VALUE : Long.parseLong(value))
                .findFirst()
                .orElseThrow();
    }
}
