package holt.kernel;

import holt.model.App;
import holt.model.Process;
import holt.model.Release;
import holt.model.Truth;
import java.time.Duration;
import java.time.Instant;
import java.util.HashMap;
import java.util.HashSet;
import java.util.LinkedHashSet;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;

/** Everything the brain knows, and which of it one input has touched. Owned by the brain's thread. */
final class State {
    final ClusterSettings settings;
    final IdSource ids;
    final Outbox outbox;
    final Map<String, AppEntry> apps = new TreeMap<>();
    final Map<Long, Slot> slots = new HashMap<>();
    final Map<String, String> routeOwners = new HashMap<>();
    final Hosts hosts = new Hosts();
    final Trees trees = new Trees(this);
    final Neighbours neighbours = new Neighbours(apps);
    final Routers routers;
    final Actions actions;
    final HealthManager health;
    /** Processes that wait for room. */
    final Waiting waiting = new Waiting();

    /** Names of apps whose plan has to be made anew. */
    final Set<String> unsettled = new LinkedHashSet<>();
    /** Names of apps and of hosts that look different to readers. */
    final Set<String> changedApps = new HashSet<>();

    final Set<String> changedHosts = new HashSet<>();
    /** Names of hosts that may have become able to take a process that waits. */
    final Set<String> hostsWithRoom = new LinkedHashSet<>();

    /** When this brain began to listen. */
    Instant began = Instant.EPOCH;
    /** Before this moment too little is known of the hosts to replace what was lost. */
    Instant replaceNotBefore = Instant.EPOCH;
    /** The moment of the input being handled. */
    Instant now = Instant.EPOCH;

    private Instant usageShownAt = Instant.MIN;
    private long lastPid;

    State(Truth truth, ClusterSettings settings, IdSource ids) {
        this.settings = settings;
        this.ids = ids;
        this.outbox = new Outbox(truth.lastEventId());
        this.routers = new Routers(settings.lease());
        this.actions = new Actions(this);
        this.health = new HealthManager(settings);
        this.lastPid = Math.max(1, truth.lastPid());
        truth.drains().forEach(hosts::drain);
        truth.apps().forEach(this::load);
        truth.releases().forEach(this::load);
        truth.processes().forEach(this::load);
        slots.values().stream().filter(Slot::isForked).forEach(trees::link);
        changedApps.addAll(apps.keySet());
    }

    private void load(App app) {
        apps.put(app.name(), new AppEntry(app));
        app.routes().forEach(route -> routeOwners.put(route, app.name()));
        lastPid = Math.max(lastPid, app.supervisorPid());
    }

    private void load(Release release) {
        AppEntry app = apps.get(release.app());
        if (app != null) {
            app.releases.put(release.version(), release);
            neighbours.learn(release);
        }
    }

    private void load(Process process) {
        lastPid = Math.max(lastPid, process.pid());
        AppEntry app = apps.get(process.app());
        if (app != null) {
            add(app, process);
        } else {
            outbox.deleteProcess(process.pid());
        }
    }

    Slot add(AppEntry app, Process process) {
        Slot slot = new Slot(app, process, app.need(process.version()), now);
        if (!slot.isForked()) {
            app.seat(slot);
        }
        slots.put(slot.pid(), slot);
        hosts.count(slot);
        return slot;
    }

    /** Each router that lives has spoken by then, since this brain began. */
    Instant allRoutersHeardFrom() {
        return began.plus(settings.routesInterval());
    }

    long nextPid() {
        return ++lastPid;
    }

    @Nullable
    AppEntry app(String name) {
        return apps.get(name);
    }

    /** Time from SIGTERM to SIGKILL: what its release asks for, else what all get. */
    Duration grace(Slot slot) {
        Release release = slot.owner.releases.get(slot.version());
        int seconds = release == null ? 0 : release.lifecycle().graceSeconds();
        return seconds > 0 ? Duration.ofSeconds(seconds) : settings.stopGrace();
    }

    /** Replaces an app's row, in the truth too. */
    void put(AppEntry app, App row) {
        app.row = row;
        outbox.put(row);
        touch(app);
    }

    /** Replaces a process's row, in the truth too. */
    void put(Slot slot, Process row) {
        boolean held = slot.isDraining();
        hosts.discount(slot);
        slot.replaceRow(row);
        hosts.count(slot);
        outbox.put(row);
        health.intend(row, slot);
        touch(slot);
        if (held && !slot.isDraining()) {
            trees.touchBelow(slot); // those below it waited for its requests, and nobody else tells them
        }
    }

    /** An instance is its app's concern; a forked process is its own, and its kin's. */
    void touch(Slot slot) {
        if (slot.isForked()) {
            changedApps.add(slot.owner.name());
        } else {
            slot.owner.stir(slot.index());
            unsettled.add(slot.owner.name());
            changedApps.add(slot.owner.name());
        }
        trees.touch(slot);
    }

    /** What is wanted of it has changed, or a moment has come. */
    void touch(AppEntry app) {
        app.stirAll();
        unsettled.add(app.name());
        changedApps.add(app.name());
    }

    /** Has readers see what is used, from time to time. */
    void showUsage() {
        if (now.isBefore(usageShownAt.plus(settings.bounds().usageInterval()))) {
            return;
        }
        usageShownAt = now;
        for (AppEntry app : apps.values()) {
            if (app.usageChanged) {
                app.usageChanged = false;
                changedApps.add(app.name());
            }
        }
    }

    void touch(Hosts.Host host) {
        changedHosts.add(host.name);
    }

    void event(String app, String kind, String message, Map<String, String> data) {
        outbox.event(now, app, kind, message, data);
    }

    /** Says something about a process. */
    void event(Slot slot, String kind, String message, Map<String, String> more) {
        Map<String, String> data = new TreeMap<>(more);
        data.put("pid", Long.toString(slot.pid()));
        data.put("index", Integer.toString(slot.index()));
        data.put("version", Long.toString(slot.version()));
        data.put("incarnation", Integer.toString(slot.row().incarnation()));
        String host = slot.row().host();
        if (host != null) {
            data.put("host", host);
        }
        outbox.event(now, slot.owner.name(), kind, message, data);
    }
}
