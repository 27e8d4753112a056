package holt.cli;

import holt.model.Api;
import holt.model.MemorySize;
import holt.model.Resources;
import java.io.IOException;
import java.math.BigDecimal;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.stream.Collectors;
import picocli.CommandLine.Command;

/** {@code holt hosts}: the machines that run instances. */
@Command(header = "List the machines that run instances.", footerHeading = "%nExample:%n", footer = "  holt hosts")
final class HostsCommand extends Subcommand {
    HostsCommand(HoltCommand holt) {
        super(holt);
    }

    @Override
    int run(ApiClient api, Output output) throws IOException {
        byte[] answer = api.get("/hosts");
        if (output.isJson()) {
            output.json(answer);
            return ExitCode.OK;
        }
        List<Api.HostView> hosts = LeanJson.read(answer, Api.Hosts.class).hosts();
        if (hosts.isEmpty()) {
            output.say("No host has reported yet.");
            return ExitCode.OK;
        }
        Instant now = holt.context().clock().instant();
        Table table = new Table(
                "HOST", "STATE", "ZONE", "~TAGS", ">FREE MEMORY", ">FREE CPU", ">PROCESSES", "->HEARD", "-~RUNS BY");
        for (Api.HostView host : hosts) {
            table.row(
                    host.name(),
                    Table.Cell.state(host.drain() == null ? host.state() : "drained"),
                    orDash(host.zone()),
                    orDash(String.join(",", host.tags())),
                    memory(host),
                    cpu(host),
                    host.processes(),
                    Times.ago(host.heardAt(), now),
                    host.runtime().isEmpty() ? host.backend() : host.backend() + ", " + host.runtime());
        }
        output.table(table);
        hosts.forEach(host -> tell(host, output));
        hosts.forEach(host -> host.warnings().forEach(warning -> output.warn(host.name() + ": " + warning)));
        return ExitCode.OK;
    }

    private static void tell(Api.HostView host, Output output) {
        Map<String, String> runtimes = host.runtimes();
        if (runtimes != null && !runtimes.isEmpty()) {
            output.say(host.name() + " has "
                    + runtimes.entrySet().stream()
                            .map(each -> (each.getKey() + " " + each.getValue()).strip())
                            .collect(Collectors.joining(", ")));
        }
        Api.DrainView drain = host.drain();
        if (drain != null) {
            output.say(host.name() + " is drained: " + HostCommand.processes(drain.left()) + " left, "
                    + drain.stuck().size() + " of them stuck; 'holt host drain " + host.name() + "' tells more");
        }
    }

    private static String memory(Api.HostView host) {
        return orDash(
                MemorySize.format(host.free().memoryBytes()),
                MemorySize.format(host.capacity().memoryBytes()),
                host.capacity().memoryBytes() > 0);
    }

    /** In cores; an agent that does not say counts as one with no end of them. */
    private static String cpu(Api.HostView host) {
        long most = host.capacity().cpuMillis();
        return orDash(cores(host.free().cpuMillis()), cores(most), most > 0 && most < Resources.MAX_CPU_MILLIS);
    }

    private static String cores(long millis) {
        return BigDecimal.valueOf(millis, 3).stripTrailingZeros().toPlainString();
    }

    private static String orDash(String free, String most, boolean known) {
        return known ? free + " of " + most : "-";
    }

    private static String orDash(String text) {
        return text.isEmpty() ? "-" : text;
    }
}
