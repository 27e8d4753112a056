package holt.simulator;

import java.util.Arrays;

/**
 * Virtual time, and what happens when: a binary heap by time, then by the order of asking, so that what comes at one
 * moment comes in a fixed order. Milliseconds from the beginning. One thread.
 */
final class Agenda {
    private static final int FIRST_CAPACITY = 1024;

    private long[] times = new long[FIRST_CAPACITY];
    private long[] orders = new long[FIRST_CAPACITY];
    private Runnable[] actions = new Runnable[FIRST_CAPACITY];
    private int size;
    private long order;
    private long now;
    private long done;

    long now() {
        return now;
    }

    /** Number of events so far. */
    long done() {
        return done;
    }

    void after(long millis, Runnable action) {
        at(now + Math.max(0, millis), action);
    }

    void at(long millis, Runnable action) {
        if (size == times.length) {
            grow();
        }
        int place = size++;
        long asked = order++;
        long time = Math.max(now, millis);
        while (place > 0) {
            int parent = (place - 1) >>> 1;
            if (times[parent] < time || (times[parent] == time && orders[parent] < asked)) {
                break;
            }
            move(parent, place);
            place = parent;
        }
        set(place, time, asked, action);
    }

    /** Whether something happens up to that moment; if so it has happened when this returns. */
    boolean step(long end) {
        if (size == 0 || times[0] > end) {
            now = Math.max(now, end);
            return false;
        }
        now = times[0];
        Runnable action = actions[0];
        removeFirst();
        done++;
        action.run();
        return true;
    }

    private void removeFirst() {
        size--;
        long time = times[size];
        long asked = orders[size];
        Runnable action = actions[size];
        int place = 0;
        for (int child = 1; child < size; child = 2 * place + 1) {
            if (child + 1 < size && isBefore(child + 1, child)) {
                child++;
            }
            if (time < times[child] || (time == times[child] && asked < orders[child])) {
                break;
            }
            move(child, place);
            place = child;
        }
        set(place, time, asked, action);
        Arrays.fill(actions, size, size + 1, null);
    }

    private boolean isBefore(int one, int other) {
        return times[one] < times[other] || (times[one] == times[other] && orders[one] < orders[other]);
    }

    private void move(int from, int to) {
        set(to, times[from], orders[from], actions[from]);
    }

    private void set(int place, long time, long asked, Runnable action) {
        times[place] = time;
        orders[place] = asked;
        actions[place] = action;
    }

    private void grow() {
        times = Arrays.copyOf(times, size * 2);
        orders = Arrays.copyOf(orders, size * 2);
        actions = Arrays.copyOf(actions, size * 2);
    }
}
