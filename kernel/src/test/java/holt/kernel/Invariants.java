package holt.kernel;

import static org.assertj.core.api.Assertions.assertThat;

import holt.model.Endpoint;
import holt.model.Process;
import holt.model.ProcessState;
import holt.model.RouteUpdate;
import java.util.HashMap;
import java.util.HashSet;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;

/** What must hold after every step, whatever happens. */
final class Invariants {
    private final World world;
    private final Map<Long, String> pidOwners = new HashMap<>();

    Invariants(World world) {
        this.world = world;
    }

    void check() {
        ClusterView view = world.cluster.snapshot();
        truthIsWhatTheBrainBelieves(view);
        parentsExistAndPidsAreNeverReused(view);
        oneReadyProcessAnInstanceAndRelease(view);
        endpointsBelongToTheirApp(view);
        memoryIsPromisedOnce(view);
    }

    private void truthIsWhatTheBrainBelieves(ClusterView view) {
        Map<Long, Process> believed = new TreeMap<>();
        view.processes().forEach(status -> believed.put(status.process().pid(), status.process()));
        assertThat(world.store.processes).isEqualTo(believed);
        view.apps().forEach((name, app) -> assertThat(world.store.apps).containsEntry(name, app.app()));
        assertThat(world.store.apps).hasSameSizeAs(view.apps());
    }

    private void parentsExistAndPidsAreNeverReused(ClusterView view) {
        view.apps().values().forEach(app -> app.processes().forEach(status -> {
            Process process = status.process();
            assertThat(process.ppid()).isEqualTo(app.app().supervisorPid());
            String owner = process.app() + "/" + process.index() + "/" + process.version() + "/" + process.ppid();
            assertThat(pidOwners.computeIfAbsent(process.pid(), fresh -> owner)).isEqualTo(owner);
        }));
    }

    private void oneReadyProcessAnInstanceAndRelease(ClusterView view) {
        Set<String> ready = new HashSet<>();
        view.processes().stream()
                .map(ProcessStatus::process)
                .filter(process -> process.state() == ProcessState.RUNNING)
                .forEach(process -> assertThat(
                                ready.add(process.app() + "/" + process.index() + "/" + process.version()))
                        .as("second ready process %s", process)
                        .isTrue());
    }

    private void endpointsBelongToTheirApp(ClusterView view) {
        for (RouteUpdate.Route route : view.routes()) {
            assertThat(route.endpoints().isEmpty()).isEqualTo(route.reason() != null);
            for (Endpoint endpoint : route.endpoints()) {
                assertThat(endpoint.app()).isEqualTo(route.app());
                assertThat(pidOwners.get(endpoint.pid())).startsWith(route.app() + "/");
            }
        }
    }

    private void memoryIsPromisedOnce(ClusterView view) {
        Map<String, Long> promised = new HashMap<>();
        view.processes().forEach(status -> {
            String host = status.process().host();
            if (host != null) {
                promised.merge(host, status.memoryLimitBytes(), Long::sum);
            }
        });
        promised.forEach((host, bytes) -> world.agents.stream()
                .filter(agent -> agent.name.equals(host))
                .forEach(agent -> assertThat(bytes).isLessThanOrEqualTo(agent.memoryBytes)));
    }
}
