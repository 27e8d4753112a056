package holt.server;

import holt.agent.Agent;
import holt.agent.AgentSettings;
import holt.bus.Bus;
import holt.controller.Controller;
import holt.controller.ControllerSettings;
import holt.identity.Seal;
import holt.model.Compact;
import holt.model.HostReport;
import holt.model.Subjects;
import holt.router.HttpRouter;
import holt.router.RouterSettings;
import holt.stager.Stager;
import holt.store.FolderBlobs;
import holt.store.TruthStore;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.time.Clock;
import java.time.Duration;
import java.time.InstantSource;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import java.util.function.Consumer;

/**
 * A whole platform in this process: every part with its embedded means. Parts that do not need each other start side by
 * side; they stop in the reverse order.
 */
final class Platform implements AutoCloseable {
    static final String VERSION = "0.1.0";

    private static final Duration STOP_LIMIT = Duration.ofSeconds(20);
    private static final Duration REPORT_LIMIT = Duration.ofSeconds(30);

    private final Buses.Opened bus;
    private final TruthStore store;
    private final HttpRouter router;
    private final Stager stager;
    private final Controller controller;
    private final Agent agent;
    private final List<String> warnings;

    private Platform(
            Buses.Opened bus,
            TruthStore store,
            HttpRouter router,
            Stager stager,
            Controller controller,
            Agent agent,
            List<String> warnings) {
        this.bus = bus;
        this.store = store;
        this.router = router;
        this.stager = stager;
        this.controller = controller;
        this.agent = agent;
        this.warnings = warnings;
    }

    /** Starts all parts; when it returns the API answers and this host's processes are adopted. */
    static Platform start(Configuration configuration) throws IOException {
        Path home = configuration.home();
        Files.createDirectories(
                home, PosixFilePermissions.asFileAttribute(PosixFilePermissions.fromString("rwx------")));
        InstantSource clock = Clock.systemUTC();
        Buses.Opened opened = Buses.open(configuration);
        Bus bus = opened.bus();
        CompletableFuture<HostReport> host = firstReport(bus);
        Seal seal = Seal.open(home.resolve("secret").resolve("seal.key"));
        FolderBlobs blobs = new FolderBlobs(home.resolve("blobs"));
        try (ExecutorService starters = Executors.newVirtualThreadPerTaskExecutor()) {
            Future<HttpRouter> router = starters.submit(() -> router(configuration, bus, clock));
            Future<TruthStore> store = starters.submit(() -> TruthStore.open(home.resolve("truth.db")));
            Future<Agent> agent = starters.submit(() -> agent(configuration, bus, blobs, seal, clock));
            Stager stager = new Stager(bus, blobs, home.resolve("stacks"));
            stager.start();
            try {
                Controller controller = new Controller(
                        controllerSettings(configuration, result(router).port()),
                        bus,
                        opened.monitor(),
                        result(store),
                        blobs,
                        seal,
                        clock);
                controller.start();
                return new Platform(
                        opened,
                        result(store),
                        result(router),
                        stager,
                        controller,
                        result(agent),
                        warnings(result(host)));
            } catch (RuntimeException fault) {
                stager.close();
                ifStarted(agent, Agent::withdraw);
                ifStarted(router, HttpRouter::close);
                ifStarted(store, TruthStore::close);
                opened.close();
                throw fault;
            }
        }
    }

    /** Takes back what was started in vain; what did not start has told why to whoever waited for it. */
    private static <T> void ifStarted(Future<T> part, Consumer<T> takeBack) {
        T started;
        try {
            started = result(part);
        } catch (RuntimeException neverStarted) {
            return;
        }
        takeBack.accept(started);
    }

    int apiPort() {
        return controller.port();
    }

    int httpPort() {
        return router.port();
    }

    /** The first admin token, at the very first start only. */
    Optional<String> bootstrapAdminToken() {
        return controller.bootstrapAdminToken();
    }

    /** What is lost on this host, for people: isolation above all, where it cannot be had. */
    List<String> warnings() {
        return warnings;
    }

    /** Stops the platform; its applications run on and are taken over at the next start. */
    @Override
    public void close() {
        stop(false);
    }

    /** Stops the platform and ends its applications; they are started again with the next start. */
    void closeWithApplications() {
        stop(true);
    }

    private void stop(boolean applications) {
        controller.close();
        stager.close();
        if (applications) {
            agent.stopAll(STOP_LIMIT);
        }
        agent.close();
        router.close();
        store.close();
        bus.close();
    }

    private static CompletableFuture<HostReport> firstReport(Bus bus) {
        CompletableFuture<HostReport> report = new CompletableFuture<>();
        bus.subscribe(Subjects.HOSTS, message -> {
            if (!report.isDone()) {
                report.complete(Compact.read(message.payload(), HostReport.class));
            }
        });
        return report.orTimeout(REPORT_LIMIT.toSeconds(), TimeUnit.SECONDS);
    }

    /** A host that isolates has notes too, on how; only one that does not has something to warn of. */
    private static List<String> warnings(HostReport host) {
        return host.backend().equals("plain") ? host.warnings() : List.of();
    }

    private static HttpRouter router(Configuration configuration, Bus bus, InstantSource clock) {
        HttpRouter router = new HttpRouter(
                RouterSettings.standard("router")
                        .withListener(configuration.text(Setting.HTTP_BIND), configuration.httpPort()),
                bus,
                clock);
        router.start();
        return router;
    }

    private static Agent agent(Configuration configuration, Bus bus, FolderBlobs blobs, Seal seal, InstantSource clock)
            throws IOException {
        String name = configuration.text(Setting.HOST_NAME);
        AgentSettings settings = AgentSettings.of(
                        name.isEmpty() ? hostName() : name, configuration.home().resolve("agent"))
                .withBackend(configuration.backend())
                .withMemoryBytes(configuration.hostMemoryBytes())
                .withPlace(configuration.hostZone(), configuration.hostTags());
        Agent agent = new Agent(settings, bus, blobs, seal, clock);
        agent.start();
        return agent;
    }

    private static ControllerSettings controllerSettings(Configuration configuration, int httpPort) {
        String suffix = httpPort == 80 ? "" : ":" + httpPort;
        ControllerSettings settings = ControllerSettings.of(
                        configuration.home(), configuration.text(Setting.DOMAIN), () -> "http://%s" + suffix, VERSION)
                .withApi(configuration.text(Setting.API_BIND), configuration.apiPort());
        String record = configuration.text(Setting.DEBUG_RECORD);
        return record.isEmpty()
                ? settings
                : settings.withRecording(configuration.home().resolve(record));
    }

    /** The machine's name as one token of a subject; from the kernel, because asking the network may take seconds. */
    private static String hostName() throws IOException {
        String name = Files.readString(Path.of("/proc/sys/kernel/hostname")).strip();
        return name.replaceAll("[^A-Za-z0-9-]", "-");
    }

    private static <T> T result(Future<T> future) {
        try {
            return future.get();
        } catch (ExecutionException failed) {
            if (failed.getCause() instanceof RuntimeException fault) {
                throw fault;
            }
            throw new IllegalStateException(failed.getCause());
        } catch (InterruptedException interrupted) {
            Thread.currentThread().interrupt();
            throw new IllegalStateException(interrupted);
        }
    }
}
