package holt.kernel;

import holt.model.AgentRequest;
import holt.model.App;
import holt.model.Change;
import holt.model.Drain;
import holt.model.Event;
import holt.model.Process;
import holt.model.Release;
import holt.model.RouteUpdate;
import java.time.Instant;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * Gathers what one input leads to, and puts it in the order in which it may be carried out: the truth first, then the
 * routes, then agents, then answers. Several changes of one row become one. Owned by the brain's thread.
 */
final class Outbox {
    private final Map<String, Change> apps = new LinkedHashMap<>();
    private final Map<String, Change> releases = new LinkedHashMap<>();
    private final Map<Long, Change> processes = new LinkedHashMap<>();
    private final Map<String, Change> drains = new LinkedHashMap<>();
    private final List<Change> events = new ArrayList<>();
    private final List<Effect> routes = new ArrayList<>();
    private final List<Effect> asks = new ArrayList<>();
    private final List<Effect> replies = new ArrayList<>();
    private long lastEventId;

    Outbox(long lastEventId) {
        this.lastEventId = lastEventId;
    }

    long lastEventId() {
        return lastEventId;
    }

    void put(App app) {
        apps.put(app.name(), new Change.PutApp(app));
    }

    /** Removes the app and what belongs to it, whatever was to be written of these. */
    void deleteApp(String name) {
        releases.values()
                .removeIf(change -> change instanceof Change.PutRelease put
                        && put.release().app().equals(name));
        processes
                .values()
                .removeIf(change -> change instanceof Change.PutProcess put
                        && put.process().app().equals(name));
        apps.put(name, new Change.DeleteApp(name));
    }

    void put(Release release) {
        releases.put(release.app() + "/" + release.version(), new Change.PutRelease(release));
    }

    void put(Process process) {
        processes.put(process.pid(), new Change.PutProcess(process));
    }

    void deleteProcess(long pid) {
        processes.put(pid, new Change.DeleteProcess(pid));
    }

    void put(Drain drain) {
        drains.put(drain.host(), new Change.PutDrain(drain));
    }

    void undrain(String host) {
        drains.put(host, new Change.DeleteDrain(host));
    }

    void event(Instant at, String app, String kind, String message, Map<String, String> data) {
        events.add(new Change.AddEvent(new Event(++lastEventId, at, app, kind, message, data)));
    }

    void ask(@Nullable String host, AgentRequest request) {
        if (host != null) {
            asks.add(new Effect.Ask(host, request));
        }
    }

    void publish(RouteUpdate update) {
        routes.add(new Effect.PublishRoutes(update));
    }

    void reply(Effect reply) {
        replies.add(reply);
    }

    /** All effects in order; the outbox is empty afterwards. */
    List<Effect> take() {
        List<Change> changes = new ArrayList<>(apps.values());
        changes.addAll(releases.values());
        changes.addAll(processes.values());
        changes.addAll(drains.values());
        changes.addAll(events);
        List<Effect> effects = new ArrayList<>();
        if (!changes.isEmpty()) {
            effects.add(new Effect.Persist(changes));
        }
        effects.addAll(routes);
        effects.addAll(asks);
        effects.addAll(replies);
        apps.clear();
        releases.clear();
        processes.clear();
        drains.clear();
        events.clear();
        routes.clear();
        asks.clear();
        replies.clear();
        return effects;
    }
}
