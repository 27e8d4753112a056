package holt.kernel;

import org.pcollections.TreePMap;

/**
 * The present state for readers: only what has changed is made anew, and costs the same however much there is besides.
 * Owned by the brain's thread; what it gives away is immutable.
 */
final class Snapshots {
    private final State state;
    private TreePMap<String, AppStatus> apps = TreePMap.empty();
    private TreePMap<String, HostStatus> hosts = TreePMap.empty();
    private ClusterView view = new ClusterView(apps, hosts);

    Snapshots(State state) {
        this.state = state;
    }

    /** The state now; the same value while nothing changes. */
    ClusterView take() {
        state.showUsage();
        if (!state.changedApps.isEmpty() || !state.changedHosts.isEmpty()) {
            state.changedApps.forEach(this::refreshApp);
            state.changedHosts.forEach(this::refreshHost);
            state.changedApps.clear();
            state.changedHosts.clear();
            view = new ClusterView(apps, hosts);
        }
        return view;
    }

    private void refreshApp(String name) {
        AppEntry app = state.app(name);
        apps = app == null ? apps.minus(name) : apps.plus(name, Diagnosis.status(app, state.settings.restart()));
    }

    private void refreshHost(String name) {
        Hosts.Host host = state.hosts.find(name);
        hosts = host == null ? hosts.minus(name) : hosts.plus(name, host.status());
    }
}
