package holt.cli;

import holt.model.Api;
import holt.model.LimitText;
import holt.model.Limits;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Option;

/** What people say of limits besides that of memory; nothing said keeps what the app has. */
final class LimitOptions {
    @Option(
            names = "--cpu",
            paramLabel = "CORES",
            description = "Cpu limit of each instance: 0.5, 2, 500m. None for a new app, only a fair share.")
    @Nullable
    String cpu;

    @Option(
            names = "--disk",
            paramLabel = "SIZE",
            description = "What each instance may write to its own files: 512M, 1G.")
    @Nullable
    String disk;

    @Option(names = "--pids", paramLabel = "N", description = "Threads and processes of each instance; 512 at first.")
    @Nullable
    String pids;

    @Option(
            names = "--files",
            paramLabel = "N",
            description = "Open files and connections of each of its processes; 4096 at first.")
    @Nullable
    String files;

    @Option(
            names = "--bandwidth",
            paramLabel = "SIZE",
            description = "Traffic of each instance in each direction, a second: 10M.")
    @Nullable
    String bandwidth;

    @Option(
            names = "--io",
            paramLabel = "SIZE",
            description = "Reads and writes of the host's disk by each instance, each, a second: 50M.")
    @Nullable
    String io;

    /** Checked; null where nothing was said. */
    Api.@Nullable LimitsBody body() {
        Api.LimitsBody body = new Api.LimitsBody(cpu, disk, pids, files, bandwidth, io);
        if (body.equals(new Api.LimitsBody(null, null, null, null, null, null))) {
            return null;
        }
        LimitText.apply(body, Limits.standard());
        return body;
    }
}
