package holt.cli;

import holt.model.MemorySize;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import org.jspecify.annotations.Nullable;

/** What {@code holt bus top} shows, as lines no wider than the screen. Pure. */
final class BusTopText {
    private static final String GAP = "   ";
    private static final String UNKNOWN = "-";

    private BusTopText() {}

    /** The server in a few lines. */
    static List<String> header(BusRates.Server server, int width) {
        List<String> lines = new ArrayList<>();
        pack(
                lines,
                width,
                Text.printable(server.name() + " " + server.version()).strip(),
                "up " + server.uptime(),
                String.format(Locale.ROOT, "cpu %.1f%%", server.cpu()),
                "memory " + bytes((double) server.memoryBytes()));
        pack(
                lines,
                width,
                "connections " + server.connections(),
                "subscriptions " + server.subscriptions(),
                "slow consumers " + server.slowConsumers());
        pack(
                lines,
                width,
                "in " + count(server.inMsgs()) + " msgs/s " + bytes(server.inBytes()) + "/s",
                "out " + count(server.outMsgs()) + " msgs/s " + bytes(server.outBytes()) + "/s");
        return lines;
    }

    /** Clients, and how many more there are. */
    static List<String> connections(BusRates rates, int rows, Terminal terminal) {
        Table table = new Table(
                ">CID",
                "~NAME",
                "-HOST",
                ">SUBS",
                "->PENDING",
                ">MSGS/S TO",
                ">FROM",
                "->BYTES/S TO",
                "->FROM",
                "-LANG",
                "-VERSION",
                "->UPTIME",
                "->IDLE");
        for (BusRates.Client client : rates.connections().stream().limit(rows).toList()) {
            Long idle = client.idleMillis();
            table.row(
                    client.cid(),
                    client.name().isEmpty() ? UNKNOWN : client.name(),
                    client.host().isEmpty() ? "inside" : client.host(),
                    client.subscriptions(),
                    bytes((double) client.pendingBytes()),
                    count(client.msgsTo()),
                    count(client.msgsFrom()),
                    bytes(client.bytesTo()),
                    bytes(client.bytesFrom()),
                    client.lang(),
                    client.version(),
                    client.uptime(),
                    idle == null ? UNKNOWN : Times.span(Duration.ofMillis(idle)));
        }
        return withRest(
                table, rates.total() - Math.min(rows, rates.connections().size()), "connection", terminal);
    }

    /** Subjects, and what the others come to. */
    static List<String> subjects(BusSubjects.Look look, int rows, Terminal terminal) {
        Table table = new Table("~SUBJECT", ">MSGS/S", ">BYTES/S", "->MSGS", "->BYTES", "->IDLE");
        look.subjects().stream().limit(rows).forEach(rate -> row(table, rate));
        BusSubjects.Rate others = look.others();
        if (others != null) {
            row(table, others);
        }
        List<String> lines = withRest(
                table, look.subjects().size() - Math.min(rows, look.subjects().size()), "subject", terminal);
        if (look.lost() > 0) {
            lines.add(Text.count(look.lost(), "message") + " came too fast to be counted.");
        }
        return lines;
    }

    private static void row(Table table, BusSubjects.Rate rate) {
        table.row(
                rate.subject(),
                count(rate.msgsPerSecond()),
                bytes(rate.bytesPerSecond()),
                count((double) rate.msgs()),
                bytes((double) rate.bytes()),
                Times.span(Duration.ofMillis(rate.idleMillis())));
    }

    private static List<String> withRest(Table table, long rest, String noun, Terminal terminal) {
        List<String> lines = new ArrayList<>(table.lines(terminal));
        if (rest > 0) {
            lines.add("and " + Text.count(rest, "more " + noun) + ".");
        }
        return lines;
    }

    private static void pack(List<String> lines, int width, String... parts) {
        StringBuilder line = new StringBuilder();
        for (String part : parts) {
            if (!line.isEmpty() && line.length() + GAP.length() + part.length() > width) {
                lines.add(line.toString());
                line.setLength(0);
            }
            line.append(line.isEmpty() ? "" : GAP).append(part);
        }
        lines.add(line.toString());
    }

    /** {@code 0}, {@code 4.8}, {@code 730}, {@code 1.2k}, {@code 3.4M}; a dash for what is not known. */
    static String count(@Nullable Double number) {
        return number == null ? UNKNOWN : scaled(number, 1000, "kMGT");
    }

    /** {@code 0B}, {@code 25B}, {@code 1.2K}, {@code 3.4M}; a dash for what is not known. */
    static String bytes(@Nullable Double number) {
        if (number == null) {
            return UNKNOWN;
        }
        return number < 1024 ? MemorySize.format(Math.round(number)) : scaled(number, 1024, "KMGT");
    }

    private static String scaled(double number, int step, String units) {
        double value = number;
        int unit = -1;
        while (value >= step - 0.5 && unit < units.length() - 1) {
            value /= step;
            unit++;
        }
        boolean fine = value < 9.95 && value != Math.rint(value);
        String digits =
                String.format(Locale.ROOT, fine ? "%.1f" : "%.0f", value).replaceFirst("\\.0$", "");
        return digits + (unit < 0 ? "" : units.charAt(unit));
    }
}
