package holt.controller;

import holt.kernel.AppStatus;
import holt.kernel.ClusterView;
import holt.kernel.DrainStatus;
import holt.kernel.HostStatus;
import holt.kernel.Load;
import holt.kernel.ProcessStatus;
import holt.model.Api;
import holt.model.App;
import holt.model.HostReport;
import holt.model.Limits;
import holt.model.Process;
import holt.model.Release;
import holt.model.StackReference;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.function.UnaryOperator;
import org.jspecify.annotations.Nullable;

/** What the API shows of the cluster. Pure functions of its view. */
final class Views {
    private static final long PLATFORM_PID = 1;

    private final UnaryOperator<String> urls;
    private final Instant startedAt;

    /** @param urls makes a URL of a route */
    Views(UnaryOperator<String> urls, Instant startedAt) {
        this.urls = urls;
        this.startedAt = startedAt;
    }

    Api.AppView app(AppStatus status) {
        App app = status.app();
        Release release = status.target() != null ? status.target() : status.latest();
        return new Api.AppView(
                app.name(),
                app.started() ? "started" : "stopped",
                status.health().word(),
                app.instances(),
                status.running(),
                release == null ? Limits.DEFAULT_MEMORY_BYTES : release.limits().memoryBytes(),
                app.routes(),
                app.routes().stream().map(urls).toList(),
                app.targetVersion(),
                app.liveVersion(),
                release == null ? null : release.buildpack(),
                release == null ? null : release.command(),
                release == null ? null : release.droplet(),
                status.failure(),
                app.createdAt(),
                app.updatedAt(),
                status.processes().stream().map(Views::process).toList(),
                release == null ? Limits.standard() : release.limits(),
                release == null || release.stack().isEmpty() ? null : StackReference.nameOf(release.stack()));
    }

    Api.Apps apps(ClusterView view) {
        return new Api.Apps(view.apps().values().stream().map(this::app).toList());
    }

    /** All processes, parents before children. */
    Api.Processes processes(ClusterView view) {
        List<Api.ProcessView> tree = new ArrayList<>();
        tree.add(platformsOwn(PLATFORM_PID, 0, "platform", null, 0, startedAt));
        for (AppStatus status : view.apps().values()) {
            App app = status.app();
            tree.add(platformsOwn(
                    app.supervisorPid(), PLATFORM_PID, "supervisor", app.name(), app.targetVersion(), app.createdAt()));
            status.processes().forEach(process -> tree.add(process(process)));
            status.forked().forEach(process -> tree.add(process(process)));
        }
        return new Api.Processes(tree);
    }

    private static Api.ProcessView platformsOwn(
            long pid, long ppid, String program, @Nullable String app, long version, Instant since) {
        return new Api.ProcessView(
                pid, ppid, program, app, -1, version, "running", null, null, 0, 0, 0, 0, 0, since, since, null, null);
    }

    static Api.ProcessView process(ProcessStatus status) {
        Process process = status.process();
        return new Api.ProcessView(
                process.pid(),
                process.ppid(),
                process.isForked() ? "forked" : "instance",
                process.app(),
                process.index(),
                process.version(),
                process.state().name().toLowerCase(Locale.ROOT),
                process.host(),
                process.address(),
                process.port(),
                status.memoryBytes(),
                status.memoryLimitBytes(),
                status.cpuPercent(),
                Math.max(0, process.incarnation() - 1),
                process.stateSince(),
                status.startedAt(),
                process.exit(),
                status.note(),
                status.limits(),
                load(status.load()));
    }

    private static Api.LoadView load(Load load) {
        return new Api.LoadView(load.pids(), load.diskBytes(), load.receivedPerSecond(), load.sentPerSecond());
    }

    Api.Hosts hosts(ClusterView view) {
        return new Api.Hosts(view.hosts().values().stream().map(Views::host).toList());
    }

    private static Api.HostView host(HostStatus status) {
        HostReport report = status.report();
        String state = status.lost() ? "lost" : report == null ? "unknown" : "up";
        if (report == null) {
            return unknown(status, state);
        }
        return new Api.HostView(
                status.name(),
                state,
                report.backend(),
                report.runtime(),
                report.warnings(),
                status.zone(),
                report.tags(),
                report.cores(),
                report.memoryBytes(),
                report.reservedBytes(),
                status.capacity(),
                status.free(),
                status.processes(),
                status.heardAt(),
                report.runtimes(),
                drain(status));
    }

    private static Api.@Nullable DrainView drain(HostStatus status) {
        return status.drain() == null ? null : drainView(status);
    }

    static Api.DrainView drainView(HostStatus status) {
        DrainStatus drain = status.drain();
        if (drain == null) {
            return new Api.DrainView(status.name(), false, null, null, false, status.processes(), List.of());
        }
        return new Api.DrainView(
                status.name(),
                true,
                drain.since(),
                drain.actor(),
                drain.force(),
                drain.left(),
                drain.stuck().stream()
                        .map(stuck -> new Api.StuckView(stuck.pid(), stuck.app(), stuck.index(), stuck.reason()))
                        .toList());
    }

    private static Api.HostView unknown(HostStatus status, String state) {
        return new Api.HostView(
                status.name(),
                state,
                "",
                "",
                List.of(),
                "",
                List.of(),
                0,
                0,
                0,
                status.capacity(),
                status.free(),
                status.processes(),
                status.heardAt(),
                Map.of(),
                drain(status));
    }
}
