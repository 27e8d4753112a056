package holt.agent;

import holt.bus.Bus;
import holt.bus.Message;
import holt.bus.PayloadTooLarge;
import holt.identity.Seal;
import holt.model.AgentReply;
import holt.model.AgentRequest;
import holt.model.Compact;
import holt.model.ErrorCode;
import holt.model.HostReport;
import holt.model.Json;
import holt.model.Problem;
import holt.model.ProblemException;
import holt.model.ProcessState;
import holt.model.Subjects;
import holt.store.Blobs;
import java.io.IOException;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/**
 * Runs processes on this host as it is told over the bus, and reports each change at once. Processes go on without it:
 * closing or killing the agent leaves them as they are, and the next agent of the same home adopts them.
 *
 * <p>A shell around {@link AgentSupervisor}, whose events one thread handles in turn. Methods are for any thread.
 */
public final class Agent implements AutoCloseable {
    private static final System.Logger LOG = System.getLogger(Agent.class.getName());
    private static final Duration KILL_ALLOWANCE = Duration.ofSeconds(15);
    private static final Duration LONGEST_WAIT = Duration.ofHours(1);

    private final AgentSettings settings;
    private final Bus bus;
    private final Blobs blobs;
    private final Seal seal;
    private final InstantSource clock;
    private final BlockingQueue<Runnable> inbox = new LinkedBlockingQueue<>();
    private final Requests requests = new Requests(
            this::tell, this::files, (message, enter) -> started().access().receive(message, enter));
    private final List<Bus.Subscription> subscriptions = new ArrayList<>();
    private final List<Thread> threads = new ArrayList<>();
    private final CompletableFuture<Boolean> empty = new CompletableFuture<>();
    private final Host host;
    private volatile boolean closed;
    private @Nullable Started started;

    /** Owned by the thread that handles events. */
    private final Reports reports;

    private Instant wakeAt = Instant.MAX;
    private boolean stoppingAll;

    /** What exists from the start on. */
    private record Started(
            Backend backend,
            InstanceRunner runner,
            AgentSupervisor brain,
            PastKeys past,
            AccessDesk access,
            Instant at) {}

    public Agent(AgentSettings settings, Bus bus, Blobs blobs, Seal seal, InstantSource clock) {
        this.settings = settings;
        this.bus = bus;
        this.blobs = blobs;
        this.seal = seal;
        this.clock = clock;
        this.host = new Host(settings);
        this.reports = new Reports(settings, LanguageRuntimes.find(), host.notes());
    }

    /**
     * Adopts the processes an earlier agent left, takes requests, and announces itself.
     *
     * @throws ProblemException {@code unavailable} where the home cannot be used or the wanted back end cannot be had
     */
    public void start() {
        try {
            begin();
        } catch (IOException fault) {
            throw new ProblemException(
                    Problem.of(
                                    ErrorCode.UNAVAILABLE,
                                    "The agent cannot start in '" + settings.home() + "': " + fault.getMessage() + ".")
                            .remedy("Mend what is named there, then start again."),
                    fault);
        }
    }

    private void begin() throws IOException {
        Folders.createPrivate(settings.home().resolve("instances"));
        LeftBehind left = new LeftBehind(settings.home());
        List<InstanceStatus> found = left.instances();
        Backend backend = host.chooseBackend(found, clock);
        boolean root = Native.effectiveUser() == 0;
        Droplets droplets = new Droplets(settings.home().resolve("droplets"), blobs, root, clock);
        StackRoot.removeLeftovers(settings.home());
        RootLayers layers = new RootLayers(settings.home(), blobs, clock);
        InstanceRunner runner =
                new InstanceRunner(settings.home(), bus, seal, clock, backend, droplets, layers, this::tell);
        AgentSupervisor brain = new AgentSupervisor(host.capacity(), settings.keepExited());
        PastKeys past = new PastKeys(settings.home(), AgentSupervisor.REMEMBERED_KEYS);
        AccessDesk access = new AccessDesk(settings.home(), bus, backend, runner);
        started = new Started(backend, runner, brain, past, access, clock.instant());
        tell(new AgentEvent.Past(past.load()));
        backend.removeStrays(found.stream()
                .filter(status -> !status.isExited())
                .map(InstanceStatus::key)
                .collect(Collectors.toSet()));
        left.adopt(runner, backend, this::tell);
        inbox.add(this::reportHost);
        threads.add(Thread.ofPlatform().daemon().name("holt-agent").start(this::handleAll));
        threads.add(Thread.ofVirtual().name("holt-agent-reports").start(this::reportRegularly));
        subscriptions.add(bus.subscribe(Subjects.agent(settings.host()), requests::receive));
        subscriptions.add(bus.subscribe(Subjects.HOSTS_ANNOUNCE, this::called));
        LOG.log(
                System.Logger.Level.INFO,
                "event=agent-started host={0} backend={1} runtime=\"{2}\" adopted={3}",
                settings.host(),
                backend.name(),
                backend.runtime(),
                found.size());
    }

