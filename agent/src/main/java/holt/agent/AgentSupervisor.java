package holt.agent;

import holt.agent.AgentEffect.Answer;
import holt.agent.AgentEffect.AwaitReady;
import holt.agent.AgentEffect.Changed;
import holt.agent.AgentEffect.Examine;
import holt.agent.AgentEffect.Forget;
import holt.agent.AgentEffect.Kill;
import holt.agent.AgentEffect.Launch;
import holt.agent.AgentEffect.RunBeforeStop;
import holt.agent.AgentEffect.Terminate;
import holt.agent.AgentEffect.WakeAt;
import holt.agent.AgentEffect.Watch;
import holt.model.AgentReply;
import holt.model.Exit;
import holt.model.ProcessSpec;
import holt.model.ProcessState;
import holt.model.Resources;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Collection;
import java.util.Comparator;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.Set;

/**
 * The agent's brain: which instances are here and in what state. Told one event and the time, it says what is to be
 * done. It never promises more than there is, and does nothing twice for one (pid, incarnation). No I/O, no
 * clock; owned by one thread.
 */
public final class AgentSupervisor {
    static final int KEPT_EXITED_OF_ONE_APP = 5;
    static final int KEPT_EXITED = 100;
    static final int REMEMBERED_KEYS = 20_000;
    private static final Duration UNREADY_GRACE = Duration.ofSeconds(1);
    private static final Duration UNHEALTHY_GRACE = Duration.ofSeconds(10);

    private final Resources capacity;
    private final Duration keepExited;
    private final Map<InstanceKey, InstanceStatus> instances = new LinkedHashMap<>();
    private final Set<InstanceKey> past = new LinkedHashSet<>();
    private boolean closing;

    /**
     * A brain that knows of no instance yet.
     *
     * @param capacity what may be promised to instances
     * @param keepExited how long an ended instance stays for inspection
     */
    public AgentSupervisor(Resources capacity, Duration keepExited) {
        this.capacity = capacity;
        this.keepExited = keepExited;
    }

    /** Takes one event and says what is to be done, in this order. */
    public List<AgentEffect> handle(AgentEvent event, Instant now) {
        List<AgentEffect> effects = new ArrayList<>();
        switch (event) {
            case AgentEvent.StartAsked asked -> effects.addAll(start(asked, now));
            case AgentEvent.StopAsked asked -> {
                effects.add(new Answer(asked.request(), new AgentReply.Accepted()));
                effects.addAll(stop(asked.key(), Duration.ofMillis(asked.graceMillis()), now));
            }
            case AgentEvent.StopAllAsked asked -> effects.addAll(stopAll(Duration.ofMillis(asked.graceMillis()), now));
            case AgentEvent.Past before -> before.keys().forEach(this::remember);
            case AgentEvent.Found found -> effects.addAll(found(found, now));
            case AgentEvent.Launched launched -> effects.addAll(launched(launched, now));
            case AgentEvent.Ready ready -> effects.addAll(ready(ready.key(), now));
            case AgentEvent.NotReady unready -> effects.addAll(notReady(unready, now));
            case AgentEvent.Unhealthy sick -> effects.addAll(unhealthy(sick, now));
            case AgentEvent.ReadinessSeen seen -> effects.addAll(readinessSeen(seen));
            case AgentEvent.BeforeStopDone done -> effects.addAll(beforeStopDone(done.key()));
            case AgentEvent.Ended ended -> effects.addAll(ended(ended, now));
            case AgentEvent.Woken() -> {}
        }
        effects.addAll(killOverdue(now));
        effects.addAll(forgetOld(now));
        nextMoment().ifPresent(moment -> effects.add(new WakeAt(moment)));
        return effects;
    }

    /** All instances, those that ended and were not yet forgotten among them. */
    public Collection<InstanceStatus> instances() {
        return List.copyOf(instances.values());
    }

    /** What may be given to instances. */
    Resources capacity() {
        return capacity;
    }

    /** What is promised to the instances that live. */
    public Resources reserved() {
        Resources reserved = Resources.NONE;
        for (InstanceStatus status : live()) {
            reserved = reserved.plus(Resources.of(status.spec().limits()));
        }
        return reserved;
    }

    /** Whether no instance lives. */
    boolean isEmpty() {
        return live().isEmpty();
    }

