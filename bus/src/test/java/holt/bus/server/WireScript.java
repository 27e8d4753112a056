package holt.bus.server;

import static java.nio.charset.StandardCharsets.UTF_8;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;

/**
 * What clients do, as the files in {@code wire/} tell it. A script begins with {@code == name}; then one step a line,
 * each beginning with the client's letter, which connects at its first step:
 *
 * <pre>
 * A> SUB foo 1\r\n    sends; escapes are \r \n \t \\ \xHH, \{text*count} to repeat, ${nkey} and ${sig}
 * A connect           connects, says nothing
 * A quiet             waits until the server has nothing to say for a while, where a PING would change what happens
 * A closed            waits until the server closes the connection
 * A leave             closes the connection
 * </pre>
 *
 * Before another client's step, and at the end, a client that sent something sends PING and waits for the PONG, so that
 * the order of steps is the order in which the server sees them. Lines that begin with {@code #} are comments.
 *
 * @param unordered whether the server may say things in any order: its lines are compared sorted
 */
record WireScript(String name, boolean unordered, List<Step> steps) {
    private static final String UNORDERED = " (in any order)";

    /** What one client does. */
    record Step(char client, Kind kind, String text) {}

    /** Kinds of steps. */
    enum Kind {
        SEND,
        CONNECT,
        QUIET,
        CLOSED,
        LEAVE
    }

    static List<WireScript> read(Path file) throws IOException {
        List<WireScript> scripts = new ArrayList<>();
        for (String line : Files.readAllLines(file, UTF_8)) {
            if (line.startsWith("== ")) {
                boolean unordered = line.endsWith(UNORDERED);
                String name = unordered ? line.substring(3, line.length() - UNORDERED.length()) : line.substring(3);
                scripts.add(new WireScript(name, unordered, new ArrayList<>()));
            } else if (!line.isBlank() && !line.startsWith("#")) {
                scripts.getLast().steps.add(step(line));
            }
        }
        return scripts;
    }

    private static Step step(String line) {
        char client = line.charAt(0);
        String rest = line.substring(1);
        return switch (rest) {
            case " connect" -> new Step(client, Kind.CONNECT, "");
            case " quiet" -> new Step(client, Kind.QUIET, "");
            case " closed" -> new Step(client, Kind.CLOSED, "");
            case " leave" -> new Step(client, Kind.LEAVE, "");
            default -> {
                if (!rest.startsWith("> ")) {
                    throw new IllegalArgumentException("Expected a step, found '" + line + "'");
                }
                yield new Step(client, Kind.SEND, rest.substring(2));
            }
        };
    }

    /** The bytes of a step's text. */
    static byte[] bytes(String text) {
        ByteArrayOutputStream bytes = new ByteArrayOutputStream();
        int at = 0;
        while (at < text.length()) {
            if (text.charAt(at) == '\\') {
                at = escape(text, at + 1, bytes);
            } else {
                int end = text.offsetByCodePoints(at, 1);
                bytes.writeBytes(text.substring(at, end).getBytes(UTF_8));
                at = end;
            }
        }
        return bytes.toByteArray();
    }

    /** Returns where the text goes on. */
    private static int escape(String text, int at, ByteArrayOutputStream bytes) {
        switch (text.charAt(at)) {
            case 'r' -> bytes.write('\r');
            case 'n' -> bytes.write('\n');
            case 't' -> bytes.write('\t');
            case '\\' -> bytes.write('\\');
            case 'x' -> {
                bytes.write(Integer.parseInt(text.substring(at + 1, at + 3), 16));
                return at + 3;
            }
            case '{' -> {
                int end = text.indexOf('}', at);
                int star = text.lastIndexOf('*', end);
                byte[] unit = bytes(text.substring(at + 1, star));
                for (int i = Integer.parseInt(text.substring(star + 1, end)); i > 0; i--) {
                    bytes.writeBytes(unit);
                }
                return end + 1;
            }
            default -> throw new IllegalArgumentException("Expected an escape, found \\" + text.charAt(at));
        }
        return at + 1;
    }
}