    private Started started() {
        if (started == null) {
            throw new IllegalStateException("The agent was not started: call start() first");
        }
        return started;
    }

    private void tell(AgentEvent event) {
        inbox.add(() -> handle(event));
    }

    private void handleAll() {
        while (!closed) {
            try {
                long wait = Math.clamp(
                        Duration.between(clock.instant(), earliest()).toMillis(), 0, LONGEST_WAIT.toMillis());
                Runnable next = inbox.poll(wait, TimeUnit.MILLISECONDS);
                if (next == null) {
                    handle(new AgentEvent.Woken());
                } else {
                    next.run();
                }
            } catch (InterruptedException stop) {
                Thread.currentThread().interrupt();
                return;
            } catch (RuntimeException fault) {
                LOG.log(System.Logger.Level.ERROR, "event=agent-fault", fault);
            }
        }
    }

    private Instant earliest() {
        Instant longest = clock.instant().plus(LONGEST_WAIT);
        return wakeAt.isBefore(longest) ? wakeAt : longest;
    }

    private void handle(AgentEvent event) {
        wakeAt = Instant.MAX;
        AgentSupervisor brain = started().brain();
        stoppingAll |= event instanceof AgentEvent.StopAllAsked;
        List<AgentEffect> effects = brain.handle(event, clock.instant());
        effects.forEach(effect -> keep(effect, started().runner()));
        effects.forEach(effect -> carryOut(effect, started().runner()));
        if (stoppingAll && brain.isEmpty()) {
            empty.complete(true);
        }
    }

    /** Writes down what it leads to, before anybody is told: what was acknowledged must not be lost with this agent. */
    private void keep(AgentEffect effect, InstanceRunner runner) {
        if (effect instanceof AgentEffect.Changed changed) {
            keep(changed.status(), runner.folder(changed.status().key()));
        } else if (effect instanceof AgentEffect.Remember remember) {
            keepPast(remember.key());
        }
    }

    private static void keep(InstanceStatus status, InstanceFolder folder) {
        try {
            folder.create();
            folder.saveStatus(status);
        } catch (IOException fault) {
            LOG.log(System.Logger.Level.ERROR, "event=status-not-kept instance=" + status.key(), fault);
        }
    }

    private void carryOut(AgentEffect effect, InstanceRunner runner) {
        switch (effect) {
            case AgentEffect.Answer answer -> requests.answer(answer);
            case AgentEffect.Changed changed -> report(changed.status());
            case AgentEffect.Launch launch -> runner.launch(launch.spec());
            case AgentEffect.AwaitReady await -> runner.awaitReady(await.status(), await.limit());
            case AgentEffect.Watch watch -> runner.watch(watch.status());
            case AgentEffect.RunBeforeStop before -> runner.runBeforeStop(before.status());
            case AgentEffect.Terminate terminate -> runner.terminate(terminate.key());
            case AgentEffect.Kill kill -> runner.kill(kill.key());
            case AgentEffect.Examine examine -> runner.examine(examine.key());
            case AgentEffect.Remember _ -> {} // kept already
            case AgentEffect.Forget forget -> {
                reports.forget(forget.key());
                if (keepPast(forget.key())) {
                    runner.forget(forget.key(), dropletsInUse());
                }
            }
            case AgentEffect.WakeAt wake -> wakeAt = wake.moment();
        }
    }

    /** Whether it could be written down; where not, its folder stays and tells the next agent that it was here. */
    private boolean keepPast(InstanceKey key) {
        try {
            started().past().add(key);
            return true;
        } catch (IOException fault) {
            LOG.log(System.Logger.Level.ERROR, "event=past-not-kept instance=" + key, fault);
            return false;
        }
    }

    private Set<String> dropletsInUse() {
        Set<String> inUse = new HashSet<>();
        started().brain().instances().forEach(status -> inUse.add(status.spec().droplet()));
        return inUse;
    }

    private void report(InstanceStatus status) {
        LOG.log(
                System.Logger.Level.INFO,
                "event=process-{0} app={1} instance={2}{3}",
                step(status),
                status.spec().app(),
                status.key(),
                status.exit() == null
                        ? ""
                        : " reason=" + status.exit().reason() + " code="
                                + status.exit().code());
        publish(Subjects.PROCESSES, Json.bytes(reports.process(status)));
        if (status.isExited()) {
            started().access().ended(status.key());
        }
    }

