package holt.cli;

import holt.model.Api;
import java.io.IOException;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/** {@code holt ps}: the tree of all processes. */
@Command(
        header = "Show the tree of processes.",
        footerHeading = "%nExamples:%n",
        footer = {
            "  holt ps",
            "  holt ps shop",
            "  holt ps --limits        what each uses, and what it may",
            "  holt ps --json | jq '.processes[] | select(.state == \"running\")'"
        })
final class PsCommand extends Subcommand {
    @Parameters(index = "0", arity = "0..1", paramLabel = "NAME", description = "Only the processes of this app.")
    @Nullable
    String name;

    @Option(names = "--limits", description = "Show all limits beside what is used of them.")
    boolean limits;

    PsCommand(HoltCommand holt) {
        super(holt);
    }

    @Override
    int run(ApiClient api, Output output) throws IOException {
        byte[] answer = api.get("/processes");
        if (output.isJson() && name == null) {
            output.json(answer);
            return ExitCode.OK;
        }
        List<Api.ProcessView> processes =
                LeanJson.read(answer, Api.Processes.class).processes();
        if (name != null) {
            processes = of(name, processes, api);
        }
        if (output.isJson()) {
            output.json(new Api.Processes(processes));
        } else {
            boolean unicode = output.terminal().unicode();
            output.table(
                    limits
                            ? LimitTable.of(tree(processes, unicode))
                            : table(processes, holt.context().clock().instant(), unicode));
        }
        return ExitCode.OK;
    }

    /** An app without processes is not an error, an app that is not there is one. */
    private static List<Api.ProcessView> of(String app, List<Api.ProcessView> all, ApiClient api) throws IOException {
        List<Api.ProcessView> own =
                all.stream().filter(process -> app.equals(process.app())).toList();
        if (own.isEmpty()) {
            api.get(ApiPath.app(app));
        }
        return own;
    }

    private static Table table(List<Api.ProcessView> processes, Instant now, boolean unicode) {
        boolean disks = processes.stream()
                .anyMatch(
                        process -> process.limits() != null && process.limits().diskBytes() > 0);
        boolean notes = processes.stream().anyMatch(process -> process.note() != null);
        List<String> headings = new ArrayList<>(List.of(">PID", ">PPID", "PROCESS", "STATE", ">MEM", ">CPU"));
        headings.addAll(disks ? List.of(">DISK") : List.of());
        headings.addAll(List.of("->UPTIME", "-HOST"));
        headings.addAll(notes ? List.of("~NOTE") : List.of());
        Table table = new Table(headings.toArray(String[]::new));
        for (Row row : tree(processes, unicode)) {
            ProcessText text = new ProcessText(row.process(), now);
            List<Object> cells = new ArrayList<>(List.of(
                    row.process().pid(),
                    row.process().ppid(),
                    row.lines() + label(row.process()),
                    Table.Cell.state(row.process().state()),
                    text.memory(),
                    text.cpu()));
            cells.addAll(disks ? List.of(text.disk()) : List.of());
            cells.addAll(List.of(text.uptime(), text.host()));
            cells.addAll(notes ? List.of(text.note()) : List.of());
            table.row(cells.toArray());
        }
        return table;
    }

    /** A process and the lines that lead to it from its ancestors. */
    record Row(String lines, Api.ProcessView process) {}

    /** All processes, each below its parent; one whose parent is not among them begins a tree. */
    static List<Row> tree(List<Api.ProcessView> processes, boolean unicode) {
        Map<Long, List<Api.ProcessView>> children = new LinkedHashMap<>();
        Set<Long> pids = new HashSet<>();
        processes.forEach(process -> pids.add(process.pid()));
        processes.forEach(process -> children.computeIfAbsent(
                        pids.contains(process.ppid()) && process.ppid() != process.pid() ? process.ppid() : -1,
                        parent -> new ArrayList<>())
                .add(process));
        List<Row> rows = new ArrayList<>();
        for (Api.ProcessView root : children.getOrDefault(-1L, List.of())) {
            rows.add(new Row("", root));
            descend(root.pid(), "", children, unicode, rows);
        }
        return rows;
    }

    private static void descend(
            long parent, String indent, Map<Long, List<Api.ProcessView>> children, boolean unicode, List<Row> rows) {
        List<Api.ProcessView> below = children.getOrDefault(parent, List.of());
        for (int i = 0; i < below.size(); i++) {
            boolean last = i == below.size() - 1;
            String branch = unicode ? (last ? "└─ " : "├─ ") : (last ? "`- " : "|- ");
            rows.add(new Row(indent + branch, below.get(i)));
            descend(below.get(i).pid(), indent + (last ? "   " : unicode ? "│  " : "|  "), children, unicode, rows);
        }
    }

    static String label(Api.ProcessView process) {
        if (process.app() == null) {
            return process.program().equals("platform") ? "holt" : process.program();
        }
        if (process.program().equals("forked")) {
            return process.app() + " (forked)";
        }
        return process.index() < 0 ? process.app() : process.app() + "/" + process.index();
    }
}
