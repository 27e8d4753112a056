package holt.kernel;

import holt.model.AppCommand;
import holt.model.ErrorCode;
import holt.model.Event;
import holt.model.Exit;
import holt.model.Fork;
import holt.model.Keeping;
import holt.model.Problem;
import holt.model.ProblemException;
import holt.model.Process;
import holt.model.ProcessCommand;
import holt.model.ProcessState;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * What programs and people ask of processes. Each command is checked as a whole before anything is changed; a refusal
 * leaves no trace.
 */
final class ProcessCommands {
    private final State state;
    private final Endings endings;
    private final Commands commands;

    /**
     * What a command came to.
     *
     * @param created whether processes were made
     * @param pids of the children, for a fork
     * @param exit of the child that was reaped; null otherwise
     */
    record Outcome(
            boolean created, List<Long> pids, @Nullable Exit exit) {
        private static final Outcome DONE = new Outcome(false, List.of(), null);
    }

    ProcessCommands(State state, Endings endings, Commands commands) {
        this.state = state;
        this.endings = endings;
        this.commands = commands;
    }

    /** Does it, or throws a {@link ProblemException} and has changed nothing. */
    Outcome handle(ProcessCommand command) {
        return switch (command) {
            case ProcessCommand.Fork fork -> fork(fork);
            case ProcessCommand.Kill kill -> kill(kill);
            case ProcessCommand.Detach detach -> detach(detach);
            case ProcessCommand.Reap reap -> reap(reap);
        };
    }

    private Outcome fork(ProcessCommand.Fork fork) {
        Slot parent = known(fork.group(), fork.parent());
        ForkCheck.check(fork);
        List<Long> there = made(parent, fork.key());
        if (!there.isEmpty()) {
            return new Outcome(false, there, null);
        }
        checkRuns(parent);
        checkQuota(parent, fork.count());
        Keeping keeping = fork.keeping();
        if (keeping != null && !keeping.equals(parent.row().keeping())) {
            state.put(parent, parent.row().withKeeping(keeping));
            state.trees.touchChildren(parent); // one may have waited for an order that no longer holds
        }
        Fork declared = new Fork(fork.restart(), fork.detached(), fork.arguments(), fork.key());
        List<Long> pids = new ArrayList<>(fork.count());
        for (int i = 0; i < fork.count(); i++) {
            pids.add(make(parent, declared).pid());
        }
        state.event(
                parent,
                Event.PROCESS_FORKED,
                parent.label() + " forked " + (pids.size() == 1 ? "1 child" : pids.size() + " children"),
                Map.of("first", "" + pids.getFirst(), "last", "" + pids.getLast(), "actor", fork.actor()));
        return new Outcome(true, pids, null);
    }

    /** The children of an earlier fork with the same key, as far as they exist. */
    private static List<Long> made(Slot parent, String key) {
        if (key.isEmpty() || !parent.is(ProcessState.RUNNING)) {
            return List.of();
        }
        List<Long> pids = new ArrayList<>();
        for (Slot child : parent.children()) {
            Fork fork = child.row().fork();
            boolean leaves = child.is(ProcessState.STOPPING) && child.row().afterStop() == null;
            if (fork != null && !leaves && fork.key().equals(key)) {
                pids.add(child.pid());
            }
        }
        return pids;
    }

    private static void checkRuns(Slot parent) {
        if (!parent.is(ProcessState.RUNNING)) {
            throw Problem.of(ErrorCode.PROCESS_NOT_RUNNING, parent.label() + " cannot fork.")
                    .expected("a process that runs", word(parent))
                    .exception();
        }
    }

    private void checkQuota(Slot parent, int count) {
        TreeRule rule = state.settings.trees();
        int there = parent.owner.forked.size();
        if (count > rule.groupProcesses() - there) {
            throw Problem.of(ErrorCode.QUOTA_EXCEEDED, "The group of " + parent.label() + " is full.")
                    .expected(
                            "at most " + rule.groupProcesses() + " forked processes", there + " and " + count + " more")
                    .remedy("Wait for children that have ended, or end some.")
                    .exception();
        }
        if (Trees.depth(parent) >= rule.depth()) {
            throw Problem.of(ErrorCode.QUOTA_EXCEEDED, parent.label() + " is too far down its tree to fork.")
                    .expected("a tree of at most " + rule.depth() + " generations", "one more")
                    .exception();
        }
    }