    /** An instance is starting twice over: when it was asked for, and when its program was launched. */
    private static String step(InstanceStatus status) {
        return status.state() == ProcessState.STARTING && status.startedAt() != null
                ? "launched"
                : status.state().name().toLowerCase(java.util.Locale.ROOT);
    }

    private void called(Message call) {
        inbox.add(() -> {
            reports.answer(call.payload());
            reportHost();
        });
    }

    private void reportHost() {
        Started parts = started();
        HostReport report = reports.host(parts.backend(), parts.brain(), parts.at());
        try {
            bus.publish(Subjects.HOSTS, Compact.bytes(report));
        } catch (PayloadTooLarge tooLarge) {
            // A host must be heard, and what programs wrote last was told when they ended.
            publish(Subjects.HOSTS, Compact.bytes(report.withoutLastLogs()));
        }
    }

    /** What cannot be told must not keep from being done what else an event leads to. */
    private void publish(String subject, byte[] report) {
        try {
            bus.publish(subject, report);
        } catch (PayloadTooLarge tooLarge) {
            LOG.log(System.Logger.Level.ERROR, "event=report-not-sent reason=\"{0}\"", tooLarge.getMessage());
        }
    }

    private void reportRegularly() {
        try {
            while (!closed) {
                TimeUnit.NANOSECONDS.sleep(settings.reportInterval().toNanos());
                CompletableFuture<List<InstanceKey>> live = new CompletableFuture<>();
                inbox.add(() -> live.complete(started().brain().instances().stream()
                        .filter(status -> !status.isExited())
                        .map(InstanceStatus::key)
                        .toList()));
                for (InstanceKey key : live.get()) {
                    reports.use(key, started().runner().usage(key));
                }
                inbox.add(this::reportHost);
            }
        } catch (InterruptedException stop) {
            Thread.currentThread().interrupt();
        } catch (ExecutionException impossible) {
            throw new IllegalStateException("The instances could not be listed", impossible);
        }
    }

    private void files(Message message, AgentRequest.Files files) {
        InstanceKey key = new InstanceKey(files.pid(), files.incarnation());
        Thread.startVirtualThread(() -> {
            AgentReply answer = FileRequests.answer(
                    files, started().runner().folder(key), started().backend());
            try {
                message.reply(Json.bytes(answer));
            } catch (PayloadTooLarge tooLarge) {
                message.reply(Json.bytes(new AgentReply.Refused("it cannot be sent: " + tooLarge.getMessage())));
            }
        });
    }

    /** How many sessions are open in which people work inside instances. */
    int sessions() {
        return started().access().open();
    }

    /** Leaves: processes go on, and the next agent of this home adopts them. */
    @Override
    public void close() {
        if (closed || started == null) {
            return;
        }
        closed = true;
        subscriptions.forEach(Bus.Subscription::close);
        started().access().close();
        try {
            started().runner().close();
        } catch (IOException fault) {
            LOG.log(System.Logger.Level.ERROR, "event=agent-close-failed", fault);
        }
        for (Thread thread : threads) {
            thread.interrupt();
            try {
                thread.join();
            } catch (InterruptedException stop) {
                Thread.currentThread().interrupt();
            }
        }
    }

    /**
     * Leaves as {@link #close} does, and removes from this host what only processes need where none are here: for a
     * platform whose start failed.
     */
    public void withdraw() {
        close();
        boolean inUse = started().brain().instances().stream().anyMatch(status -> !status.isExited());
        if (inUse) {
            return;
        }
        try {
            started().backend().remove();
        } catch (IOException fault) {
            LOG.log(System.Logger.Level.WARNING, "event=agent-withdraw-incomplete", fault);
        }
    }

    /**
     * Ends all processes, waits for that, removes all that is left of them on this host, and closes.
     *
     * @param grace patience between SIGTERM and SIGKILL
     * @throws ProblemException {@code unavailable} where processes do not end
     */
    public void stopAll(Duration grace) {
        tell(new AgentEvent.StopAllAsked(grace.toMillis()));
        try {
            empty.get(grace.plus(KILL_ALLOWANCE).toMillis(), TimeUnit.MILLISECONDS);
            close();
            started().brain().instances().forEach(status -> keepPast(status.key()));
            started().backend().remove();
            Folders.delete(settings.home().resolve("instances"));
        } catch (InterruptedException stop) {
            Thread.currentThread().interrupt();
        } catch (TimeoutException | ExecutionException | IOException fault) {
            throw new ProblemException(
                    Problem.of(
                            ErrorCode.UNAVAILABLE,
                            "Not all processes on this host could be ended and removed: " + fault + "."),
                    fault);
        }
    }
}
