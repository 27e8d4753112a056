package holt.kernel;

import holt.model.App;
import holt.model.Endpoint;
import holt.model.Placement;
import holt.model.Process;
import holt.model.ProcessState;
import holt.model.Release;
import java.util.Comparator;
import java.util.List;
import java.util.Optional;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/**
 * One app at one moment: what is wanted and what is.
 *
 * @param app its row
 * @param target the release that is being brought up or serves; null before the first
 * @param live the release that serves; null before the first came up
 * @param latest the newest release, which may have failed; null before the first
 * @param processes its instances by index, then pid
 * @param forked processes that its programs have forked, by pid: parents before children
 * @param health how it is
 * @param running number of instances that are ready, at most the number wanted
 * @param failure why the newest release failed; null when it did not
 * @param endpoints where its requests may be sent
 * @param reason when there is no endpoint: why, for people
 */
public record AppStatus(
        App app,
        @Nullable Release target,
        @Nullable Release live,
        @Nullable Release latest,
        List<ProcessStatus> processes,
        List<ProcessStatus> forked,
        Health health,
        int running,
        @Nullable String failure,
        List<Endpoint> endpoints,
        @Nullable String reason) {

    public AppStatus {
        processes = List.copyOf(processes);
        forked = List.copyOf(forked);
        endpoints = List.copyOf(endpoints);
    }

    /** Where instances of a release may run; anywhere, for one that is too old to be known. */
    public Placement rule(long version) {
        return Stream.of(Optional.ofNullable(target), Optional.ofNullable(live), Optional.ofNullable(latest))
                .flatMap(Optional::stream)
                .filter(release -> release.version() == version)
                .findFirst()
                .map(Release::placement)
                .orElse(Placement.ANYWHERE);
    }

    /** The process that stands for an instance: the ready one, else the newest. */
    public Optional<ProcessStatus> instance(int index) {
        return processes.stream()
                .filter(status -> status.process().index() == index)
                .max(Comparator.<ProcessStatus>comparingInt(status -> rank(status.process()))
                        .thenComparingLong(status -> status.process().pid()));
    }

    private static int rank(Process process) {
        return process.state() == ProcessState.RUNNING ? 1 : 0;
    }
}
