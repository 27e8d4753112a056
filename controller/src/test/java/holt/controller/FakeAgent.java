package holt.controller;

import holt.bus.Bus;
import holt.bus.Message;
import holt.model.AgentReply;
import holt.model.AgentRequest;
import holt.model.Exit;
import holt.model.HostReport;
import holt.model.Json;
import holt.model.ProcessReport;
import holt.model.ProcessSpec;
import holt.model.ProcessState;
import holt.model.Subjects;
import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.atomic.AtomicLong;
import org.jspecify.annotations.Nullable;

/** An agent without processes: what it is asked to start runs at once, and what it is asked to stop ends at once. */
final class FakeAgent implements AutoCloseable {
    /** What becomes of those who want to enter an instance. */
    volatile java.util.function.Function<AgentRequest.Enter, AgentReply> entering =
            enter -> new AgentReply.Refused("nobody enters here");

    final String host;
    final List<AgentRequest> requests = new CopyOnWriteArrayList<>();
    /** When set, starts are refused for this reason. */
    volatile @Nullable String refusal;

    /** Files have no more than this after their first piece was read. */
    volatile int shrinkTo = Integer.MAX_VALUE;

    private final Bus bus;
    /** The word of the last call it heard. */
    private volatile String answers;

    private final String epoch = UUID.randomUUID().toString();
    private final AtomicLong sequence = new AtomicLong();
    private final Map<Long, ProcessReport> processes = new ConcurrentHashMap<>();
    private final List<Bus.Subscription> subscriptions = new ArrayList<>();
    private volatile Map<String, byte[]> files = Map.of();

    FakeAgent(Bus bus, String host) {
        this.bus = bus;
        this.host = host;
        subscriptions.add(bus.subscribe(Subjects.agent(host), this::asked));
        subscriptions.add(bus.subscribe(Subjects.HOSTS_ANNOUNCE, this::called));
        report();
    }

    void files(Map<String, byte[]> content) {
        files = content;
    }

    List<ProcessSpec> started() {
        return requests.stream()
                .filter(AgentRequest.Start.class::isInstance)
                .map(request -> ((AgentRequest.Start) request).spec())
                .toList();
    }

    private void asked(Message message) {
        AgentRequest request = Json.read(message.payload(), AgentRequest.class);
        requests.add(request);
        message.reply(Json.bytes(answer(request)));
        switch (request) {
            case AgentRequest.Start start when refusal == null -> change(running(start.spec()));
            case AgentRequest.Stop stop -> stopped(stop.pid());
            default -> {}
        }
    }

    private AgentReply answer(AgentRequest request) {
        return switch (request) {
            case AgentRequest.Start start ->
                refusal == null ? new AgentReply.Accepted() : new AgentReply.Refused(refusal);
            case AgentRequest.Stop stop -> new AgentReply.Accepted();
            case AgentRequest.Files wanted -> file(wanted);
            case AgentRequest.Enter enter -> entering.apply(enter);
        };
    }

    private AgentReply file(AgentRequest.Files wanted) {
        if (wanted.path().isEmpty()) {
            return new AgentReply.Listing(files.entrySet().stream()
                    .map(file -> new AgentReply.FileInfo(file.getKey(), false, file.getValue().length))
                    .toList());
        }
        if (wanted.path().equals("link-out")) {
            return new AgentReply.Refused(
                    "'link-out' cannot be read: it leads out of the instance's folder" + " (openat2 failed, errno 18)");
        }
        byte[] content = files.get(wanted.path());
        if (content == null) {
            return new AgentReply.Refused("it does not exist");
        }
        int from = (int) Math.min(wanted.offset(), content.length);
        int end = from == 0 ? content.length : Math.max(from, Math.min(content.length, shrinkTo));
        int to = Math.min(end, from + wanted.length());
        return new AgentReply.Content(java.util.Arrays.copyOfRange(content, from, to), content.length);
    }

    private void change(ProcessReport report) {
        processes.put(report.pid(), report);
        bus.publish(Subjects.PROCESSES, Json.bytes(report));
    }

    private void stopped(long pid) {
        ProcessReport was = processes.get(pid);
        if (was != null) {
            Exit exit = new Exit(Exit.Reason.STOPPED, 143, "stopped", List.of());
            change(report(was, ProcessState.EXITED, exit));
        }
    }

    private ProcessReport running(ProcessSpec spec) {
        return new ProcessReport(
                host,
                epoch,
                sequence.incrementAndGet(),
                spec.pid(),
                spec.incarnation(),
                spec.instanceId(),
                spec.app(),
                spec.index(),
                spec.version(),
                ProcessState.RUNNING,
                "127.0.0.1",
                10_000 + (int) spec.pid(),
                Instant.now(),
                10 << 20,
                1_000_000,
                null);
    }

    private ProcessReport report(ProcessReport was, ProcessState state, @Nullable Exit exit) {
        return new ProcessReport(
                host,
                epoch,
                sequence.incrementAndGet(),
                was.pid(),
                was.incarnation(),
                was.instanceId(),
                was.app(),
                was.index(),
                was.version(),
                state,
                was.address(),
                was.port(),
                was.startedAt(),
                was.memoryBytes(),
                was.cpuNanos(),
                exit);
    }

    private void called(Message call) {
        answers = new String(call.payload(), StandardCharsets.UTF_8);
        report();
    }

    void report() {
        bus.publish(
                Subjects.HOSTS,
                Json.bytes(new HostReport(
                        host,
                        epoch,
                        sequence.incrementAndGet(),
                        "container",
                        "crun 1.8.1",
                        List.of(),
                        2,
                        4L << 30,
                        0,
                        Instant.now(),
                        List.copyOf(processes.values()),
                        null,
                        null,
                        null,
                        null,
                        answers)));
    }

    @Override
    public void close() {
        subscriptions.forEach(Bus.Subscription::close);
    }
}
