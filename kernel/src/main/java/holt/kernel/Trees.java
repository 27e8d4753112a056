package holt.kernel;

import holt.model.Process;
import holt.model.ProcessState;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.Iterator;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * Who descends from whom, and whose next step has to be looked for. A child's pid is always higher than its parent's, so
 * that no line of descent leads back to itself. Walks go over what they concern only, and use no stack of calls. Owned
 * by the brain's thread.
 */
final class Trees {
    private final State state;
    private final Set<Long> unsettled = new LinkedHashSet<>();
    /** Pids of parents whose children stop and start in an order. */
    private final Set<Long> unsettledFamilies = new LinkedHashSet<>();

    Trees(State state) {
        this.state = state;
    }

    /** Gives a forked process its place. Where the truth knows no such parent, the group's root is it. */
    void link(Slot slot) {
        slot.owner.forked.put(slot.pid(), slot);
        Slot parent = state.slots.get(slot.row().ppid());
        if (parent != null && parent.owner == slot.owner && parent.pid() < slot.pid()) {
            parent.adopt(slot);
            return;
        }
        slot.owner.detached.put(slot.pid(), slot);
        if (slot.row().ppid() != slot.owner.row.supervisorPid()) {
            state.put(slot, slot.row().withParent(slot.owner.row.supervisorPid()));
        }
    }

    /** Takes one without children out. */
    void unlink(Slot slot) {
        touch(slot);
        Slot parent = slot.parent;
        if (parent != null) {
            parent.disinherit(slot);
        }
        slot.owner.unseat(slot);
        slot.owner.forked.remove(slot.pid());
        slot.owner.detached.remove(slot.pid());
    }

    /**
     * Moves one with all below it; null for below the group's root. Where requests were finished above it before and are
     * no longer, nobody else tells those below it that they may stop.
     */
    void reparent(Slot slot, @Nullable Slot next) {
        boolean held = drainsAbove(slot);
        touch(slot);
        Slot before = slot.parent;
        if (before != null) {
            before.disinherit(slot);
        }
        if (next == null) {
            slot.owner.detached.put(slot.pid(), slot);
            state.put(slot, slot.row().withParent(slot.owner.row.supervisorPid()));
        } else {
            slot.owner.detached.remove(slot.pid());
            next.adopt(slot);
            state.put(slot, slot.row().withParent(next.pid()));
        }
        if (held && !drainsAbove(slot)) {
            touchBelow(slot);
        }
    }

    /** All that goes with a process, parents before children: a detached one is named, what is below it is not. */
    List<Slot> below(Slot root) {
        List<Slot> found = new ArrayList<>();
        Deque<Slot> next = new ArrayDeque<>(root.children());
        while (!next.isEmpty()) {
            Slot slot = next.removeFirst();
            found.add(slot);
            if (!outlives(slot)) {
                next.addAll(slot.children());
            }
        }
        return found;
    }

    /** Whether it goes on when its parent ends. */
    static boolean outlives(Slot slot) {
        return slot.row().isDetached() && !slot.is(ProcessState.STOPPING);
    }

    /** Number of processes from the group's root down to it. */
    static int depth(Slot slot) {
        int depth = 0;
        for (Slot each = slot; each != null; each = each.parent) {
            depth++;
        }
        return depth;
    }

    /** Whether requests under way are still finished somewhere above it. */
    static boolean drainsAbove(Slot slot) {
        for (Slot each = slot.parent; each != null; each = each.parent) {
            if (each.isDraining()) {
                return true;
            }
        }
        return false;
    }

    static List<Supervision.Sibling> siblings(Slot parent) {
        List<Supervision.Sibling> siblings = new ArrayList<>(parent.children().size());
        for (Slot child : parent.children()) {
            siblings.add(Supervision.Sibling.of(child.row()));
        }
        return siblings;
    }

    /** Its moment has come. */
    void wake(long pid) {
        unsettled.add(pid);
    }

    /** It has changed: its next step is looked for, and that of those who may have waited for it. */
    void touch(Slot slot) {
        if (slot.isForked() || slot.ending) {
            unsettled.add(slot.pid());
        }
        Slot parent = slot.parent;
        if (parent != null) {
            touchAround(parent);
        }
    }

    /** A child of it has changed, or is waited for no longer. */
    void touchAround(Slot parent) {
        Process row = parent.row();
        if (row.state() == ProcessState.STOPPING) {
            unsettled.add(parent.pid());
        } else if (row.keeping() != null && row.keeping().concernsSiblings()) {
            unsettledFamilies.add(parent.pid());
        }
    }

    /** It may be the turn of its children, or of all below it. */
    void touchChildren(Slot parent) {
        for (Slot child : parent.children()) {
            unsettled.add(child.pid());
        }
    }

    void touchBelow(Slot root) {
        for (Slot slot : below(root)) {
            unsettled.add(slot.pid());
        }
        touch(root);
    }

    boolean isSettled() {
        return unsettled.isEmpty() && unsettledFamilies.isEmpty();
    }

    /** The pid of one to be looked at; null for none. Of an ordered family only those whose turn it is are looked at. */
    @Nullable
    Long next() {
        while (unsettled.isEmpty() && !unsettledFamilies.isEmpty()) {
            Slot parent = state.slots.get(take(unsettledFamilies));
            if (parent != null) {
                add(Supervision.nextToStop(waitedFor(parent, state)));
                add(Supervision.nextToStart(siblings(parent)));
            }
        }
        return unsettled.isEmpty() ? null : take(unsettled);
    }

    private void add(@Nullable Long pid) {
        if (pid != null) {
            unsettled.add(pid);
        }
    }

    /** The children, without those that take too long to stop. */
    static List<Supervision.Sibling> waitedFor(Slot parent, State state) {
        List<Supervision.Sibling> siblings = new ArrayList<>();
        for (Slot child : parent.children()) {
            if (!child.isOverdue(state.now)) {
                siblings.add(Supervision.Sibling.of(child.row()));
            }
        }
        return siblings;
    }

    private static long take(Set<Long> pids) {
        Iterator<Long> iterator = pids.iterator();
        long pid = iterator.next();
        iterator.remove();
        return pid;
    }
}
