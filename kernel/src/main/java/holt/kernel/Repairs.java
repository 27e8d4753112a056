package holt.kernel;

import holt.model.Event;
import holt.model.Exit;
import holt.model.HostReport;
import holt.model.ProcessReport;
import holt.model.ProcessState;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * Acts on what the health manager finds, after a look at the table whether it still holds: a finding acted on before may
 * have changed it. Owned by the brain's thread.
 */
final class Repairs {
    private final State state;
    private final Processes processes;
    private final Endings endings;
    private final Timers timers;

    Repairs(State state, Processes processes, Endings endings, Timers timers) {
        this.state = state;
        this.processes = processes;
        this.endings = endings;
        this.timers = timers;
    }

    void act(List<Finding> findings) {
        findings.forEach(this::act);
    }

    private void act(Finding finding) {
        switch (finding) {
            case Finding.HostBack back -> comesBack(back.host());
            case Finding.Uncalled uncalled -> state.outbox.reply(new Effect.CallHosts(uncalled.word()));
            case Finding.HostHeard heard -> hear(heard.host(), heard.report());
            case Finding.HostLost lost -> lose(lost.host(), lost.silent());
            case Finding.HostForgotten forgotten -> forget(forgotten.host(), forgotten.silent());
            case Finding.HostRefused refused -> refuse(refused.host(), refused.known());
            case Finding.Ended end -> ended(find(end.host(), end.pid(), end.incarnation()), end.exit());
            case Finding.Missing gone -> ended(find(gone.host(), gone.pid(), gone.incarnation()), gone());
            case Finding.NotYetThere start -> startAgain(find(start.host(), start.pid(), start.incarnation()));
            case Finding.Ready ready -> ready(find(ready.host(), ready.pid(), ready.incarnation()), ready.report());
            case Finding.ReadinessChanged change ->
                readinessChanged(find(change.host(), change.pid(), change.incarnation()), change.unready());
            case Finding.StartingAgain again -> comesUp(find(again.host(), again.pid(), again.incarnation()));
            case Finding.StopNotDone stop -> stopAgain(find(stop.host(), stop.pid(), stop.incarnation()));
            case Finding.WrongIncarnation wrong -> endStray(wrong.host(), wrong.pid(), wrong.incarnation());
            case Finding.WrongVersion wrong -> end(wrong.host(), wrong.pid(), wrong.incarnation());
            case Finding.Misplaced wrong -> endStray(wrong.host(), wrong.pid(), wrong.incarnation());
            case Finding.Extra extra -> endStray(extra.host(), extra.pid(), extra.incarnation());
        }
    }

    /** The process, if the table still has that start of it on that host. */
    private @Nullable Slot find(String host, long pid, int incarnation) {
        Slot slot = state.slots.get(pid);
        return slot != null
                        && slot.row().incarnation() == incarnation
                        && host.equals(slot.row().host())
                ? slot
                : null;
    }

    private void comesBack(String name) {
        Hosts.Host host = state.hosts.known(name, state.now);
        host.comeBack();
        lookAgain(name);
        state.event("", Event.HOST_BACK, "Host " + name + " is back", Map.of("host", name));
    }

    private void hear(String name, @Nullable HostReport report) {
        Hosts.Host host = state.hosts.known(name, state.now);
        if (report == null) {
            host.heardAt = state.now;
        } else {
            host.accept(report, state.now);
            state.hostsWithRoom.add(name);
            if (!timers.has(new Timers.OfHost(name))) {
                lookAgain(name);
            }
        }
        state.touch(host);
    }

    private void lookAgain(String name) {
        timers.put(new Timers.OfHost(name), state.health.lookAgainAt(name));
    }

    private void lose(String name, Duration silent) {
        Hosts.Host host = state.hosts.known(name, state.now);
        host.lose();
        state.touch(host);
        String there = Sentences.count(host.slots.size(), "process");
        state.event(
                "",
                Event.HOST_LOST,
                "Host " + name + " has been silent for " + Sentences.seconds(silent) + "; " + there + " there",
                Map.of("host", name, "processes", Integer.toString(host.slots.size())));
        new ArrayList<>(host.slots.values()).forEach(processes::lost);
    }

    private void forget(String name, Duration silent) {
        state.hosts.forget(name);
        state.changedHosts.add(name);
        timers.put(new Timers.OfHost(name), null);
        state.event(
                "",
                Event.HOST_FORGOTTEN,
                "Host " + name + " holds nothing, has been silent for " + Sentences.seconds(silent)
                        + " and is known no longer",
                Map.of("host", name));
    }

    private void refuse(String name, int known) {
        state.event(
                "",
                Event.HOST_REFUSED,
                "Host " + Sentences.brief(name) + " is not taken in: " + known + " hosts are known, as many as may be",
                Map.of("known", Integer.toString(known)));
    }

    private void ended(@Nullable Slot slot, Exit exit) {
        if (slot == null) {
            return;
        }
        // Its program never ran, which tells of the host and not of the release: another host is asked.
        if (exit.reason() == Exit.Reason.START_FAILED && slot.is(ProcessState.STARTING)) {
            processes.refused(slot, exit.detail());
        } else {
            endings.ended(slot, exit);
        }
    }

    private static Exit gone() {
        return new Exit(Exit.Reason.UNKNOWN, -1, "it was gone when its host was looked at", List.of());
    }

    private void startAgain(@Nullable Slot slot) {
        comesUp(slot);
        if (slot != null && slot.is(ProcessState.STARTING)) {
            processes.askToStart(slot);
        }
    }

    private void ready(@Nullable Slot slot, ProcessReport report) {
        if (slot != null && slot.isActive()) {
            processes.ready(slot, report);
        }
    }

    private void readinessChanged(@Nullable Slot slot, @Nullable String unready) {
        if (slot != null && slot.isActive()) {
            processes.readinessChanged(slot, unready);
        }
    }

    private void comesUp(@Nullable Slot slot) {
        if (slot != null && slot.is(ProcessState.LOST)) {
            processes.startsAgain(slot);
        }
    }

    private void stopAgain(@Nullable Slot slot) {
        if (slot != null && slot.stopAsked) {
            endings.askToStop(slot);
        }
    }

    private void endStray(String host, long pid, int incarnation) {
        if (find(host, pid, incarnation) == null) {
            end(host, pid, incarnation);
        }
    }

    private void end(String host, long pid, int incarnation) {
        if (state.actions.mayEndStray()) {
            endings.askToStop(host, pid, incarnation);
        }
    }

    /** An agent would not start it, or said nothing. One that showed itself since was started all the same. */
    void refused(Input.StartRefused refusal) {
        Slot slot = refusal.host() == null ? null : find(refusal.host(), refusal.pid(), refusal.incarnation());
        if (slot != null && slot.is(ProcessState.STARTING) && !state.health.wasSeen(refusal.pid())) {
            processes.refused(slot, String.valueOf(refusal.reason()));
        }
    }
}
