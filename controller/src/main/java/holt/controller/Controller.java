package holt.controller;

import holt.bus.Bus;
import holt.bus.BusMonitor;
import holt.identity.Seal;
import holt.kernel.Brain;
import holt.kernel.Cluster;
import holt.kernel.ClusterSettings;
import holt.kernel.IdSource;
import holt.model.Change;
import holt.model.Event;
import holt.model.Truth;
import holt.store.Blobs;
import holt.store.TruthStore;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.time.Duration;
import java.time.InstantSource;
import java.util.List;
import java.util.Optional;
import java.util.UUID;
import java.util.concurrent.Executors;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.TimeUnit;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/**
 * The controller, put together: the loop around the cluster's brain, the keeper of logs, the builds, the API. It owns
 * none of what it is given; whoever made the bus and the stores closes them, after this.
 */
public final class Controller implements AutoCloseable {
    private static final System.Logger LOG = System.getLogger(Controller.class.getName());
    private static final Duration SWEEP = Duration.ofMinutes(1);

    private final @Nullable Recorder recorder;
    private final Access access;
    private final ControlLoop loop;
    private final LogKeeper logs;
    private final Streams streams;
    /** Of their own, so that those who listen to the bus take no place from those who follow logs. */
    private final Streams busStreams;

    private final AccessSessions sessions;
    private final List<ApiRoute> routes;
    private final ApiServer server;
    private @Nullable ScheduledExecutorService housekeeping;

    /** With a bus that tells nothing of itself. */
    public Controller(
            ControllerSettings settings, Bus bus, TruthStore store, Blobs blobs, Seal seal, InstantSource clock) {
        this(settings, bus, new NoMonitor(), store, blobs, seal, clock);
    }

    public Controller(
            ControllerSettings settings,
            Bus bus,
            BusMonitor monitor,
            TruthStore store,
            Blobs blobs,
            Seal seal,
            InstantSource clock) {
        Path temporary = folder(settings.home().resolve("tmp"));
        Path recording = settings.recording();
        this.recorder = recording == null ? null : Recorder.open(recording, Recorder.MAX_BYTES);
        this.access = new Access(store, clock);
        this.logs =
                new LogKeeper(settings.home().resolve("logs"), settings.limits().logBytes(), bus, clock);
        this.streams = new Streams(settings.limits().streams());
        this.busStreams = new Streams(BusHandlers.MAX_STREAMS);
        EventTail tail = new EventTail(
                store::events,
                store.latestEvents(null, 1).stream().mapToLong(Event::id).max().orElse(0));
        this.loop = new ControlLoop(bus, doors(store), truth -> brain(truth, settings.domain()), clock, events -> {
            tail.append(events);
            forgetLogs(events);
        });
        this.sessions = new AccessSessions(bus);
        Builds builds = new Builds(bus, store, blobs, clock);
        Views views = new Views(route -> settings.urlPattern().get().replace("%s", route), clock.instant());
        this.routes = ApiRoutes.of(new ApiRoutes.Handlers(
                new PlatformHandlers(loop, views, settings, openApi(settings), clock),
                new AppHandlers(loop, views, new Releases(builds, seal), settings.domain()),
                new EventHandlers(loop, store, tail, streams),
                new LogHandlers(loop, logs, streams, clock),
                new FileHandlers(loop, bus),
                new TokenHandlers(access),
                new BlobHandlers(blobs),
                new BuildHandlers(builds, blobs, temporary, streams),
                new BusHandlers(bus, monitor, busStreams),
                new AccessHandlers(loop, sessions, seal, new ForwardNotes(clock))));
        this.server = new ApiServer(settings, routes, access, clock);
    }

    private static Path folder(Path path) {
        try {
            return Files.createDirectories(
                    path, PosixFilePermissions.asFileAttribute(PosixFilePermissions.fromString("rwx------")));
        } catch (IOException fault) {
            throw new UncheckedIOException(fault);
        }
    }

    private static ControlLoop.Store doors(TruthStore store) {
        return new ControlLoop.Store() {
            @Override
            public Truth load() {
                return store.load();
            }

            @Override
            public void commit(List<Change> changes) {
                store.commit(changes);
            }
        };
    }

    private Brain brain(Truth truth, String domain) {
        String epoch = UUID.randomUUID().toString();
        ClusterSettings numbers = ClusterSettings.standard(domain);
        IdSource ids = () -> UUID.randomUUID().toString();
        return recorder == null ? new Cluster(truth, epoch, numbers, ids) : recorder.brain(truth, epoch, numbers, ids);
    }

    /** Made when it is first asked for. */
    private Supplier<byte[]> openApi(ControllerSettings settings) {
        return new Supplier<>() {
            private volatile byte @Nullable [] document;

            @Override
            public byte[] get() {
                byte[] made = document;
                if (made == null) {
                    made = OpenApi.document(routes, settings.version());
                    document = made;
                }
                return made;
            }
        };
    }

    private void forgetLogs(List<Event> events) {
        events.stream()
                .filter(event -> event.kind().equals(Event.APP_DELETED))
                .forEach(event -> Thread.ofVirtual().start(() -> logs.forget(event.app())));
    }

    /**
     * Makes the first admin's token when this platform has no token at all.
     *
     * @return its text, which is told this once
     */
    public Optional<String> bootstrapAdminToken() {
        return access.bootstrap();
    }

    /**
     * Begins to decide and to answer.
     *
     * @throws holt.model.ProblemException {@code port-taken}
     */
    public void start() {
        try {
            logs.start();
        } catch (IOException fault) {
            throw new UncheckedIOException(fault);
        }
        loop.start();
        try {
            server.start();
        } catch (RuntimeException fault) {
            loop.close();
            logs.close();
            closeRecorder();
            throw fault;
        }
        housekeeping = Executors.newSingleThreadScheduledExecutor(
                Thread.ofPlatform().daemon().name("controller-housekeeping").factory());
        housekeeping.scheduleWithFixedDelay(this::sweep, SWEEP.toMillis(), SWEEP.toMillis(), TimeUnit.MILLISECONDS);
    }

    private void sweep() {
        try {
            logs.sweep(loop.view().apps().keySet());
        } catch (IOException | RuntimeException fault) {
            LOG.log(System.Logger.Level.WARNING, "event=sweep-failed reason=\"{0}\"", fault.getMessage());
        }
    }

    /** Where the API listens. */
    public int port() {
        return server.port();
    }

    /** All that the API can be asked. */
    List<ApiRoute> routes() {
        return routes;
    }

    /** Ends streams, lets what was asked come to its end, and stops. */
    @Override
    public void close() {
        if (housekeeping != null) {
            housekeeping.shutdownNow();
        }
        streams.close();
        busStreams.close();
        sessions.close();
        server.close();
        loop.close();
        logs.close();
        closeRecorder();
    }

    private void closeRecorder() {
        if (recorder != null) {
            recorder.close();
        }
    }
}
