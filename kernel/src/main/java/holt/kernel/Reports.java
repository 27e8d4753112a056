package holt.kernel;

import holt.model.Event;
import holt.model.Exit;
import holt.model.HostReport;
import holt.model.ProcessReport;
import holt.model.ProcessState;
import holt.model.RouterReport;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * Compares what agents say with the process table. Nothing older than what is known counts; what nobody asked for is
 * ended; what is missing counts as ended once the host must have known of it.
 */
final class Reports {
    private final State state;
    private final Processes processes;
    private final Endings endings;
    private final Timers timers;

    Reports(State state, Processes processes, Endings endings, Timers timers) {
        this.state = state;
        this.processes = processes;
        this.endings = endings;
        this.timers = timers;
    }

    void host(HostReport report) {
        if (!isWhole(report)) {
            return;
        }
        boolean watched = state.hosts.find(report.host()) instanceof Hosts.Host known && !known.lost;
        Hosts.Host host = state.hosts.known(report.host(), state.now);
        if (!host.isNews(report)) {
            return;
        }
        if (host.lost) {
            comesBack(host);
        }
        host.accept(report, state.now);
        if (!watched) {
            timers.put(new Timers.OfHost(host.name), state.now.plus(state.settings.lease()));
        }
        Set<Long> present = new HashSet<>();
        for (ProcessReport process : report.processes()) {
            if (observe(host, report.epoch(), report.sequence(), process)) {
                present.add(process.pid());
            }
        }
        for (Slot slot : List.copyOf(host.slots.values())) {
            if (!present.contains(slot.pid()) && !slot.hasSeen(report.epoch(), report.sequence())) {
                missing(slot);
            }
        }
        state.touch(host);
        state.hostsWithRoom.add(host.name);
    }

    /** What comes from outside may lack what it must have: such a report is as good as lost. */
    private static boolean isWhole(HostReport report) {
        return report.host() != null
                && !report.host().isBlank()
                && report.epoch() != null
                && report.startedAt() != null;
    }

    /** Where all hosts were silent, we were deaf: those that speak first are not given the work of the others. */
    private void comesBack(Hosts.Host host) {
        if (!state.hosts.anyBidding()) {
            state.replaceNotBefore = state.now.plus(state.settings.lease());
        }
        host.lost = false;
        state.event("", Event.HOST_BACK, "Host " + host.name + " is back", Map.of("host", host.name));
    }

    /** A single process's change counts only in the epoch of its host's last full report. */
    void process(ProcessReport report) {
        Hosts.Host host = state.hosts.find(report.host());
        HostReport last = host == null ? null : host.report;
        if (host == null
                || last == null
                || report.epoch() == null
                || !last.epoch().equals(report.epoch())
                || report.sequence() <= last.sequence()) {
            return;
        }
        Slot slot = state.slots.get(report.pid());
        if (slot != null && slot.hasSeen(report.epoch(), report.sequence())) {
            return;
        }
        host.heardAt = state.now;
        state.touch(host);
        observe(host, report.epoch(), report.sequence(), report);
    }

    /** Takes in what is said of one process; tells whether it is ours and in its right place. */
    private boolean observe(Hosts.Host host, String epoch, long sequence, ProcessReport report) {
        if (report.state() == null) {
            return false;
        }
        Slot slot = state.slots.get(report.pid());
        if (slot == null
                || slot.row().incarnation() != report.incarnation()
                || !host.name.equals(slot.row().host())) {
            endStranger(host, report);
            return false;
        }
        if (slot.hasSeen(epoch, sequence)) {
            return true;
        }
        slot.see(epoch, sequence, report, state.now);
        state.changedApps.add(slot.owner.name());
        follow(slot, report);
        return true;
    }

    private void endStranger(Hosts.Host host, ProcessReport report) {
        if (report.state() == ProcessState.STARTING || report.state() == ProcessState.RUNNING) {
            endings.askToStop(host.name, report.pid(), report.incarnation());
        }
    }

