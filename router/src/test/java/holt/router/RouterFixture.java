package holt.router;

import holt.bus.EmbeddedBus;
import holt.bus.Message;
import holt.model.Endpoint;
import holt.model.Json;
import holt.model.RouteUpdate;
import holt.model.RouterReport;
import holt.model.Subjects;
import java.io.IOException;
import java.time.Clock;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.TimeUnit;
import java.util.function.UnaryOperator;

/** A router on a free port with a controller that tells it what a test wants, and keeps what the router reports. */
final class RouterFixture implements AutoCloseable {
    static final String HOST = "shop.localhost";

    final EmbeddedBus bus = new EmbeddedBus();
    final List<RouterReport> reports = new CopyOnWriteArrayList<>();
    final List<AccessLog.Entry> log = new CopyOnWriteArrayList<>();
    final HttpRouter router;
    private final Map<String, RouteUpdate.Route> routes = new TreeMap<>();
    private long version = 1;

    RouterFixture() {
        this(settings -> settings);
    }

    RouterFixture(UnaryOperator<RouterSettings> change) {
        bus.subscribe(Subjects.ROUTERS, message -> reports.add(Json.read(message.payload(), RouterReport.class)));
        bus.subscribe(Subjects.ROUTES_SYNC, this::answer);
        RouterSettings settings = RouterSettings.standard("test")
                .withListener("127.0.0.1", 0)
                .withThreads(2)
                .withTimeouts(timeouts());
        router = new HttpRouter(change.apply(settings), bus, Clock.systemUTC(), log::add);
        router.start();
        router.ready().orTimeout(20, TimeUnit.SECONDS).join();
    }

    /** The standard ones with a short end. */
    static RouterSettings.Timeouts timeouts() {
        RouterSettings.Timeouts standard = RouterSettings.standard("test").timeouts();
        return new RouterSettings.Timeouts(
                standard.connect(),
                standard.head(),
                standard.body(),
                standard.response(),
                standard.stream(),
                standard.keepAlive(),
                standard.upstreamIdle(),
                Duration.ofMillis(300));
    }

    static RouterFixture with(TestUpstream... upstreams) {
        RouterFixture fixture = new RouterFixture();
        fixture.route(HOST, upstreams);
        return fixture;
    }

    RawClient client() throws IOException {
        return new RawClient(router.port());
    }

    /** Leads a host to these and waits until the router knows. */
    void route(String host, TestUpstream... upstreams) {
        List<Endpoint> endpoints = new ArrayList<>();
        Arrays.stream(upstreams).forEach(each -> endpoints.add(each.endpoint(endpoints.size())));
        publish(new RouteUpdate.Route(host, "shop", endpoints, endpoints.isEmpty() ? "It was stopped." : null));
    }

    void publish(RouteUpdate.Route route) {
        synchronized (this) {
            routes.put(route.host(), route);
            version++;
            bus.publish(Subjects.ROUTES, Json.bytes(new RouteUpdate("e1", version, false, List.of(route))));
        }
        Waiting.until(() -> router.knows(route));
    }

    /** Changes a route without telling: the message is lost. */
    synchronized void lose(RouteUpdate.Route route) {
        routes.put(route.host(), route);
        version++;
    }

    boolean reportsDrained(Endpoint endpoint) {
        return reports.stream().anyMatch(report -> report.drained().contains(endpoint));
    }

    private synchronized void answer(Message message) {
        message.reply(Json.bytes(new RouteUpdate("e1", version, true, List.copyOf(routes.values()))));
    }

    @Override
    public void close() {
        router.close();
        bus.close();
    }
}
