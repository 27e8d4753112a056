package holt.bus.remote;

import static org.awaitility.Awaitility.await;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import org.jspecify.annotations.Nullable;

/** A real nats-server for one test, on a port of its own that it keeps when it is killed and started again. */
final class NatsServerProcess implements AutoCloseable {
    private static final Duration PATIENCE = Duration.ofSeconds(30);

    private final Path folder;
    private final int port;
    private @Nullable Process process;

    private NatsServerProcess(Path folder, int port) {
        this.folder = folder;
        this.port = port;
    }

    /**
     * Starts a server and waits until it takes connections.
     *
     * @param folder for its files
     * @param settings lines of its configuration besides address and port
     */
    static NatsServerProcess start(Path folder, String... settings) throws IOException {
        NatsServerProcess server = new NatsServerProcess(folder, freePort());
        server.configure(settings);
        server.startAgain();
        return server;
    }

    /** What it reads at its next start. */
    void configure(String... settings) throws IOException {
        Files.writeString(
                folder.resolve("nats.conf"),
                "listen: \"127.0.0.1:" + port + "\"\nlog_file: \"" + folder.resolve("nats.log") + "\"\n"
                        + String.join("\n", settings) + "\n");
    }

    void startAgain() throws IOException {
        Process started = new ProcessBuilder(
                        "nats-server", "-c", folder.resolve("nats.conf").toString())
                .redirectErrorStream(true)
                .redirectOutput(folder.resolve("nats.out").toFile())
                .start();
        process = started;
        await().atMost(PATIENCE).until(() -> {
            if (!started.isAlive()) {
                throw new IllegalStateException(
                        "nats-server ended: " + Files.readString(folder.resolve("nats.out")) + log());
            }
            return accepts();
        });
    }

    String log() throws IOException {
        Path log = folder.resolve("nats.log");
        return Files.exists(log) ? Files.readString(log) : "";
    }

    int port() {
        return port;
    }

    String url() {
        return "nats://127.0.0.1:" + port;
    }

    /** Ends it without a word, as {@code kill -9}. */
    void kill() {
        Process running = process;
        if (running != null) {
            running.destroyForcibly().onExit().join();
        }
    }

    @Override
    public void close() {
        kill();
    }

    static int freePort() {
        try (ServerSocket socket = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
            return socket.getLocalPort();
        } catch (IOException fault) {
            throw new UncheckedIOException(fault);
        }
    }

    private boolean accepts() {
        try (Socket socket = new Socket(InetAddress.getLoopbackAddress(), port)) {
            // It says INFO once it serves.
            return socket.getInputStream().read() == 'I';
        } catch (IOException notYet) {
            return false;
        }
    }
}
