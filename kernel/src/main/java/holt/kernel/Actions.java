package holt.kernel;

import holt.model.ProcessState;
import java.time.Duration;
import java.time.Instant;
import org.jspecify.annotations.Nullable;

/**
 * The one place through which every start, replacement and stop of the plans goes: no more a second than the settings
 * allow, the most urgent first. Stops have a share of their own and never wait for starts; so have strays, which are not
 * kept waiting: the next report shows them again. Owned by the brain's thread.
 */
final class Actions {
    /** What waits no longer than this is not worth a word. */
    private static final Duration MOMENT = Duration.ofSeconds(2);

    /** How the note of what waits for its turn begins. */
    static final String WAITS = "waits for its turn: ";

    private final State state;
    private final Turns starts = new Turns();
    private final Turns stops = new Turns();
    private final TokenBucket startTokens;
    private final TokenBucket stopTokens;
    private final TokenBucket strayTokens;

    Actions(State state) {
        this.state = state;
        Bounds bounds = state.settings.bounds();
        this.startTokens = TokenBucket.perSecond(bounds.actionsPerSecond(), bounds.actionsBurst());
        this.stopTokens = TokenBucket.perSecond(bounds.actionsPerSecond(), bounds.actionsBurst());
        this.strayTokens = TokenBucket.perSecond(bounds.actionsPerSecond(), bounds.actionsBurst());
    }

    /** Has a start or a replacement wait for its turn. */
    void awaitStart(Slot slot, Decision.Paced decision, Turns.Urgency urgency) {
        slot.awaitsStart = true;
        starts.add(slot.pid(), decision, urgency, state.now);
    }

    /** Has a stop wait for its turn. */
    void awaitStop(Slot slot, Decision.Paced decision) {
        slot.awaitsStop = true;
        stops.add(slot.pid(), decision, Turns.Urgency.NOBODY_SERVES, state.now);
    }

    /** A start that had its turn found no host: another may have the turn. */
    void startCameToNothing() {
        startTokens.giveBack();
    }

    /** Nothing is to be done for the process any more. */
    void forget(long pid) {
        starts.remove(pid);
        stops.remove(pid);
    }

    /** Whether a process nobody wants may be ended now. */
    boolean mayEndStray() {
        return strayTokens.take(state.now);
    }

    /** The next decision to carry out now; null where none waits or no more may be done at present. */
    Decision.@Nullable Paced next() {
        Decision.Paced stop = next(stops, stopTokens);
        return stop != null ? stop : next(starts, startTokens);
    }

    private Decision.@Nullable Paced next(Turns turns, TokenBucket tokens) {
        while (!turns.isEmpty() && !state.now.isBefore(tokens.nextAt())) {
            Turns.Turn turn = turns.take();
            if (turn != null && isStillRight(turn)) {
                tokens.take(state.now);
                return turn.decision();
            }
        }
        return null;
    }

    /** What was decided some time ago is done only if it would be decided now. */
    private boolean isStillRight(Turns.Turn turn) {
        Slot slot = state.slots.get(turn.pid());
        if (slot == null) {
            return false;
        }
        boolean stop = turn.decision() instanceof Decision.Stop;
        if (stop) {
            slot.awaitsStop = false;
        } else {
            slot.awaitsStart = false;
        }
        boolean right = switch (turn.decision()) {
            case Decision.Place place -> slot.is(ProcessState.WAITING) && Descendants.mayStart(slot);
            case Decision.Replace replace -> slot.is(ProcessState.LOST);
            case Decision.Stop asked -> slot.isDraining();
        };
        if (!right) {
            state.touch(slot);
        }
        return right;
    }

    /** When there is something to do here though nothing has happened; null while nothing waits. */
    @Nullable
    Instant wakeAt() {
        Instant stop = wakeAt(stops, stopTokens);
        Instant start = wakeAt(starts, startTokens);
        return start == null || (stop != null && stop.isBefore(start)) ? stop : start;
    }

    private static @Nullable Instant wakeAt(Turns turns, TokenBucket tokens) {
        if (turns.isEmpty()) {
            return null;
        }
        Instant untold = turns.untoldSince();
        Instant token = tokens.nextAt();
        return untold == null || token.isBefore(untold.plus(MOMENT)) ? token : untold.plus(MOMENT);
    }

    /** Tells people why nothing is seen of what waits for more than a moment. */
    void explain() {
        explain(starts, "start");
        explain(stops, "stop");
    }

    private void explain(Turns turns, String noun) {
        Instant since = state.now.minus(MOMENT);
        for (Turns.Turn turn = turns.takeUntold(since); turn != null; turn = turns.takeUntold(since)) {
            Slot slot = state.slots.get(turn.pid());
            if (slot != null) {
                slot.note(WAITS + Sentences.count(turns.before(turn), noun) + " before it");
                state.changedApps.add(slot.owner.name());
            }
        }
    }
}