    private Slot make(Slot parent, Fork declared) {
        Process row = new Process(
                state.nextPid(),
                parent.pid(),
                parent.owner.name(),
                Process.NO_INDEX,
                parent.version(),
                1,
                state.ids.next(),
                ProcessState.WAITING,
                null,
                null,
                0,
                0,
                null,
                state.now,
                state.now,
                null,
                null,
                null,
                declared);
        Slot slot = state.add(parent.owner, row);
        state.trees.link(slot);
        state.put(slot, row);
        return slot;
    }

    private Outcome kill(ProcessCommand.Kill kill) {
        AppEntry group = groupOf(kill.group(), kill.pid());
        if (group != null) {
            commands.handle(new AppCommand.StopApp(group.name(), kill.actor()));
            return Outcome.DONE;
        }
        Slot slot = known(kill.group(), kill.pid());
        if (slot.is(ProcessState.EXITED) && slot.isForked()) {
            return Outcome.DONE;
        }
        state.event(
                slot,
                Event.PROCESS_KILLED,
                slot.label() + " is killed by " + kill.actor(),
                Map.of("actor", kill.actor()));
        if (slot.isForked()) {
            endings.kill(slot);
        } else {
            endings.retire(slot);
        }
        return Outcome.DONE;
    }

    /** The group whose root this is; null for any other pid. */
    private @Nullable AppEntry groupOf(@Nullable String group, long pid) {
        if (state.slots.containsKey(pid)) {
            return null;
        }
        return state.apps.values().stream()
                .filter(app -> app.row.supervisorPid() == pid && (group == null || group.equals(app.name())))
                .findFirst()
                .orElse(null);
    }

    private Outcome detach(ProcessCommand.Detach detach) {
        Slot slot = known(detach.group(), detach.pid());
        Fork fork = slot.row().fork();
        if (fork == null) {
            throw Problem.of(ErrorCode.PARAMETER_INVALID, slot.label() + " cannot be detached.")
                    .expected("a process that was forked", "an instance, which has no parent to outlive")
                    .exception();
        }
        if (slot.is(ProcessState.STOPPING) || slot.is(ProcessState.EXITED)) {
            throw Problem.of(ErrorCode.PROCESS_NOT_RUNNING, slot.label() + " cannot be detached.")
                    .expected("a process that has not been ended", word(slot))
                    .exception();
        }
        if (!fork.detached()) {
            state.put(slot, slot.row().withFork(fork.detach()));
            state.event(
                    slot,
                    Event.PROCESS_DETACHED,
                    slot.label() + " was detached by " + detach.actor(),
                    Map.of("actor", detach.actor()));
        }
        return Outcome.DONE;
    }

    private Outcome reap(ProcessCommand.Reap reap) {
        Slot slot = known(reap.group(), reap.pid());
        if (!slot.isForked() || slot.row().ppid() != reap.parent()) {
            throw notFound(reap.pid());
        }
        Exit exit = slot.row().exit();
        if (!slot.is(ProcessState.EXITED) || exit == null) {
            throw Problem.of(ErrorCode.PROCESS_NOT_ENDED, slot.label() + " has not ended.")
                    .expected("exited", word(slot))
                    .exception();
        }
        endings.remove(slot);
        return new Outcome(false, List.of(), exit);
    }

    /** Another group's process is as unknown as one that never was. */
    private Slot known(@Nullable String group, long pid) {
        Slot slot = state.slots.get(pid);
        if (slot == null || (group != null && !group.equals(slot.owner.name()))) {
            throw notFound(pid);
        }
        return slot;
    }

    private static ProblemException notFound(long pid) {
        return Problem.of(ErrorCode.PROCESS_NOT_FOUND, "There is no process with pid " + pid + ".")
                .remedy("'holt ps' lists the processes there are.")
                .exception();
    }

    private static String word(Slot slot) {
        return slot.row().state().name().toLowerCase(Locale.ROOT);
    }
}
