package holt.kernel;

import holt.model.AgentReply;
import holt.model.AgentRequest;
import holt.model.Exit;
import holt.model.HostReport;
import holt.model.ProcessReport;
import holt.model.ProcessSpec;
import holt.model.ProcessState;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;

/** A host that runs processes by the rules of the contract, on the world's virtual time. */
final class FakeAgent {
    private static final int REPORT_MILLIS = 3000;

    final String name;
    final long memoryBytes;
    private final World world;
    private final Map<Long, Running> running = new TreeMap<>();
    private final Set<String> known = new HashSet<>();
    private int starts;
    private long sequence;
    private boolean up;
    /** The word of the last call it heard. */
    private String answers;

    private Instant startedAt = Instant.EPOCH;

    /** One process here. */
    static final class Running {
        final ProcessSpec spec;
        ProcessState state = ProcessState.STARTING;
        Exit exit;

        Running(ProcessSpec spec) {
            this.spec = spec;
        }
    }

    FakeAgent(World world, String name, long memoryBytes) {
        this.world = world;
        this.name = name;
        this.memoryBytes = memoryBytes;
        boot();
    }

    boolean isUp() {
        return up;
    }

    /** The agent starts; what runs here goes on. */
    void boot() {
        up = true;
        starts++;
        sequence = 0;
        startedAt = world.now();
        int mine = starts;
        world.after(1, () -> beat(mine));
    }

    /** The agent is silent from now on; what runs here goes on. */
    void fallSilent() {
        up = false;
    }

    /** The host dies with everything on it. */
    void die() {
        up = false;
        running.clear();
    }

    private void beat(int start) {
        if (up && start == starts) {
            announce();
            world.after(REPORT_MILLIS, () -> beat(start));
        }
    }

    void called(String word) {
        answers = word;
        announce();
    }

    void announce() {
        if (up) {
            sequence++;
            HostReport report = new HostReport(
                    name,
                    epoch(),
                    sequence,
                    "container",
                    "fake",
                    List.of(),
                    2,
                    memoryBytes,
                    reserved(),
                    startedAt,
                    running.values().stream().map(this::report).toList(),
                    null,
                    null,
                    null,
                    null,
                    answers);
            world.toCluster(new Input.HostReported(report));
        }
    }

    private String epoch() {
        return name + "-" + starts;
    }

    private long reserved() {
        return running.values().stream()
                .filter(process -> process.state.isLive())
                .mapToLong(process -> process.spec.limits().memoryBytes())
                .sum();
    }

    private ProcessReport report(Running process) {
        ProcessSpec spec = process.spec;
        return new ProcessReport(
                name,
                epoch(),
                sequence,
                spec.pid(),
                spec.incarnation(),
                spec.instanceId(),
                spec.app(),
                spec.index(),
                spec.version(),
                process.state,
                "10.0.0." + name.charAt(name.length() - 1),
                10_000 + (int) (spec.pid() * 7 + spec.incarnation()),
                startedAt,
                1 << 20,
                sequence,
                process.exit);
    }

    AgentReply handle(AgentRequest request) {
        return switch (request) {
            case AgentRequest.Start start -> start(start.spec());
            case AgentRequest.Stop stop -> stop(stop.pid(), stop.incarnation());
            case AgentRequest.Files files -> new AgentReply.Refused("no files here");
            case AgentRequest.Enter enter -> new AgentReply.Refused("nobody enters here");
        };
    }

    private AgentReply start(ProcessSpec spec) {
        if (known.contains(spec.pid() + "/" + spec.incarnation())) {
            return new AgentReply.Accepted();
        }
        if (reserved() + spec.limits().memoryBytes() > memoryBytes) {
            return new AgentReply.Refused("no memory left");
        }
        known.add(spec.pid() + "/" + spec.incarnation());
        Running process = new Running(spec);
        running.put(spec.pid(), process);
        change(process, ProcessState.STARTING, null);
        world.after(world.between(50, 800), () -> {
            if (is(process, ProcessState.STARTING)) {
                if (spec.droplet().equals(World.BAD_DROPLET)) {
                    change(
                            process,
                            ProcessState.EXITED,
                            new Exit(Exit.Reason.EXITED, 1, "exited with 1", List.of("no")));
                } else {
                    change(process, ProcessState.RUNNING, null);
                }
            }
        });
        return new AgentReply.Accepted();
    }

    private AgentReply stop(long pid, int incarnation) {
        Running process = running.get(pid);
        if (process != null && process.spec.incarnation() == incarnation && process.state != ProcessState.EXITED) {
            change(process, ProcessState.STOPPING, null);
            world.after(world.between(10, 500), () -> {
                if (is(process, ProcessState.STOPPING)) {
                    change(process, ProcessState.EXITED, new Exit(Exit.Reason.STOPPED, 143, "stopped", List.of()));
                }
            });
        }
        return new AgentReply.Accepted();
    }

    /** A signal from nowhere ends the process. */
    void kill(long pid) {
        Running process = running.get(pid);
        if (process != null && process.state != ProcessState.EXITED) {
            change(process, ProcessState.EXITED, new Exit(Exit.Reason.SIGNALED, 137, "killed by SIGKILL", List.of()));
        }
    }

    /** Its program ends by itself. */
    void end(long pid, int code) {
        Running process = running.get(pid);
        if (process != null && process.state == ProcessState.RUNNING) {
            change(process, ProcessState.EXITED, new Exit(Exit.Reason.EXITED, code, "exited with " + code, List.of()));
        }
    }

    private boolean is(Running process, ProcessState state) {
        return running.get(process.spec.pid()) == process && process.state == state;
    }

    private void change(Running process, ProcessState next, Exit exit) {
        process.state = next;
        process.exit = exit;
        if (up) {
            sequence++;
            world.toCluster(new Input.ProcessReported(report(process)));
        }
        if (next == ProcessState.EXITED) {
            world.after(20_000, () -> running.remove(process.spec.pid(), process));
        }
    }

    /** Whether this {@code pid/incarnation} is ready here. */
    boolean runs(String incarnation) {
        return running.values().stream()
                .filter(process -> process.state == ProcessState.RUNNING)
                .anyMatch(process -> incarnation.equals(process.spec.pid() + "/" + process.spec.incarnation()));
    }

    List<Long> pids(ProcessState state) {
        return new ArrayList<>(running.values().stream()
                .filter(process -> process.state == state)
                .map(process -> process.spec.pid())
                .toList());
    }
}
