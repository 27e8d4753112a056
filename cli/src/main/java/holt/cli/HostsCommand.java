package holt.cli;

import holt.model.Api;
import holt.model.MemorySize;
import java.io.IOException;
import java.time.Instant;
import java.util.List;
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
        Table table = new Table("HOST", "STATE", "~RUNS BY", ">CORES", ">MEMORY", ">PROCESSES", "->HEARD");
        for (Api.HostView host : hosts) {
            String memory = MemorySize.format(host.reservedBytes()) + "/" + MemorySize.format(host.memoryBytes());
            table.row(
                    host.name(),
                    Table.Cell.state(host.state()),
                    host.runtime().isEmpty() ? host.backend() : host.backend() + ", " + host.runtime(),
                    host.cores(),
                    memory,
                    host.processes(),
                    Times.ago(host.heardAt(), now));
        }
        output.table(table);
        hosts.forEach(host -> host.warnings().forEach(warning -> output.warn(host.name() + ": " + warning)));
        return ExitCode.OK;
    }
}
