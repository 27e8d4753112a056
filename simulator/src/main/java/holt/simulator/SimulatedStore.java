package holt.simulator;

import holt.model.App;
import holt.model.Change;
import holt.model.Drain;
import holt.model.Limits;
import holt.model.Process;
import holt.model.Release;
import holt.model.Truth;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/**
 * Keeps the truth in memory by the rules of the real store: a commit is done as a whole or not at all. It can refuse;
 * and as a fail-over does, it can do a commit and then not say so. Owned by the simulation's thread.
 */
public class SimulatedStore {
    private final Map<String, App> apps = new TreeMap<>();
    private final Map<String, TreeMap<Long, Release>> releases = new HashMap<>();
    private final Map<Long, Process> processes = new TreeMap<>();
    private final Map<String, Drain> drains = new TreeMap<>();
    private long lastPid = 1;
    private long lastEventId;
    private long commits;
    private int away;
    private int full;
    private boolean answerLost;
    private Consumer<List<Change>> listener = changes -> {};

    /** Neither reads nor writes; the commit under way is done, but its answer does not arrive. */
    void failOver(int step) {
        away += step;
        answerLost = step > 0;
    }

    /** Refuses writes. */
    void fill(int step) {
        full += step;
    }

    long commits() {
        return commits;
    }

    Truth truth() {
        if (away > 0) {
            throw new StoreRefused("the store cannot be read");
        }
        List<Release> all = new ArrayList<>();
        releases.values().forEach(ofApp -> all.addAll(ofApp.values()));
        return new Truth(
                List.copyOf(apps.values()),
                all,
                List.copyOf(processes.values()),
                lastPid,
                lastEventId,
                List.copyOf(drains.values()));
    }

    /** Commits, or throws; after a fail-over it may have done both. */
    void commit(List<Change> changes) {
        boolean lost = answerLost;
        answerLost = false;
        if (lost) {
            apply(changes);
        }
        if (away > 0) {
            throw new StoreRefused("the store fails over");
        }
        if (full > 0) {
            throw new StoreRefused("the store is full");
        }
        apply(changes);
    }

    /** Tells what was written, before anybody else can know. */
    void listener(Consumer<List<Change>> told) {
        listener = told;
    }

    /** Writes what is to be kept. */
    protected void apply(List<Change> changes) {
        commits++;
        changes.forEach(this::apply);
        listener.accept(changes);
    }

    private void apply(Change change) {
        switch (change) {
            case Change.PutApp put -> {
                apps.put(put.app().name(), put.app());
                lastPid = Math.max(lastPid, put.app().supervisorPid());
            }
            case Change.DeleteApp delete -> {
                apps.remove(delete.name());
                releases.remove(delete.name());
                processes.values().removeIf(process -> process.app().equals(delete.name()));
            }
            case Change.PutRelease put ->
                releases.computeIfAbsent(put.release().app(), fresh -> new TreeMap<>())
                        .put(put.release().version(), put.release());
            case Change.PutProcess put -> {
                processes.put(put.process().pid(), put.process());
                lastPid = Math.max(lastPid, put.process().pid());
            }
            case Change.DeleteProcess delete -> processes.remove(delete.pid());
            case Change.PutDrain put -> drains.put(put.drain().host(), put.drain());
            case Change.DeleteDrain delete -> drains.remove(delete.host());
            case Change.AddEvent add -> {
                if (add.event().id() <= lastEventId) {
                    throw new Violation(
                            "events-in-order",
                            "event " + add.event().id() + " was committed after event " + lastEventId);
                }
                lastEventId = add.event().id();
            }
        }
    }

    boolean isDrained(String host) {
        return drains.containsKey(host);
    }

    Map<String, App> apps() {
        return apps;
    }

    @Nullable
    App app(String name) {
        return apps.get(name);
    }

    /** Whether a release, perhaps an old one, of another app asks to stay away from this one. */
    boolean isShunned(String app) {
        return releases.values().stream()
                .flatMap(ofApp -> ofApp.values().stream())
                .anyMatch(release -> release.placement().notWith().contains(app));
    }

    @Nullable
    Release release(String app, long version) {
        TreeMap<Long, Release> ofApp = releases.get(app);
        return ofApp == null ? null : ofApp.get(version);
    }

    long memoryBytes(Process process) {
        Release release = release(process.app(), process.version());
        return release == null ? Limits.DEFAULT_MEMORY_BYTES : release.limits().memoryBytes();
    }

    Map<Long, Process> processes() {
        return processes;
    }

    @Nullable
    Process process(long pid) {
        return processes.get(pid);
    }
}
