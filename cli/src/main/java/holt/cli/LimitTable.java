package holt.cli;

import holt.model.Api;
import holt.model.Limits;
import holt.model.MemorySize;
import java.math.BigDecimal;
import java.util.List;
import java.util.Locale;
import org.jspecify.annotations.Nullable;

/** {@code holt ps --limits}: what each process uses, and what it may. Pure. */
final class LimitTable {
    private LimitTable() {}

    static Table of(List<PsCommand.Row> rows) {
        Table table = new Table(
                ">PID", "PROCESS", "STATE", ">MEM", ">CPU", ">PIDS", ">DISK", "->FILES", ">IN", ">OUT", "->IO");
        for (PsCommand.Row row : rows) {
            Api.ProcessView process = row.process();
            table.row(
                    process.pid(),
                    row.lines() + PsCommand.label(process),
                    Table.Cell.state(process.state()),
                    memory(process),
                    cpu(process),
                    pids(process),
                    disk(process),
                    files(process.limits()),
                    traffic(process, true),
                    traffic(process, false),
                    io(process.limits()));
        }
        return table;
    }

    static String memory(Api.ProcessView process) {
        String used = process.memoryBytes() == 0 ? "" : rounded(process.memoryBytes());
        return process.memoryLimitBytes() == 0 ? used : beside(used, MemorySize.format(process.memoryLimitBytes()));
    }

    /** Percent of a core, of both. */
    static String cpu(Api.ProcessView process) {
        boolean alive = List.of("running", "starting", "stopping").contains(process.state());
        String used = alive ? String.format(Locale.ROOT, "%.1f%%", process.cpuPercent()) : "";
        Limits limits = process.limits();
        return limits == null || limits.cpuMillis() == 0 || !alive
                ? used
                : beside(
                        used,
                        BigDecimal.valueOf(limits.cpuMillis(), 1)
                                        .stripTrailingZeros()
                                        .toPlainString() + "%");
    }

    static String disk(Api.ProcessView process) {
        Limits limits = process.limits();
        Api.LoadView load = process.load();
        if (limits == null || load == null) {
            return "";
        }
        String used = load.diskBytes() == 0 ? "" : rounded(load.diskBytes());
        return limits.diskBytes() == 0 ? used : beside(used, MemorySize.format(limits.diskBytes()));
    }

    private static String pids(Api.ProcessView process) {
        Limits limits = process.limits();
        Api.LoadView load = process.load();
        return limits == null || load == null
                ? ""
                : beside(load.pids() == 0 ? "" : Long.toString(load.pids()), Integer.toString(limits.pids()));
    }

    private static String files(@Nullable Limits limits) {
        return limits == null || limits.files() == 0 ? "" : beside("", Integer.toString(limits.files()));
    }

    private static String traffic(Api.ProcessView process, boolean in) {
        Limits limits = process.limits();
        Api.LoadView load = process.load();
        if (limits == null || load == null) {
            return "";
        }
        long bytes = in ? load.receivedBytesPerSecond() : load.sentBytesPerSecond();
        String used = bytes == 0 ? "" : rounded(bytes);
        return limits.networkBytesPerSecond() == 0
                ? used
                : beside(used, MemorySize.format(limits.networkBytesPerSecond()));
    }

    private static String io(@Nullable Limits limits) {
        return limits == null || limits.ioBytesPerSecond() == 0
                ? ""
                : beside("", MemorySize.format(limits.ioBytesPerSecond()));
    }

    private static String beside(String used, String limit) {
        return (used.isEmpty() ? "-" : used) + "/" + limit;
    }

    /** Whole units: the last digits change with every look and say nothing. */
    private static String rounded(long bytes) {
        return bytes < 1 << 10
                ? MemorySize.format(bytes)
                : bytes < 1 << 20 ? MemorySize.format(bytes >> 10 << 10) : MemorySize.format(bytes >> 20 << 20);
    }
}
