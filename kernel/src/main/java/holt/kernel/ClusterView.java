package holt.kernel;

import holt.model.RouteUpdate;
import java.util.List;
import java.util.Optional;
import java.util.SortedMap;
import java.util.stream.Stream;

/**
 * The cluster at one moment, immutable: made by the brain's owner thread, read by any.
 *
 * @param apps by name
 * @param hosts by name
 */
public record ClusterView(SortedMap<String, AppStatus> apps, SortedMap<String, HostStatus> hosts) {

    public Optional<AppStatus> app(String name) {
        return Optional.ofNullable(apps.get(name));
    }

    /** All processes by app: its instances by index and pid, then those that were forked, by pid. */
    public List<ProcessStatus> processes() {
        return apps.values().stream().flatMap(ClusterView::all).toList();
    }

    private static Stream<ProcessStatus> all(AppStatus app) {
        return Stream.concat(app.processes().stream(), app.forked().stream());
    }

    public Optional<ProcessStatus> process(long pid) {
        return apps.values().stream()
                .flatMap(ClusterView::all)
                .filter(status -> status.process().pid() == pid)
                .findFirst();
    }

    /** All routes, by host name. */
    public List<RouteUpdate.Route> routes() {
        return apps.values().stream()
                .flatMap(status -> status.app().routes().stream()
                        .map(host ->
                                new RouteUpdate.Route(host, status.app().name(), status.endpoints(), status.reason())))
                .sorted(java.util.Comparator.comparing(RouteUpdate.Route::host))
                .toList();
    }
}
