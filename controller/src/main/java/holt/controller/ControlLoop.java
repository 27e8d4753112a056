package holt.controller;

import holt.bus.Bus;
import holt.bus.PayloadTooLarge;
import holt.kernel.Brain;
import holt.kernel.ClusterView;
import holt.kernel.Effect;
import holt.kernel.Input;
import holt.model.AppCommand;
import holt.model.Change;
import holt.model.Event;
import holt.model.Json;
import holt.model.Problem;
import holt.model.ProblemException;
import holt.model.ProcessCommand;
import holt.model.Subjects;
import holt.model.Truth;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.LockSupport;
import java.util.function.Consumer;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/**
 * The shell around the cluster's brain. One thread owns the brain: it takes what has come together since the last round,
 * lets the brain decide, commits all changes of the round as one, and only then carries out the other effects. So nobody
 * is told, and no agent asked, what a crash could still undo.
 *
 * <p>Where a commit fails, the callers of that round get the reason, and the brain, which now believes what is not so, is
 * thrown away and made anew from the store.
 */
final class ControlLoop implements AutoCloseable {
    private static final System.Logger LOG = System.getLogger(ControlLoop.class.getName());
    private static final int MAX_ROUND = 256;
    private static final Duration LONGEST_WAIT = Duration.ofSeconds(1);
    private static final Duration RELOAD_PAUSE = Duration.ofSeconds(1);

    /** Where the truth is. */
    interface Store {
        Truth load();

        void commit(List<Change> changes);
    }

    private final Bus bus;
    private final Store store;
    private final Function<Truth, Brain> brains;
    private final InstantSource clock;
    private final Consumer<List<Event>> listener;
    private final LinkedBlockingQueue<Input> inputs = new LinkedBlockingQueue<>();
    private final Callers callers = new Callers();
    private final Asker asker;
    private final Thread thread = new Thread(this::run, "control-loop");
    /** Owned by whoever starts and closes. */
    private @Nullable Reports reports;

    /** Owned by the loop's thread once it runs. */
    private Brain brain;

    /** Owned by the loop's thread. */
    private @Nullable Instant wakeAt;

    /**
     * Whether anything was committed since the brain was made anew. If not, a store that reads but does not write would
     * have it made again and again, and all agents report each time. Owned by the loop's thread.
     */
    private boolean committedSinceReload = true;

    /** Written by the loop's thread, read by all. */
    private volatile ClusterView view;
    /** Written by the thread that closes. */
    private volatile boolean closing;
    /** Written by the loop's thread. */
    private volatile boolean ended;
    /** Written by the loop's thread. */
    private volatile boolean reloading;

    /**
     * @param brains makes a brain from a truth
     * @param listener is given events when they are committed, oldest first, on the loop's thread
     */
    ControlLoop(
            Bus bus, Store store, Function<Truth, Brain> brains, InstantSource clock, Consumer<List<Event>> listener) {
        this.bus = bus;
        this.store = store;
        this.brains = brains;
        this.clock = clock;
        this.listener = listener;
        this.asker = new Asker(bus, inputs::add);
        this.brain = brains.apply(store.load());
        this.view = brain.snapshot();
        thread.setDaemon(true);
    }

    /** Begins to listen and to decide. */
    void start() {
        reports = new Reports(bus, inputs, callers);
        thread.start();
    }

    /** The state as of the last round that was committed. */
    ClusterView view() {
        return view;
    }

    /**
     * Has a command decided on.
     *
     * @return what it came to, after it was committed
     * @throws ProblemException when it was refused, or could not be committed
     */
    Effect.Reply command(AppCommand command) {
        if (closing) {
            throw Callers.ending().exception();
        }
        return callers.command(command, this::queue);
    }

    /** Has a command of processes decided on; see {@link #command(AppCommand)}. */
    Effect.Reply command(ProcessCommand command) {
        if (closing) {
            throw Callers.ending().exception();
        }
        return callers.command(command, this::queue);
    }

    /** Nobody answers what comes after the loop's last round. */
    private void queue(Input input) {
        inputs.add(input);
        if (ended) {
            callers.failAll(Callers.ending());
        }
    }

    /** Whether commands are decided on at present: not while the store cannot be read. */
    boolean decides() {
        return thread.isAlive() && !reloading;
    }

    private void run() {
        begin();
        while (!(closing && inputs.isEmpty())) {
            round(nextInputs());
        }
        ended = true;
        callers.failAll(Callers.ending());
    }

    private void begin() {
        try {
            carryOut(brain.start(clock.instant()));
        } catch (RuntimeException fault) {
            recover(fault);
        }
    }

