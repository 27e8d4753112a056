package holt.controller;

import holt.model.Event;
import java.time.Duration;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.locks.Condition;
import java.util.concurrent.locks.ReentrantLock;
import org.jspecify.annotations.Nullable;

/**
 * The newest committed events, kept in memory for those who follow them; older ones are read from the store. A reader
 * asks again and again for what comes after the last event it has seen, so it can be as slow as it likes and still misses
 * none. Safe for use by any thread; nothing is read from the store under the lock.
 */
final class EventTail {
    private static final int CAPACITY = 4096;

    /** Reads committed events of an app (null: of all) after an id, oldest first. */
    @FunctionalInterface
    interface Reader {
        List<Event> events(@Nullable String app, long afterId, int limit);
    }

    /**
     * Some events.
     *
     * @param upTo the id after which to go on
     */
    record Page(List<Event> events, long upTo) {}

    private final Reader store;
    private final ReentrantLock lock = new ReentrantLock();
    private final Condition grown = lock.newCondition();
    private final ArrayDeque<Event> tail = new ArrayDeque<>();
    /** All events after this one are in the tail. */
    private long tailStart;

    private long lastId;

    EventTail(Reader store, long lastId) {
        this.store = store;
        this.tailStart = lastId;
        this.lastId = lastId;
    }

    /** Adds events that were just committed, oldest first. */
    void append(List<Event> events) {
        lock.lock();
        try {
            events.forEach(this::append);
            grown.signalAll();
        } finally {
            lock.unlock();
        }
    }

    private void append(Event event) {
        if (event.id() <= lastId) {
            return;
        }
        tail.addLast(event);
        lastId = event.id();
        if (tail.size() > CAPACITY) {
            tailStart = tail.removeFirst().id();
        }
    }

    long lastId() {
        lock.lock();
        try {
            return lastId;
        } finally {
            lock.unlock();
        }
    }

    Page after(@Nullable String app, long id, int limit) {
        long known;
        lock.lock();
        try {
            if (id >= tailStart) {
                return fromTail(app, id, limit);
            }
            known = lastId;
        } finally {
            lock.unlock();
        }
        List<Event> events = store.events(app, id, limit);
        return page(events, limit, known);
    }

    private Page fromTail(@Nullable String app, long id, int limit) {
        List<Event> events = new ArrayList<>();
        for (Event event : tail) {
            if (event.id() > id && (app == null || app.equals(event.app())) && events.size() < limit) {
                events.add(event);
            }
        }
        return page(events, limit, Math.max(lastId, id));
    }

    private static Page page(List<Event> events, int limit, long known) {
        long last = events.isEmpty() ? 0 : events.getLast().id();
        return new Page(events, events.size() >= limit ? last : Math.max(known, last));
    }

    /** Waits until there is an event after this one. */
    boolean await(long id, Duration patience) throws InterruptedException {
        long nanos = patience.toNanos();
        lock.lock();
        try {
            while (lastId <= id && nanos > 0) {
                nanos = grown.awaitNanos(nanos);
            }
            return lastId > id;
        } finally {
            lock.unlock();
        }
    }
}