    private void follow(Slot slot, ProcessReport report) {
        switch (report.state()) {
            case STARTING -> {
                if (slot.is(ProcessState.LOST)) {
                    processes.startsAgain(slot);
                }
            }
            case RUNNING -> {
                if (slot.is(ProcessState.STOPPING)) {
                    repeatStop(slot);
                } else {
                    processes.ready(slot, report);
                }
            }
            case EXITED -> endings.ended(slot, exit(report.exit()));
            case STOPPING, WAITING, LOST -> {}
        }
    }

    private void repeatStop(Slot slot) {
        if (slot.stopAsked && isOverdue(slot.askedAt)) {
            endings.askToStop(slot);
        }
    }

    private static Exit exit(@Nullable Exit told) {
        return told != null ? told : new Exit(Exit.Reason.UNKNOWN, -1, "its agent does not say how", List.of());
    }

    private void missing(Slot slot) {
        // One that nobody has seen since its start was asked for may be on its way: to ask again does no harm, to call
        // it
        // crashed would, and after a jump of the clock even a report from before its start looks late enough.
        boolean starting = slot.is(ProcessState.STARTING)
                || (slot.is(ProcessState.LOST) && slot.row().address() == null);
        if (slot.wasSeen()) {
            endings.ended(slot, gone());
        } else if (starting && (slot.askedAt == null || isOverdue(slot.askedAt))) {
            if (slot.is(ProcessState.LOST)) {
                processes.startsAgain(slot);
            }
            processes.askToStart(slot);
        } else if (!starting && isOverdue(slot.askedAt == null ? state.began : slot.askedAt)) {
            endings.ended(slot, gone());
        }
    }

    private static Exit gone() {
        return new Exit(Exit.Reason.UNKNOWN, -1, "it was gone when its host was looked at", List.of());
    }

    private boolean isOverdue(@Nullable Instant askedAt) {
        return askedAt == null || !state.now.isBefore(askedAt.plus(state.settings.confirmAfter()));
    }

    void refused(String hostName, long pid, int incarnation, String reason) {
        Slot slot = state.slots.get(pid);
        if (slot != null
                && slot.is(ProcessState.STARTING)
                && slot.row().incarnation() == incarnation
                && hostName.equals(slot.row().host())
                && !slot.wasSeen()) {
            processes.refused(slot, reason);
        }
    }

    void router(RouterReport report) {
        state.routers.hear(report.router(), state.now);
        for (var endpoint : report.drained()) {
            Slot slot = state.slots.get(endpoint.pid());
            Set<String> awaited = slot == null ? null : slot.awaitedRouters;
            if (slot != null
                    && awaited != null
                    && endpoint.equals(slot.endpoint())
                    && awaited.contains(report.router())) {
                Set<String> rest = new HashSet<>(awaited);
                rest.remove(report.router());
                slot.awaitedRouters = rest;
                state.touch(slot.owner);
            }
        }
    }

    /** Looks whether the host is still silent, and says when to look again. */
    void lease(String name) {
        Hosts.Host host = state.hosts.find(name);
        if (host == null || host.lost) {
            return;
        }
        Instant end = host.heardAt.plus(state.settings.lease());
        if (state.now.isBefore(end)) {
            timers.put(new Timers.OfHost(name), end);
        } else {
            lose(host);
        }
    }

    private void lose(Hosts.Host host) {
        host.lost = true;
        state.touch(host);
        Duration silent = Duration.between(host.heardAt, state.now);
        state.event(
                "",
                Event.HOST_LOST,
                "Host " + host.name + " has been silent for " + Sentences.seconds(silent) + "; "
                        + Sentences.count(host.slots.size(), "process") + " there",
                Map.of("host", host.name, "processes", Integer.toString(host.slots.size())));
        new ArrayList<>(host.slots.values()).forEach(processes::lost);
    }
}