    private List<Input> nextInputs() {
        List<Input> round = new ArrayList<>();
        try {
            Input first = inputs.poll(nanosToWait(), TimeUnit.NANOSECONDS);
            if (first != null) {
                round.add(first);
                inputs.drainTo(round, MAX_ROUND - 1);
            }
        } catch (InterruptedException nobodyDoesThis) {
            LOG.log(System.Logger.Level.WARNING, "event=loop-interrupted");
        }
        Instant moment = wakeAt;
        if (moment != null && !clock.instant().isBefore(moment)) {
            wakeAt = null;
            round.add(new Input.Woken());
        }
        return round;
    }

    private long nanosToWait() {
        Instant moment = wakeAt;
        if (closing) {
            return 0;
        }
        if (moment == null) {
            return LONGEST_WAIT.toNanos();
        }
        Duration left = Duration.between(clock.instant(), moment);
        return left.isNegative() ? 0 : Math.min(left.toNanos(), LONGEST_WAIT.toNanos());
    }

    private void round(List<Input> round) {
        if (round.isEmpty()) {
            return;
        }
        try {
            List<Effect> effects = new ArrayList<>();
            Instant now = clock.instant();
            for (Input input : round) {
                callers.givenToBrain(input);
                effects.addAll(brain.handle(input, now));
            }
            carryOut(effects);
        } catch (RuntimeException fault) {
            recover(fault);
        }
    }

    private void carryOut(List<Effect> effects) {
        commit(effects);
        view = brain.snapshot();
        for (Effect effect : effects) {
            switch (effect) {
                case Effect.Persist committed -> {}
                case Effect.Reply reply -> callers.reply(reply);
                case Effect.Ask ask -> asker.ask(ask);
                case Effect.PublishRoutes routes ->
                    tell(() -> bus.publish(Subjects.ROUTES, Json.bytes(routes.update())));
                case Effect.AnswerSync answer -> tell(() -> callers.answer(answer));
                case Effect.CallHosts call ->
                    bus.publish(Subjects.HOSTS_ANNOUNCE, call.word().getBytes(StandardCharsets.UTF_8));
                case Effect.WakeAt wake -> wakeAt = wake.moment();
            }
        }
    }

    /** What is too large for the bus must not have the brain made anew, which would want to say the same again. */
    private static void tell(Runnable telling) {
        try {
            telling.run();
        } catch (PayloadTooLarge tooLarge) {
            LOG.log(System.Logger.Level.ERROR, "event=routes-not-told reason=\"{0}\"", tooLarge.getMessage());
        }
    }

    private void commit(List<Effect> effects) {
        List<Change> changes = new ArrayList<>();
        for (Effect effect : effects) {
            if (effect instanceof Effect.Persist persist) {
                changes.addAll(persist.changes());
            }
        }
        if (changes.isEmpty()) {
            return;
        }
        store.commit(changes);
        committedSinceReload = true;
        List<Event> events = changes.stream()
                .filter(Change.AddEvent.class::isInstance)
                .map(change -> ((Change.AddEvent) change).event())
                .toList();
        if (!events.isEmpty()) {
            listener.accept(events);
        }
    }

    /** Tells those who waited for the failed round, and starts over from what is committed. */
    private void recover(Throwable fault) {
        Problem problem = Problems.of(fault);
        LOG.log(
                System.Logger.Level.WARNING,
                "event=brain-reloaded reason={0}",
                problem.code().code());
        callers.failGiven(problem);
        wakeAt = null;
        reloading = true;
        if (!committedSinceReload && !closing) {
            LockSupport.parkNanos(RELOAD_PAUSE.toNanos());
        }
        while (!reload() && !closing) {
            LockSupport.parkNanos(RELOAD_PAUSE.toNanos());
        }
        reloading = false;
    }

    private boolean reload() {
        try {
            brain = brains.apply(store.load());
            committedSinceReload = false;
            carryOut(brain.start(clock.instant()));
            return true;
        } catch (RuntimeException fault) {
            LOG.log(System.Logger.Level.ERROR, "event=brain-reload-failed reason=\"{0}\"", fault.getMessage());
            return false;
        }
    }

    /** Lets what was asked before come to its end. */
    @Override
    public void close() {
        if (reports != null) {
            reports.close();
        }
        closing = true;
        inputs.add(new Input.Woken());
        try {
            if (thread.isAlive() && !thread.join(Duration.ofSeconds(10))) {
                LOG.log(System.Logger.Level.WARNING, "event=loop-did-not-end");
            }
        } catch (InterruptedException interrupted) {
            Thread.currentThread().interrupt();
        }
    }
}
