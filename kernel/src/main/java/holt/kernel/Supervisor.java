package holt.kernel;

import static holt.kernel.Sentences.seconds;

import holt.model.AfterStop;
import holt.model.Event;
import holt.model.Exit;
import holt.model.Process;
import holt.model.ProcessState;
import holt.model.RestartPolicy;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayDeque;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * What follows when a process ended that nobody asked to end, or one that failed its children: carries out what
 * {@link Supervision} decides. What is below the process ends with it. Owned by the brain's thread.
 */
final class Supervisor {
    private final State state;
    private final Rollout rollout;
    private final Endings endings;

    Supervisor(State state, Rollout rollout, Endings endings) {
        this.state = state;
        this.rollout = rollout;
        this.endings = endings;
    }

    void afterEnd(Slot slot, Exit exit) {
        int crashes = crashes(slot);
        Supervision.Verdict verdict = decide(slot, exit, crashes);
        endings.endBelow(slot);
        switch (verdict) {
            case Supervision.Leave leave -> leave(slot, exit);
            case Supervision.Restart restart -> restart(slot, exit, crashes, restart);
            case Supervision.GiveUp up -> giveUp(slot, exit, crashes);
            case Supervision.Escalate escalate -> escalate(slot, exit, crashes, escalate.why());
        }
    }

    /** A host that is lost is not the process's failure. */
    private int crashes(Slot slot) {
        Process row = slot.row();
        return row.state() == ProcessState.LOST
                ? row.crashes()
                : state.settings.restart().count(row.crashes(), ran(row));
    }

    private Duration ran(Process row) {
        return row.state() == ProcessState.RUNNING ? Duration.between(row.stateSince(), state.now) : Duration.ZERO;
    }

    private Supervision.Verdict decide(Slot slot, Exit exit, int crashes) {
        Slot parent = slot.parent;
        Supervision.Keeper keeper =
                new Supervision.Keeper(parent == null ? null : parent.keeping(), state.settings.restart());
        ArrayDeque<Instant> restarts = parent == null ? null : parent.childRestarts;
        return Supervision.afterEnd(
                slot.pid(),
                slot.row().restart(),
                exit,
                crashes,
                keeper,
                restarts == null ? List.of() : restarts,
                parent == null || !keeper.concernsSiblings() ? List.of() : Trees.siblings(parent),
                state.now);
    }

    private void leave(Slot slot, Exit exit) {
        state.event(slot, Event.PROCESS_EXITED, slot.label() + " has ended: " + exit.detail(), Sentences.data(exit));
        endings.keepEnded(slot, slot.row().crashes(), exit);
    }

    private void restart(Slot slot, Exit exit, int crashes, Supervision.Restart restart) {
        String next = Sentences.next(restart);
        tellOf(slot, exit, next);
        if (state.settings.restart().isFlapping(crashes)) {
            flaps(slot, exit, crashes, next);
        }
        if (!state.slots.containsKey(slot.pid())) {
            return;
        }
        Slot parent = slot.parent;
        if (parent != null && Supervision.isCounted(exit)) {
            remember(parent);
        }
        again(slot, exit, crashes, restart.delay(), restart.flapping());
        for (long pid : restart.siblings()) {
            restartWith(state.slots.get(pid));
        }
    }

    private void tellOf(Slot slot, Exit exit, String next) {
        boolean lost = slot.is(ProcessState.LOST);
        state.event(
                slot,
                lost ? Event.PROCESS_LOST : Event.PROCESS_CRASHED,
                slot.label() + (lost ? " is lost: " : " crashed: ") + exit.detail() + "; " + next,
                Sentences.data(exit));
    }

    private void flaps(Slot slot, Exit exit, int crashes, String next) {
        state.event(
                slot,
                Event.PROCESS_FLAPPING,
                slot.label() + " has crashed " + crashes + " times in a row; " + next,
                Map.of("crashes", Integer.toString(crashes)));
        if (rollout.isBeingTried(slot)) {
            endings.failTrial(slot, exit);
        }
    }

    /** Only as many moments are kept as can matter. */
    private void remember(Slot parent) {
        ArrayDeque<Instant> restarts = parent.childRestarts;
        if (restarts == null) {
            restarts = new ArrayDeque<>(2);
            parent.childRestarts = restarts;
        }
        restarts.addLast(state.now);
        while (restarts.size() > parent.keeping().maxRestarts()) {
            restarts.removeFirst();
        }
    }

    private void again(Slot slot, Exit exit, int crashes, Duration delay, boolean flapping) {
        Instant notBefore = delay.isZero() ? null : state.now.plus(delay);
        startAnew(slot, crashes, notBefore, exit);
        slot.note((flapping ? "flapping" : "crashed") + ": next start in " + seconds(delay));
    }

    private void startAnew(Slot slot, int crashes, @Nullable Instant notBefore, @Nullable Exit exit) {
        state.put(slot, Rows.again(slot.row(), state.ids.next(), crashes, notBefore, exit, state.now));
    }

    /** Its stop for a restart with its siblings is done. */
    void startAgain(Slot slot, @Nullable Exit exit) {
        startAnew(slot, slot.row().crashes(), null, exit);
        slot.note("restarted with its siblings");
    }

    private void restartWith(@Nullable Slot sibling) {
        if (sibling == null) {
            return;
        }
        boolean again = sibling.row().restart() != RestartPolicy.NEVER;
        endings.endBelow(sibling);
        switch (sibling.row().state()) {
            case STARTING, RUNNING -> endings.beginStop(sibling, again ? AfterStop.RESTART : AfterStop.KEEP);
            case LOST -> {
                tellOf(sibling, Endings.silent(sibling), again ? "restarted with its siblings" : "not restarted");
                endings.disown(sibling);
                if (again) {
                    startAgain(sibling, sibling.row().exit());
                } else {
                    endings.keepEnded(sibling, sibling.row().crashes(), Endings.silent(sibling));
                }
            }
            case WAITING, STOPPING, EXITED -> {}
        }
    }

    private void giveUp(Slot slot, Exit exit, int crashes) {
        String next = Sentences.givenUp(slot.isForked());
        tellOf(slot, exit, next);
        if (state.settings.restart().isFlapping(crashes)) {
            flaps(slot, exit, crashes, next);
        }
        if (state.slots.containsKey(slot.pid())) {
            endings.keepEnded(slot, crashes, exit);
            slot.note("given up after " + crashes + " crashes in a row"
                    + (slot.isForked() ? "" : "; restart the app to try again"));
        }
    }

    /** A parent that is away cannot be ended: its child waits for it. */
    private void escalate(Slot slot, Exit exit, int crashes, String why) {
        Slot parent = slot.parent;
        if (parent == null || parent.is(ProcessState.LOST)) {
            tellOf(slot, exit, parent == null ? "restarting at once" : "restarting when its parent is back");
            again(slot, exit, crashes, Duration.ZERO, false);
            return;
        }
        tellOf(slot, exit, parent.label() + " fails: " + why);
        endings.remove(slot);
        endings.fail(parent, why, state.settings.restart().count(parent.row().crashes(), ran(parent.row())) - 1);
    }
}
