package holt.bus.server;

import java.io.IOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.stream.Stream;

/** Debian's nats-server in a process of its own, on a free port of loopback. */
final class NatsReference implements AutoCloseable {
    private final Process process;
    private final int port;

    private NatsReference(Process process, int port) {
        this.process = process;
        this.port = port;
    }

    static boolean installed() {
        return binaries().findAny().isPresent();
    }

    private static Stream<Path> binaries() {
        return Stream.of("/usr/sbin/nats-server", "/usr/bin/nats-server", "/usr/local/bin/nats-server")
                .map(Path::of)
                .filter(Files::isExecutable);
    }

    static NatsReference start(Path folder, String settings) throws IOException {
        Path file = Files.writeString(Files.createTempFile(folder, "nats", ".conf"), settings);
        int port = freePort();
        List<String> command = List.of(
                binaries().findFirst().orElseThrow().toString(),
                "-a",
                "127.0.0.1",
                "-p",
                Integer.toString(port),
                "-c",
                file.toString());
        Path log = Files.createTempFile(folder, "nats", ".log");
        Process process = new ProcessBuilder(command)
                .redirectErrorStream(true)
                .redirectOutput(log.toFile())
                .start();
        while (!listens(port)) {
            if (!process.isAlive()) {
                throw new IOException("nats-server ended at once:\n" + Files.readString(log));
            }
            Thread.onSpinWait();
        }
        return new NatsReference(process, port);
    }

    int port() {
        return port;
    }

    private static boolean listens(int port) {
        try (Socket socket = new Socket(InetAddress.getLoopbackAddress(), port)) {
            return socket.getInputStream().read() == 'I';
        } catch (IOException notYet) {
            return false;
        }
    }

    private static int freePort() throws IOException {
        try (ServerSocket socket = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
            return socket.getLocalPort();
        }
    }

    @Override
    public void close() {
        process.destroy();
        try {
            process.waitFor();
        } catch (InterruptedException interrupted) {
            throw new IllegalStateException(interrupted);
        }
    }
}
