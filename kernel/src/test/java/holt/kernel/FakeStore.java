package holt.kernel;

import holt.model.App;
import holt.model.Change;
import holt.model.Event;
import holt.model.Process;
import holt.model.Release;
import holt.model.Truth;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;

/** Keeps the truth in memory by the rules of the real store. */
final class FakeStore {
    final Map<String, App> apps = new TreeMap<>();
    final Map<String, Release> releases = new TreeMap<>();
    final Map<Long, Process> processes = new TreeMap<>();
    final List<Event> events = new ArrayList<>();
    final Map<String, holt.model.Drain> drains = new TreeMap<>();
    long lastPid = 1;

    void commit(List<Change> changes) {
        changes.forEach(this::apply);
    }

    private void apply(Change change) {
        switch (change) {
            case Change.PutApp put -> {
                apps.put(put.app().name(), put.app());
                lastPid = Math.max(lastPid, put.app().supervisorPid());
            }
            case Change.DeleteApp delete -> {
                apps.remove(delete.name());
                releases.values().removeIf(release -> release.app().equals(delete.name()));
                processes.values().removeIf(process -> process.app().equals(delete.name()));
            }
            case Change.PutRelease put ->
                releases.put(put.release().app() + "/" + put.release().version(), put.release());
            case Change.PutProcess put -> {
                processes.put(put.process().pid(), put.process());
                lastPid = Math.max(lastPid, put.process().pid());
            }
            case Change.DeleteProcess delete -> processes.remove(delete.pid());
            case Change.PutDrain put -> drains.put(put.drain().host(), put.drain());
            case Change.DeleteDrain delete -> drains.remove(delete.host());
            case Change.AddEvent add -> {
                if (!events.isEmpty() && events.getLast().id() >= add.event().id()) {
                    throw new AssertionError("event " + add.event().id() + " follows "
                            + events.getLast().id());
                }
                events.add(add.event());
            }
        }
    }

    Truth truth() {
        return new Truth(
                List.copyOf(apps.values()),
                List.copyOf(releases.values()),
                List.copyOf(processes.values()),
                lastPid,
                events.isEmpty() ? 0 : events.getLast().id(),
                List.copyOf(drains.values()));
    }
}