    private List<AgentEffect> start(AgentEvent.StartAsked asked, Instant now) {
        ProcessSpec spec = asked.spec();
        InstanceKey key = InstanceKey.of(spec);
        if (instances.containsKey(key)) {
            return List.of(new Answer(asked.request(), new AgentReply.Accepted()));
        }
        if (past.contains(key)) {
            // Nobody will hear of it any more: whoever still waits for it has to ask for a new start.
            return List.of(new Answer(
                    asked.request(), new AgentReply.Refused("this start has ended here, or was stopped before it")));
        }
        if (closing) {
            return List.of(new Answer(asked.request(), new AgentReply.Refused("this host is being shut down")));
        }
        if (!spec.arguments().isEmpty()) {
            return List.of(new Answer(
                    asked.request(), new AgentReply.Refused("this agent cannot pass arguments to a program yet")));
        }
        Optional<String> lack = Admission.lack(Resources.of(spec.limits()), capacity, reserved());
        if (lack.isPresent()) {
            return List.of(new Answer(asked.request(), new AgentReply.Refused(lack.get())));
        }
        InstanceStatus status = InstanceStatus.starting(spec, now);
        instances.put(key, status);
        return List.of(new Answer(asked.request(), new AgentReply.Accepted()), new Changed(status), new Launch(spec));
    }

    private List<AgentEffect> stop(InstanceKey key, Duration grace, Instant now) {
        InstanceStatus status = instances.get(key);
        if (status == null) {
            // A start that was overtaken by its stop must not happen any more.
            return remember(key) ? List.of(new AgentEffect.Remember(key)) : List.of();
        }
        if (status.isExited()) {
            return List.of();
        }
        Instant killAt = now.plus(grace);
        if (status.state() == ProcessState.STOPPING) {
            if (status.killAt() != null && killAt.isBefore(status.killAt())) {
                instances.put(
                        key, status.stopping(status.cause() == null ? StopCause.ASKED : status.cause(), killAt, now));
            }
            return List.of();
        }
        return stopping(status.stopping(StopCause.ASKED, killAt, now));
    }

    private List<AgentEffect> stopping(InstanceStatus next) {
        instances.put(next.key(), next);
        if (next.startedAt() == null) {
            return List.of(new Changed(next));
        }
        boolean asksBefore = !next.spec().lifecycle().beforeStop().isEmpty();
        return List.of(new Changed(next), asksBefore ? new RunBeforeStop(next) : new Terminate(next.key()));
    }

    private List<AgentEffect> beforeStopDone(InstanceKey key) {
        InstanceStatus status = instances.get(key);
        return status != null && status.state() == ProcessState.STOPPING ? List.of(new Terminate(key)) : List.of();
    }

    private List<AgentEffect> stopAll(Duration grace, Instant now) {
        closing = true;
        List<AgentEffect> effects = new ArrayList<>();
        live().forEach(status -> effects.addAll(stop(status.key(), grace, now)));
        return effects;
    }

    private List<AgentEffect> found(AgentEvent.Found found, Instant now) {
        InstanceStatus status = found.status();
        instances.put(status.key(), status);
        if (status.isExited()) {
            return List.of();
        }
        if (!found.alive()) {
            return List.of(new Examine(status.key()));
        }
        InstanceStatus alive = status.startedAt() == null ? status.launched(placeOf(status), now) : status;
        instances.put(status.key(), alive);
        return switch (alive.state()) {
            case STARTING -> List.of(awaitReady(alive));
            case STOPPING -> List.of(new Terminate(alive.key()));
            case RUNNING -> watch(alive);
            case WAITING, EXITED, LOST -> List.of();
        };
    }

    private static Place placeOf(InstanceStatus status) {
        return status.place() == null ? new Place("", 0) : status.place();
    }

    private List<AgentEffect> launched(AgentEvent.Launched event, Instant now) {
        InstanceStatus status = instances.get(event.key());
        if (status == null || status.isExited()) {
            return List.of();
        }
        InstanceStatus next = status.launched(event.place(), now);
        instances.put(event.key(), next);
        return next.state() == ProcessState.STOPPING
                ? List.of(new Changed(next), new Terminate(event.key()))
                : List.of(new Changed(next), awaitReady(next));
    }

    private static AwaitReady awaitReady(InstanceStatus status) {
        Instant start = status.startedAt() == null ? status.since() : status.startedAt();
        return new AwaitReady(
                status, start.plusSeconds(status.spec().readiness().limitSeconds()));
    }

