package holt.agent;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/** Explains why a program cannot be connected to, from what it listens on. Stateless; any thread. */
final class ListeningPorts {
    private static final String LISTEN = "0A";
    private static final int MAX_LINES = 10_000;
    private static final String LOOPBACK_4 = "0100007F";
    private static final String LOOPBACK_6 = "00000000000000000000000001000000";

    /** A socket that accepts connections. */
    record Socket(boolean loopback, int port) {}

    private ListeningPorts() {}

    /** What a process's network namespace listens on. */
    static List<Socket> of(int pid) throws IOException {
        List<Socket> sockets = new ArrayList<>();
        for (String table : List.of("tcp", "tcp6")) {
            Path file = Path.of("/proc", Integer.toString(pid), "net", table);
            try (var lines = Files.lines(file)) {
                lines.skip(1).limit(MAX_LINES).forEach(line -> parse(line).ifPresent(sockets::add));
            } catch (NoSuchFileException none) {
                continue;
            }
        }
        return sockets;
    }

    /** One line of {@code /proc/net/tcp}. */
    static Optional<Socket> parse(String line) {
        String[] words = line.strip().split("\\s+");
        if (words.length < 4 || !words[3].equals(LISTEN)) {
            return Optional.empty();
        }
        String[] local = words[1].split(":");
        boolean loopback = local[0].equals(LOOPBACK_4) || local[0].equals(LOOPBACK_6);
        return Optional.of(new Socket(loopback, Integer.parseInt(local[1], 16)));
    }

    /** A clause for people. */
    static String explain(List<Socket> sockets, int port) {
        if (sockets.isEmpty()) {
            return "it listens on no port; it has to listen on the one in the variable PORT";
        }
        boolean onlyLoopback = sockets.stream().anyMatch(socket -> socket.port() == port)
                && sockets.stream().filter(socket -> socket.port() == port).allMatch(Socket::loopback);
        if (onlyLoopback) {
            return "it listens on 127.0.0.1 only; it has to listen on the address in the variable HOST, 0.0.0.0";
        }
        String ports = String.join(
                ", ",
                sockets.stream()
                        .map(socket -> Integer.toString(socket.port()))
                        .distinct()
                        .limit(5)
                        .toList());
        return "it listens on port " + ports + "; it has to listen on the one in the variable PORT";
    }
}
