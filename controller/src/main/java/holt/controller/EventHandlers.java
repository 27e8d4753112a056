package holt.controller;

import holt.model.Api;
import holt.model.Event;
import holt.store.TruthStore;
import java.io.IOException;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** What happened, read and followed. Events of an app that was deleted can still be seen. */
final class EventHandlers {
    private static final int DEFAULT_LIMIT = 100;
    private static final int MAX_LIMIT = 1000;

    private final ControlLoop loop;
    private final TruthStore store;
    private final EventTail tail;
    private final Streams streams;

    EventHandlers(ControlLoop loop, TruthStore store, EventTail tail, Streams streams) {
        this.loop = loop;
        this.store = store;
        this.tail = tail;
        this.streams = streams;
    }

    void ofApp(Call call) {
        read(call, known(call.app()));
    }

    void ofPlatform(Call call) {
        read(call, null);
    }

    void followApp(Call call) {
        follow(call, known(call.app()));
    }

    void followPlatform(Call call) {
        follow(call, null);
    }

    private String known(String app) {
        if (loop.view().app(app).isEmpty() && store.latestEvents(app, 1).isEmpty()) {
            throw AppHandlers.unknown(app);
        }
        return app;
    }

    private void read(Call call, @Nullable String app) {
        int limit = (int) call.number("limit", DEFAULT_LIMIT, 1, MAX_LIMIT);
        long after = call.number("after", -1, 0, Long.MAX_VALUE);
        List<Event> events = after < 0
                ? store.latestEvents(app, limit)
                : tail.after(app, after, limit).events();
        call.json(new Api.Events(events));
    }

    private void follow(Call call, @Nullable String app) {
        long after = call.number("after", tail.lastId(), 0, Long.MAX_VALUE);
        long from = call.header("Last-Event-ID")
                .map(id -> Call.number("The header Last-Event-ID", id, 0, Long.MAX_VALUE))
                .orElse(after);
        streams.run(call, sse -> send(sse, app, from));
    }

    private void send(Sse sse, @Nullable String app, long from) throws IOException, InterruptedException {
        long seen = from;
        while (true) {
            EventTail.Page page = tail.after(app, seen, MAX_LIMIT);
            for (Event event : page.events()) {
                sse.event(Long.toString(event.id()), "event", event);
            }
            if (!page.events().isEmpty()) {
                sse.flush();
            }
            seen = page.upTo();
            if (!tail.await(seen, Sse.HEARTBEAT)) {
                sse.heartbeat();
            }
        }
    }
}