    private List<AgentEffect> ready(InstanceKey key, Instant now) {
        InstanceStatus status = instances.get(key);
        if (status == null || status.state() != ProcessState.STARTING) {
            return List.of();
        }
        InstanceStatus next = status.running(now);
        instances.put(key, next);
        List<AgentEffect> effects = new ArrayList<>(List.of(new Changed(next)));
        effects.addAll(watch(next));
        return effects;
    }

    private static List<AgentEffect> watch(InstanceStatus status) {
        ProcessSpec spec = status.spec();
        return HealthWatch.isNeeded(spec.lifecycle().liveness(), spec.readiness())
                ? List.of(new Watch(status))
                : List.of();
    }

    private List<AgentEffect> unhealthy(AgentEvent.Unhealthy event, Instant now) {
        InstanceStatus status = instances.get(event.key());
        if (status == null || status.state() != ProcessState.RUNNING) {
            return List.of();
        }
        int seconds = status.spec().lifecycle().graceSeconds();
        Duration grace = seconds > 0 ? Duration.ofSeconds(seconds) : UNHEALTHY_GRACE;
        StopCause cause = new StopCause(Exit.Reason.UNHEALTHY, event.detail());
        return stopping(status.unready(event.detail()).stopping(cause, now.plus(grace), now));
    }

    private List<AgentEffect> readinessSeen(AgentEvent.ReadinessSeen event) {
        InstanceStatus status = instances.get(event.key());
        if (status == null
                || status.state() != ProcessState.RUNNING
                || Objects.equals(status.unready(), event.unready())) {
            return List.of();
        }
        InstanceStatus next = status.unready(event.unready());
        instances.put(event.key(), next);
        return List.of(new Changed(next));
    }

    private List<AgentEffect> notReady(AgentEvent.NotReady event, Instant now) {
        InstanceStatus status = instances.get(event.key());
        if (status == null || status.state() != ProcessState.STARTING) {
            return List.of();
        }
        StopCause cause = new StopCause(Exit.Reason.START_TIMEOUT, event.detail());
        return stopping(status.stopping(cause, now.plus(UNREADY_GRACE), now));
    }

    private List<AgentEffect> ended(AgentEvent.Ended event, Instant now) {
        InstanceStatus status = instances.get(event.key());
        if (status == null || status.isExited()) {
            return List.of();
        }
        Exit exit = ExitRules.exit(
                event.facts(), status.cause(), status.spec().limits().memoryBytes());
        InstanceStatus next = status.exited(exit, now);
        instances.put(event.key(), next);
        return List.of(new Changed(next));
    }

    private List<AgentEffect> killOverdue(Instant now) {
        List<AgentEffect> effects = new ArrayList<>();
        for (InstanceStatus status : live()) {
            Instant killAt = status.killAt();
            if (killAt != null && status.startedAt() != null && !killAt.isAfter(now)) {
                instances.put(status.key(), status.killed());
                effects.add(new Kill(status.key()));
            }
        }
        return effects;
    }

    private List<AgentEffect> forgetOld(Instant now) {
        List<InstanceStatus> exited = instances.values().stream()
                .filter(InstanceStatus::isExited)
                .sorted(Comparator.comparing(InstanceStatus::since).reversed())
                .toList();
        List<AgentEffect> effects = new ArrayList<>();
        Map<String, Integer> ofApp = new LinkedHashMap<>();
        int kept = 0;
        for (InstanceStatus status : exited) {
            int sameApp = ofApp.merge(status.spec().app(), 1, Integer::sum);
            boolean old = !status.since().plus(keepExited).isAfter(now);
            if (old || sameApp > KEPT_EXITED_OF_ONE_APP || kept >= KEPT_EXITED) {
                instances.remove(status.key());
                remember(status.key());
                effects.add(new Forget(status.key()));
            } else {
                kept++;
            }
        }
        return effects;
    }

    private Optional<Instant> nextMoment() {
        return instances.values().stream()
                .flatMap(status -> status.isExited()
                        ? java.util.stream.Stream.of(status.since().plus(keepExited))
                        : status.startedAt() == null
                                ? java.util.stream.Stream.empty()
                                : java.util.stream.Stream.ofNullable(status.killAt()))
                .min(Comparator.naturalOrder());
    }

    private boolean remember(InstanceKey key) {
        boolean fresh = past.add(key);
        if (past.size() > REMEMBERED_KEYS) {
            past.remove(past.iterator().next());
        }
        return fresh;
    }

    private List<InstanceStatus> live() {
        return instances.values().stream().filter(status -> !status.isExited()).toList();
    }
}
