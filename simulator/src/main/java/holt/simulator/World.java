package holt.simulator;

import holt.kernel.ClusterSettings;
import holt.model.Change;
import holt.model.Event;
import holt.model.Fork;
import holt.model.Process;
import holt.model.ProcessSpec;
import holt.model.Release;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/** All parts of one simulated cluster, wired. Owned by the simulation's thread. */
final class World {
    static final Instant START = Instant.parse("2026-01-01T00:00:00Z");
    static final String DOMAIN = "example.org";

    final Plan plan;
    final Parts parts;
    final ClusterSettings settings;

    final Agenda agenda = new Agenda();
    final Trace trace = new Trace(agenda);
    final Network network;
    final SimulatedStore store;
    final Expectations expectations;
    final Disturbances disturbances;
    final Reality reality;
    final Checks checks;
    final Pace pace;
    final Service service;
    final Vigil vigil;
    final SimulatedController controller;
    final List<SimulatedHost> hosts = new ArrayList<>();
    final List<SimulatedRouter> routers = new ArrayList<>();
    final Counts counts = new Counts();
    private final @Nullable Consumer<String> chronicle;

    /** What a summary counts. */
    static final class Counts {
        long commands;
        long refused;
        long placements;
        long crashes;
        long hostsLost;
    }

    /** @param chronicle is told in words what happens; null where nobody listens, which is faster */
    World(Plan plan, Parts parts, @Nullable Consumer<String> chronicle) {
        this.plan = plan;
        this.parts = parts;
        this.settings = parts.settings(DOMAIN);
        this.chronicle = chronicle;
        this.network = new Network(agenda, dice(2), plan.hosts() + plan.routers());
        this.store = parts.store();
        this.expectations = new Expectations(store, DOMAIN);
        this.disturbances = new Disturbances(agenda, plan.hosts());
        this.reality = new Reality(this, plan.hosts(), twoHoldersMillis());
        this.checks = new Checks(this);
        this.pace = new Pace(this);
        this.service = new Service(this);
        this.vigil = new Vigil(this, plan.hosts());
        this.controller = new SimulatedController(this);
        for (int number = 0; number < plan.hosts(); number++) {
            hosts.add(new SimulatedHost(this, number, Landscape.memoryBytes(plan, number)));
        }
        for (int number = 0; number < plan.routers(); number++) {
            routers.add(new SimulatedRouter(this, plan.hosts() + number, "router-" + number));
        }
        store.listener(this::committed);
    }

    /** The lease, the longest way out of service with a tree below, and three reports, whose answers take their time. */
    private long twoHoldersMillis() {
        return settings.lease()
                        .plus(settings.drainLimit())
                        .plus(settings.stopGrace())
                        .plus(settings.confirmAfter())
                        .plus(settings.stopGrace()
                                .plus(settings.trees().stopMargin())
                                .multipliedBy(settings.trees().depth()))
                        .toMillis()
                + 6 * SimulatedHost.REPORT_MILLIS;
    }

    /** A stream of chances of one part's own. */
    Dice dice(long part) {
        return Dice.of(plan.seed(), part);
    }

    void start() {
        controller.start();
        hosts.forEach(SimulatedHost::boot);
        routers.forEach(SimulatedRouter::start);
        vigil.start();
    }

    Instant now() {
        return START.plusMillis(agenda.now());
    }

    @Nullable
    SimulatedHost host(String name) {
        int number = name.startsWith("host-") ? Integer.parseInt(name.substring("host-".length())) : -1;
        return number >= 0 && number < hosts.size() ? hosts.get(number) : null;
    }

    /** What the program of a process does: a forked one is told by the key of its fork. */
    Program program(ProcessSpec spec) {
        if (spec.index() != Process.NO_INDEX) {
            return Program.of(spec.droplet());
        }
        Process row = store.process(spec.pid());
        return row == null ? Program.WEB : program(row);
    }

    Program program(Process row) {
        Fork fork = row.fork();
        Release release = fork == null ? store.release(row.app(), row.version()) : null;
        return Program.of(fork != null ? fork.key() : release == null ? "" : release.droplet());
    }

    private void committed(List<Change> changes) {
        trace.committed(changes);
        checks.committed(changes);
        pace.committed(changes);
        vigil.committed(changes);
    }

    void count(Event event) {
        switch (event.kind()) {
            case Event.PROCESS_STARTING -> counts.placements++;
            case Event.PROCESS_CRASHED -> counts.crashes++;
            case Event.HOST_LOST -> counts.hostsLost++;
            default -> {}
        }
    }

    void commands(boolean done) {
        counts.commands += done ? 1 : 0;
        counts.refused += done ? 0 : 1;
    }

    /** Adds a line to the story of this run, where one is told. */
    void say(String format, @Nullable Object... arguments) {
        if (chronicle != null) {
            chronicle.accept(String.format(Locale.ROOT, "%10.3f  ", agenda.now() / 1000.0)
                    + String.format(Locale.ROOT, format, arguments));
        }
    }
}
