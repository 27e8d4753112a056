package holt.bus.server;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/** Plays a script to a server and tells what the server said to each client, a line a line. */
final class WirePlayer {
    private static final Pattern MEMBER = Pattern.compile("\"(\\w+)\":(\"[^\"]*\"|\\[[^\\]]*\\]|[^,}]*)");
    private static final Pattern NONCE = Pattern.compile("\"nonce\":\"([^\"]*)\"");
    /** Members of INFO that differ by server, connection or version; what counts is whether they are there. */
    private static final List<String> MASKED = List.of(
            "server_id",
            "server_name",
            "version",
            "go",
            "git_commit",
            "host",
            "port",
            "client_id",
            "client_ip",
            "nonce",
            "connect_urls",
            "cluster");

    private final Map<Character, WireClient> clients = new TreeMap<>();
    private final Map<Character, String> ends = new TreeMap<>();
    private final int port;
    private final int pieces;

    private WirePlayer(int port, int pieces) {
        this.port = port;
        this.pieces = pieces;
    }

    /**
     * Plays a script to a server that should answer so. On a busy machine a server may still count those who have left,
     * so one that answers otherwise has two more tries.
     */
    static List<String> play(WireScript script, int port, int pieces, @Nullable List<String> due) throws IOException {
        List<String> answers = play(script, port, pieces);
        for (int again = 0; again < 2 && due != null && !answers.equals(due); again++) {
            answers = play(script, port, pieces);
        }
        return answers;
    }

    /**
     * Plays a script.
     *
     * @param pieces in how many pieces each step is sent; 0 for each byte by itself
     */
    static List<String> play(WireScript script, int port, int pieces) throws IOException {
        WirePlayer player = new WirePlayer(port, pieces);
        try {
            for (WireScript.Step step : script.steps()) {
                player.carryOut(step);
            }
            player.catchUpAllBut('-');
            return player.transcript(script.unordered());
        } finally {
            for (WireClient client : player.clients.values()) {
                client.close();
            }
        }
    }

    private void carryOut(WireScript.Step step) throws IOException {
        catchUpAllBut(step.client());
        WireClient client = clients.get(step.client());
        if (client == null) {
            client = new WireClient(port);
            clients.put(step.client(), client);
            client.awaitGreeting();
        }
        switch (step.kind()) {
            case SEND -> send(client, WireScript.bytes(NkeySigner.fill(step.text(), nonce(client))));
            case CONNECT -> {}
            case QUIET -> client.awaitQuiet();
            case CLOSED -> client.awaitClosed();
            case LEAVE -> {
                client.catchUp();
                ends.put(step.client(), "left");
                client.close();
            }
        }
    }

    private void send(WireClient client, byte[] bytes) {
        int size = pieces == 0 ? 1 : Math.max(1, (bytes.length + pieces - 1) / pieces);
        client.send(bytes, size);
    }

    private static String nonce(WireClient client) {
        Matcher matcher = NONCE.matcher(client.text());
        return matcher.find() ? matcher.group(1) : "";
    }

    private void catchUpAllBut(char letter) {
        clients.forEach((name, client) -> {
            if (name != letter && client.ahead() && !ends.containsKey(name)) {
                client.catchUp();
            }
        });
        if (letter == '-') {
            // What the first said to the others is on its way when the first has caught up.
            clients.forEach((name, client) -> {
                if (clients.size() > 1 && !client.closed() && !ends.containsKey(name)) {
                    client.catchUp();
                }
            });
        }
    }

    private List<String> transcript(boolean unordered) {
        List<String> lines = new ArrayList<>();
        clients.forEach((name, client) -> {
            List<String> said = client.text().isEmpty()
                    ? new ArrayList<>()
                    : new ArrayList<>(List.of(client.text().split("(?<=\r\n)")));
            if (unordered) {
                said.sort(null);
            }
            said.forEach(line -> lines.add(name + " " + readable(line)));
            lines.add(name + " is " + ends.getOrDefault(name, client.closed() ? "closed" : "open"));
        });
        return lines;
    }

    private static String readable(String line) {
        String whole = line.startsWith("INFO {") ? info(line) : line;
        boolean ended = whole.endsWith("\r\n");
        StringBuilder text = new StringBuilder();
        for (byte b : (ended ? whole.substring(0, whole.length() - 2) : whole).getBytes(StandardCharsets.ISO_8859_1)) {
            text.append(b >= ' ' && b < 127 && b != '\\' ? Character.toString(b) : "\\x%02x".formatted(b & 0xff));
        }
        return ended ? text.toString() : text + " (no CRLF)";
    }

    /** INFO with its members sorted and the values masked that must differ. */
    private static String info(String line) {
        TreeSet<String> members = new TreeSet<>();
        MEMBER.matcher(line)
                .results()
                .forEach(member -> members.add(
                        member.group(1) + ":" + (MASKED.contains(member.group(1)) ? "..." : member.group(2))));
        return "INFO " + String.join(" ", members) + (line.endsWith("\r\n") ? "\r\n" : "");
    }
}
