package holt.cli;

import holt.model.MemorySize;
import java.io.IOException;
import java.util.List;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;

/** {@code holt bus info}. */
@Command(
        header = "Show where the bus is, and how a NATS client connects to it.",
        footerHeading = "%nExample:%n",
        footer = "  holt bus info --json | jq -r .url")
final class BusInfoCommand extends Subcommand {
    private static final List<String> EVERY_ADDRESS = List.of("", "0.0.0.0", "::", "[::]");

    BusInfoCommand(HoltCommand holt) {
        super(holt);
    }

    /**
     * What is shown.
     *
     * @param url where a NATS client connects; null where only parts of the platform's process can
     */
    record Info(
            String name,
            String version,
            String uptime,
            @Nullable String url,
            boolean authRequired,
            boolean tlsRequired,
            long maxPayload,
            long connections,
            long subscriptions) {

        /** @param host of the platform, where the bus listens on every address of its machine */
        static Info of(BusServer server, String host) {
            String at = EVERY_ADDRESS.contains(server.host()) ? host : server.host();
            boolean numbers = at.contains(":") && !at.startsWith("[");
            String scheme = server.tlsRequired() ? "tls" : "nats";
            String url = scheme + "://" + (numbers ? "[" + at + "]" : at) + ":" + server.port();
            return new Info(
                    server.name(),
                    server.version(),
                    server.uptime(),
                    server.port() == 0 ? null : url,
                    server.authRequired(),
                    server.tlsRequired(),
                    server.maxPayload(),
                    server.connections(),
                    server.subscriptions());
        }
    }

    @Override
    int run(ApiClient api, Output output) throws IOException {
        BusServer server = BusServer.read(api.get("/bus/monitor/varz"));
        Info info = Info.of(server, api.address().getHost());
        if (output.isJson()) {
            output.json(info);
            return ExitCode.OK;
        }
        line(output, "Server", Text.printable(info.name() + " " + info.version()) + ", up " + info.uptime());
        line(output, "Address", info.url() == null ? "inside the platform's process only" : info.url());
        if (info.url() != null) {
            line(
                    output,
                    "Login",
                    info.authRequired()
                            ? "the token in secret/bus.token of the platform's home, or a user of bus.users"
                            : "none needed");
            line(output, "TLS", info.tlsRequired() ? "required" : "no");
        }
        line(output, "Messages", "up to " + MemorySize.format(info.maxPayload()));
        line(
                output,
                "Now",
                Text.count(info.connections(), "connection") + ", " + Text.count(info.subscriptions(), "subscription"));
        return ExitCode.OK;
    }

    private static void line(Output output, String name, String value) {
        output.say(output.style(Style.DIM, String.format("%-9s", name)) + " " + value);
    }
}
