package holt.kernel;

import holt.model.AgentReply;
import holt.model.AgentRequest;
import holt.model.AppCommand;
import holt.model.Exit;
import holt.model.ProcessCommand;
import holt.model.RouteUpdate;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.PriorityQueue;
import java.util.Random;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;

/** A small cluster in one thread on virtual time from a seed: hosts, routers, a store, a network that can be bad. */
final class World {
    static final String BAD_DROPLET = "bad";
    static final Instant START = Instant.parse("2026-11-21T12:00:00Z");
    private static final int REQUEST_LIMIT_MILLIS = 2000;

    private record Task(Instant at, long order, Runnable action) {}

    private final Random random;
    private final ClusterSettings settings;
    private final PriorityQueue<Task> tasks =
            new PriorityQueue<>(Comparator.comparing(Task::at).thenComparingLong(Task::order));
    private final TreeMap<Long, FakeRouter> syncs = new TreeMap<>();
    private final Invariants invariants = new Invariants(this);
    private Instant now = START;
    private long order;
    private long ids;
    private int epochs;
    private @Nullable Instant wakeAt;

    final FakeStore store = new FakeStore();
    final List<FakeAgent> agents = new ArrayList<>();
    final List<FakeRouter> routers = new ArrayList<>();
    final List<String> history = new ArrayList<>();
    final List<Effect> lastEffects = new ArrayList<>();
    Cluster cluster;
    boolean faulty;
    /** Whether the controller dies during the next input, after the truth is written and before anything else is done. */
    boolean dying;

    World(long seed, int hosts, int routers) {
        this(seed, hosts, routers, ClusterSettings.standard("localhost"));
    }

    World(long seed, int hosts, int routers, ClusterSettings settings) {
        this.random = new Random(seed);
        this.settings = settings;
        bootCluster();
        for (int i = 0; i < hosts; i++) {
            agents.add(new FakeAgent(this, "host-" + i, 768L << 20));
        }
        for (int i = 0; i < routers; i++) {
            this.routers.add(new FakeRouter(this, "router-" + i));
        }
    }

    Instant now() {
        return now;
    }

    int between(int low, int high) {
        return random.nextInt(low, high);
    }

    boolean chance(double probability) {
        return random.nextDouble() < probability;
    }

    <T> T any(List<T> items) {
        return items.get(random.nextInt(items.size()));
    }

    void after(int millis, Runnable action) {
        tasks.add(new Task(now.plusMillis(millis), order++, action));
    }

    /** Lets virtual time pass. */
    void run(int millis) {
        Instant end = now.plusMillis(millis);
        while (!tasks.isEmpty() && !tasks.peek().at().isAfter(end)) {
            Task task = tasks.remove();
            now = task.at();
            task.action().run();
        }
        now = end;
    }

    /** The controller starts anew, with nothing but the truth. */
    void bootCluster() {
        epochs++;
        cluster = new Cluster(store.truth(), "epoch-" + epochs, settings, () -> "id-" + ids++);
        wakeAt = null;
        carryOut(cluster.start(now));
    }

    /** A person's command: not lost, and answered at once. */
    Effect.Reply command(AppCommand command) {
        history.add(now + " " + command);
        tell(new Input.Command(++ids, command));
        return lastEffects.stream()
                .filter(Effect.Reply.class::isInstance)
                .map(Effect.Reply.class::cast)
                .findFirst()
                .orElseThrow();
    }

    /** A program's command of processes. */
    Effect.Reply command(ProcessCommand command) {
        history.add(now + " " + command);
        tell(new Input.ProcessCommand(++ids, command));
        return lastEffects.stream()
                .filter(Effect.Reply.class::isInstance)
                .map(Effect.Reply.class::cast)
                .findFirst()
                .orElseThrow();
    }

    void tell(Input input) {
        lastEffects.clear();
        lastEffects.addAll(cluster.handle(input, faulty ? now.minusMillis(between(0, 50)) : now));
        if (dying) {
            dying = false;
            lastEffects.removeIf(effect -> !(effect instanceof Effect.Persist || effect instanceof Effect.Reply));
            carryOut(lastEffects);
            bootCluster();
        } else {
            carryOut(lastEffects);
        }
        invariants.check();
    }

    void toCluster(Input input) {
        message(() -> tell(input));
    }

    long syncRequest(FakeRouter router) {
        syncs.put(++ids, router);
        return ids;
    }

    /** A message on its way: lost, doubled, late and overtaken while the network is bad. */
    private void message(Runnable arrival) {
        if (!faulty) {
            after(between(1, 5), arrival);
            return;
        }
        if (chance(0.1)) {
            return;
        }
        after(between(1, chance(0.1) ? 4000 : 50), arrival);
        if (chance(0.1)) {
            after(between(1, 4000), arrival);
        }
    }

    private void carryOut(List<Effect> effects) {
        for (Effect effect : List.copyOf(effects)) {
            switch (effect) {
                case Effect.Persist persist -> store.commit(persist.changes());
                case Effect.Reply reply -> {}
                case Effect.Ask ask -> ask(ask.host(), ask.request());
                case Effect.PublishRoutes publish -> publish(publish.update());
                case Effect.AnswerSync answer -> {
                    FakeRouter router = syncs.get(answer.request());
                    message(() -> router.hear(answer.update()));
                }
                case Effect.CallHosts call -> agents.forEach(agent -> message(() -> agent.called(call.word())));
                case Effect.WakeAt wake -> wakeAt(wake.moment());
            }
        }
    }

    private void publish(RouteUpdate update) {
        routers.forEach(router -> message(() -> router.hear(update)));
    }

    private void wakeAt(Instant moment) {
        wakeAt = moment;
        Cluster asked = cluster;
        int millis = (int) Math.max(0, java.time.Duration.between(now, moment).toMillis());
        after(millis, () -> {
            if (asked == cluster && moment.equals(wakeAt)) {
                tell(new Input.Woken());
            }
        });
    }

    private void ask(String host, AgentRequest request) {
        invariants.asked(request);
        Cluster asker = cluster;
        boolean[] answered = {false};
        agents.stream()
                .filter(agent -> agent.name.equals(host))
                .forEach(agent -> message(() -> {
                    if (agent.isUp()) {
                        AgentReply reply = agent.handle(request);
                        message(() -> {
                            if (!answered[0]) {
                                answered[0] = true;
                                answer(asker, host, request, reply);
                            }
                        });
                    }
                }));
        after(REQUEST_LIMIT_MILLIS, () -> {
            if (!answered[0]) {
                answered[0] = true;
                answer(asker, host, request, new AgentReply.Refused("no answer in time"));
            }
        });
    }

    private void answer(Cluster asker, String host, AgentRequest request, AgentReply reply) {
        if (asker == cluster
                && request instanceof AgentRequest.Start start
                && reply instanceof AgentReply.Refused refused) {
            tell(new Input.StartRefused(host, start.spec().pid(), start.spec().incarnation(), refused.reason()));
        }
    }

    List<ProcessStatus> processes(String app) {
        return cluster.snapshot().app(app).map(AppStatus::processes).orElse(List.of());
    }

    AppStatus app(String name) {
        return cluster.snapshot().app(name).orElseThrow();
    }

    void kill(long pid) {
        history.add(now + " kill " + pid);
        agents.forEach(agent -> agent.kill(pid));
    }

    /** A program ends by itself. */
    void end(long pid, int code) {
        history.add(now + " " + pid + " exits with " + code);
        agents.forEach(agent -> agent.end(pid, code));
    }

    static Exit exit(Exit.Reason reason) {
        return new Exit(reason, 1, "ended with " + reason, List.of("last words"));
    }
}
