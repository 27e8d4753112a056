package holt.cli;

import com.sun.net.httpserver.HttpExchange;
import com.sun.net.httpserver.HttpServer;
import holt.model.AgentReply;
import holt.model.Api;
import holt.model.AppName;
import holt.model.Digest;
import holt.model.ErrorCode;
import holt.model.Event;
import holt.model.Json;
import holt.model.LogLine;
import holt.model.MemorySize;
import holt.model.Problem;
import holt.model.ProblemException;
import holt.model.Resources;
import holt.model.RouteName;
import holt.model.StageProgress;
import java.io.IOException;
import java.io.OutputStream;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.URLDecoder;
import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.Executors;
import java.util.zip.ZipEntry;
import java.util.zip.ZipInputStream;

/** A platform in memory that speaks the API: what the command line talks to in tests, and by hand through main(). */
final class FakePlatform implements AutoCloseable {
    static final String TOKEN = "holt-test-token";
    static final String READER_TOKEN = "holt-reader-token";
    static final Instant NOW = Instant.parse("2026-11-21T12:00:00Z");

    private static final String JSON = "application/json";

    final Map<String, FakeApp> apps = new ConcurrentHashMap<>();
    final Map<String, byte[]> blobs = new ConcurrentHashMap<>();
    final Map<String, Api.Build> builds = new ConcurrentHashMap<>();
    final List<Event> events = new CopyOnWriteArrayList<>();
    final List<LogLine> logs = new CopyOnWriteArrayList<>();
    final Map<String, Api.TokenView> tokens = new TreeMap<>();
    /** What was asked, as {@code METHOD /path?query}. */
    final List<String> requests = new CopyOnWriteArrayList<>();

    final Map<String, byte[]> files = new TreeMap<>();

    /** Staging says this instead of succeeding. */
    volatile Problem stagingFault;
    /** Releases end with this instead of coming up. */
    volatile String releaseFault;
    /** What the event of such an end says beside the version. */
    volatile Map<String, String> releaseEvidence = Map.of("log", "Traceback\nno module named flask");
    /** Streams of events end after so many events; 0 for never. */
    volatile int cutStreamsAfter;
    /** Pause between the steps of staging and releases, for people to watch. */
    volatile long stepMillis;
    /** Releases neither come up nor fail. */
    volatile boolean stuck;

    /** What a rebalance answers, and what was asked of it. */
    volatile List<Api.MoveView> moves = List.of();

    final List<Api.Rebalance> rebalances = new java.util.concurrent.CopyOnWriteArrayList<>();
    final FakeBus bus = new FakeBus();
    /** The last wish of a push. */
    volatile Api.PutApp lastPut;

    volatile Api.PatchApp lastPatch;

    private final HttpServer server;

    /** An app; replaced as a whole. */
    record FakeApp(Api.AppView view, Map<String, String> environment) {}

    FakePlatform(int port) throws IOException {
        server = HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), port), 0);
        server.setExecutor(Executors.newVirtualThreadPerTaskExecutor());
        server.createContext("/", this::handle);
        server.start();
    }

    static FakePlatform start() throws IOException {
        return new FakePlatform(0);
    }

    /** For people: a platform at port 18080 with two apps. */
    public static void main(String[] arguments) throws IOException {
        FakePlatform platform = new FakePlatform(18080);
        platform.stepMillis = 300;
        platform.run("shop", 3);
        platform.run("a-rather-long-name-for-an-application", 1);
        platform.log("shop", 0, "out", "listening on 8080");
        platform.log("shop", 1, "err", "\u001b[33mslow query\u001b[0m");
        System.out.println(platform.url() + " " + TOKEN);
    }

    String url() {
        return "http://127.0.0.1:" + server.getAddress().getPort();
    }

    /** An app that runs. */
    void run(String name, int instances) {
        put(name, new Api.PutApp(null, instances, null, null, null, null, null));
        FakeApp app = apps.get(name);
        apps.put(
                name,
                new FakeApp(
                        view(app.view(), 1, 1, "started", instances, app.view().routes(), "d-" + name), Map.of()));
    }

    void log(String app, int index, String stream, String text) {
        logs.add(new LogLine(NOW.plusSeconds(logs.size()), app, index, index < 0 ? 0 : 10 + index, stream, text));
    }

    void event(String app, String kind, String message, Map<String, String> data) {
        events.add(new Event(events.size() + 1, NOW, app, kind, message, data));
    }

    @Override
    public void close() {
        server.stop(0);
    }

    private void handle(HttpExchange exchange) throws IOException {
        String path = exchange.getRequestURI().getRawPath();
        String query = exchange.getRequestURI().getRawQuery();
        requests.add(exchange.getRequestMethod() + " " + path + (query == null ? "" : "?" + query));
        try (exchange) {
            serve(exchange, path, query);
        }
    }

    private void serve(HttpExchange exchange, String path, String query) throws IOException {
        if (!path.startsWith(Api.BASE)) {
            answer(exchange, 404, "text/plain", "nothing here".getBytes(StandardCharsets.UTF_8));
            return;
        }
        try {
            route(exchange, path.substring(Api.BASE.length()).split("/", -1), parameters(query));
        } catch (ProblemException refused) {
            Problem problem = refused.problem();
            int status = problem.code().status();
            exchange.getRequestBody().readAllBytes();
            answer(exchange, status, "application/problem+json", Json.bytes(ProblemText.members(problem, status)));
        }
    }

    private void route(HttpExchange exchange, String[] path, Map<String, String> query) throws IOException {
        String method = exchange.getRequestMethod();
        if (path[1].equals("info")) {
            json(exchange, 200, new Api.Info("holt", "0.1.0", "localhost", "http://%s:8080"));
            return;
        }
        authorize(exchange, method);
        switch (path[1]) {
            case "apps" -> {
                if (path.length == 2) {
                    json(
                            exchange,
                            200,
                            new Api.Apps(apps.values().stream()
                                    .map(FakeApp::view)
                                    .sorted(java.util.Comparator.comparing(Api.AppView::name))
                                    .toList()));
                } else {
                    app(exchange, method, path, query);
                }
            }
            case "processes" -> {
                if (path.length == 2) {
                    json(exchange, 200, new Api.Processes(processes()));
                } else {
                    json(exchange, 200, why(path[2]));
                }
            }
            case "rebalance" -> {
                rebalances.add(Json.readStrictly(body(exchange), Api.Rebalance.class));
                json(exchange, 200, new Api.Moves(moves));
            }
            case "hosts" ->
                json(
                        exchange,
                        200,
                        new Api.Hosts(List.of(new Api.HostView(
                                "box",
                                "up",
                                "plain",
                                "none",
                                List.of("no isolation"),
                                "rack-1",
                                List.of("gpu", "ssd"),
                                2,
                                4L << 30,
                                512L << 20,
                                new Resources(4L << 30, 2000, 100L << 30, 4000),
                                new Resources(3584L << 20, 1500, 99L << 30, 3900),
                                3,
                                NOW))));
            case "tokens" -> tokens(exchange, method, path);
            case "blobs" -> blobs(exchange, path);
            case "builds" -> builds(exchange, path);
            case "bus" -> bus.handle(exchange, String.join("/", path).substring("/bus/".length()), query);
            default ->
                throw Problem.of(ErrorCode.NOT_FOUND, "There is nothing here.").exception();
        }
    }

    private static Api.Why why(String pid) {
        if (!pid.equals("210")) {
            throw Problem.of(ErrorCode.PROCESS_NOT_FOUND, "There is no process with the pid '" + pid + "'.")
                    .exception();
        }
        return new Api.Why(210, "shop/0 (pid 210) waits", List.of("3 hosts lack memory"), List.of("free 128M on h2"));
    }

    private static void authorize(HttpExchange exchange, String method) {
        String sent = String.valueOf(exchange.getRequestHeaders().getFirst("Authorization"));
        if (!sent.equals("Bearer " + TOKEN) && !sent.equals("Bearer " + READER_TOKEN)) {
            throw Problem.of(ErrorCode.UNAUTHORIZED, "The token is not known.").exception();
        }
        if (sent.endsWith(READER_TOKEN) && !method.equals("GET")) {
            throw Problem.of(ErrorCode.FORBIDDEN, "A reader may not change anything.")
                    .exception();
        }
    }

    private void app(HttpExchange exchange, String method, String[] path, Map<String, String> query)
            throws IOException {
        String name = path[2];
        String part = path.length > 3 ? path[3] : "";
        if (method.equals("PUT") && part.isEmpty()) {
            Api.PutApp put = Json.readStrictly(body(exchange), Api.PutApp.class);
            lastPut = put;
            boolean created = !apps.containsKey(AppName.check(name));
            long after = events.size();
            put(name, put);
            Api.AppView view = apps.get(name).view();
            json(exchange, created ? 201 : 200, new Api.PutAppResponse(created, view.version(), after, view));
            if (view.version() != view.liveVersion()) {
                Thread.ofVirtual().start(() -> rollOut(name));
            }
            return;
        }
        FakeApp app = apps.get(name);
        if (app == null) {
            throw Problem.of(ErrorCode.APP_NOT_FOUND, "There is no app '" + name + "'.")
                    .remedy("'holt apps' lists those there are.")
                    .exception();
        }
        Api.AppView view = app.view();
        switch (method + " " + part) {
            case "GET " -> json(exchange, 200, view);
            case "DELETE " -> {
                apps.remove(name);
                exchange.sendResponseHeaders(204, -1);
            }
            case "POST start", "POST stop", "POST restart" -> {
                String state = part.equals("stop") ? "stopped" : "started";
                change(name, state, view.instances(), view.routes());
                json(exchange, 200, apps.get(name).view());
            }
            case "PATCH " -> {
                lastPatch = Json.readStrictly(body(exchange), Api.PatchApp.class);
                json(exchange, 200, view);
            }
            case "POST scale" -> {
                String wanted =
                        Json.readStrictly(body(exchange), Api.Scale.class).instances();
                int number = Integer.parseInt(wanted);
                boolean relative = wanted.startsWith("+") || wanted.startsWith("-");
                change(name, view.state(), relative ? view.instances() + number : number, view.routes());
                json(exchange, 200, apps.get(name).view());
            }
            case "POST routes" -> {
                List<String> routes = new ArrayList<>(view.routes());
                routes.add(RouteName.check(
                        Json.readStrictly(body(exchange), Api.RouteBody.class).route(), "localhost"));
                change(name, view.state(), view.instances(), routes);
                json(exchange, 200, apps.get(name).view());
            }
            case "DELETE routes" -> {
                List<String> routes = new ArrayList<>(view.routes());
                if (!routes.remove(path[4])) {
                    throw Problem.of(ErrorCode.ROUTE_NOT_FOUND, name + " has no route " + path[4] + ".")
                            .exception();
                }
                change(name, view.state(), view.instances(), routes);
                exchange.sendResponseHeaders(204, -1);
            }
            case "GET environment" -> json(exchange, 200, new Api.Environment(app.environment()));
            case "PATCH environment" -> {
                Api.PatchEnvironment patch = Json.readStrictly(body(exchange), Api.PatchEnvironment.class);
                Map<String, String> variables = new TreeMap<>(app.environment());
                variables.putAll(patch.set() == null ? Map.of() : patch.set());
                (patch.unset() == null ? List.<String>of() : patch.unset()).forEach(variables::remove);
                apps.put(name, new FakeApp(view, variables));
                json(exchange, 200, new Api.Environment(variables));
            }
            case "GET events" -> events(exchange, name, path, query);
            case "GET logs" -> logs(exchange, name, path, query);
            case "GET files" -> files(exchange, query.getOrDefault("path", ""));
            default ->
                throw Problem.of(ErrorCode.METHOD_NOT_ALLOWED, method + " is not possible.")
                        .exception();
        }
    }

    private void put(String name, Api.PutApp put) {
        FakeApp old = apps.get(name);
        Api.Build build = put.build() == null ? null : builds.get(put.build());
        List<String> routes = put.routes() != null
                ? put.routes().stream()
                        .map(route -> RouteName.check(route, "localhost"))
                        .toList()
                : old != null ? old.view().routes() : List.of(name + ".localhost");
        int instances = put.instances() != null
                ? put.instances()
                : old == null ? 1 : old.view().instances();
        String state = Boolean.FALSE.equals(put.start())
                ? "stopped"
                : old == null ? "started" : old.view().state();
        long live = old == null ? 0 : old.view().liveVersion();
        long version = (old == null ? 0 : old.view().version()) + (build == null ? 0 : 1);
        String droplet = build == null ? (old == null ? null : old.view().droplet()) : build.droplet();
        boolean idle = state.equals("stopped") || instances == 0;
        Api.AppView base = old == null ? blank(name, put) : old.view();
        Map<String, String> environment = new TreeMap<>(old == null ? Map.of() : old.environment());
        environment.putAll(put.environment() == null ? Map.of() : put.environment());
        apps.put(
                name,
                new FakeApp(
                        view(base, version, idle ? version : live, state, instances, routes, droplet), environment));
    }

    private static Api.AppView blank(String name, Api.PutApp put) {
        long memory = put.memory() == null ? 256L << 20 : MemorySize.parse(put.memory());
        return new Api.AppView(
                name,
                "started",
                "empty",
                1,
                0,
                memory,
                List.of(),
                List.of(),
                0,
                0,
                "node",
                "node server.js",
                null,
                null,
                NOW.minusSeconds(7200),
                NOW.minusSeconds(300),
                List.of());
    }

    private void change(String name, String state, int instances, List<String> routes) {
        FakeApp old = apps.get(name);
        Api.AppView view = old.view();
        apps.put(
                name,
                new FakeApp(
                        view(view, view.version(), view.liveVersion(), state, instances, routes, view.droplet()),
                        old.environment()));
    }

    private Api.AppView view(
            Api.AppView base,
            long version,
            long live,
            String state,
            int instances,
            List<String> routes,
            String droplet) {
        boolean running = live > 0 && state.equals("started");
        List<Api.ProcessView> processes = new ArrayList<>();
        for (int i = 0; running && i < instances; i++) {
            processes.add(new Api.ProcessView(
                    10 + i,
                    2,
                    "instance",
                    base.name(),
                    i,
                    live,
                    "running",
                    "box",
                    "10.0.0." + (2 + i),
                    8080,
                    (45L << 20) + 12345 * i,
                    base.memoryBytes(),
                    1.25 * i,
                    i,
                    NOW.minusSeconds(3700),
                    NOW.minusSeconds(3700 + i),
                    null,
                    i == 2 ? "restarted after it was killed by SIGKILL" : null));
        }
        return new Api.AppView(
                base.name(),
                state,
                running ? "running" : state.equals("stopped") ? "stopped" : "starting",
                instances,
                processes.size(),
                base.memoryBytes(),
                routes,
                routes.stream().map(route -> "http://" + route + ":8080").toList(),
                version,
                live,
                "node",
                "node server.js",
                droplet,
                null,
                base.createdAt(),
                base.updatedAt(),
                processes);
    }

    private void rollOut(String name) {
        Api.AppView view = apps.get(name).view();
        Map<String, String> data = Map.of("version", Long.toString(view.version()));
        event(name, Event.RELEASE_ROLLING, "Release " + view.version() + " is being brought up.", data);
        for (int i = 0; i < view.instances(); i++) {
            pause();
            event(name, Event.PROCESS_STARTING, "Instance " + i + " is starting on box.", data);
            pause();
            if (stuck) {
                return;
            }
            if (releaseFault != null) {
                event(name, Event.PROCESS_CRASHED, "Instance " + i + " ended: exit code 3.", data);
                Map<String, String> failed = new TreeMap<>(releaseEvidence);
                failed.putAll(data);
                event(name, Event.RELEASE_FAILED, releaseFault, failed);
                return;
            }
            event(name, Event.PROCESS_RUNNING, "Instance " + i + " is running.", data);
        }
        FakeApp now = apps.get(name);
        apps.put(
                name,
                new FakeApp(
                        view(
                                view,
                                view.version(),
                                view.version(),
                                "started",
                                view.instances(),
                                view.routes(),
                                view.droplet()),
                        now.environment()));
        event(name, Event.RELEASE_LIVE, "Release " + view.version() + " is live.", data);
    }

    private void events(HttpExchange exchange, String app, String[] path, Map<String, String> query)
            throws IOException {
        long after = Long.parseLong(query.getOrDefault("after", "0"));
        if (path.length == 4) {
            json(
                    exchange,
                    200,
                    new Api.Events(events.stream()
                            .filter(event -> event.app().equals(app) && event.id() > after)
                            .toList()));
            return;
        }
        OutputStream out = stream(exchange);
        int sent = 0;
        for (int i = (int) after; ; i++) {
            awaitMore(events, i, out);
            Event event = events.get(i);
            if (event.app().equals(app)) {
                send(out, "id: " + event.id() + "\nevent: " + event.kind() + "\ndata: " + Json.text(event) + "\n\n");
                sent++;
            }
            if (cutStreamsAfter > 0 && sent >= cutStreamsAfter) {
                return;
            }
        }
    }

    private void logs(HttpExchange exchange, String app, String[] path, Map<String, String> query) throws IOException {
        Instant since = query.containsKey("since") ? Instant.parse(query.get("since")) : Instant.EPOCH;
        String instance = query.get("instance");
        List<LogLine> all = logs.stream()
                .filter(line -> line.app().equals(app)
                        && !line.at().isBefore(since)
                        && (instance == null || line.index() == Integer.parseInt(instance)))
                .toList();
        int lines = Integer.parseInt(query.getOrDefault("lines", "10000"));
        List<LogLine> last = all.subList(Math.max(0, all.size() - lines), all.size());
        if (path.length == 4) {
            json(exchange, 200, new Api.Logs(last));
            return;
        }
        OutputStream out = stream(exchange);
        int next = logs.size();
        for (LogLine line : last) {
            send(out, "data: " + Json.text(line) + "\n\n");
        }
        for (int sent = last.size(); cutStreamsAfter == 0 || sent < cutStreamsAfter; sent++) {
            awaitMore(logs, next, out);
            send(out, "data: " + Json.text(logs.get(next++)) + "\n\n");
        }
    }

    private void files(HttpExchange exchange, String path) throws IOException {
        byte[] content = files.get(path);
        if (content != null) {
            answer(exchange, 200, "application/octet-stream", content);
            return;
        }
        if (!path.isEmpty()) {
            throw Problem.of(ErrorCode.FILE_NOT_FOUND, "There is no file '" + path + "'.")
                    .exception();
        }
        List<AgentReply.FileInfo> infos = new ArrayList<>();
        infos.add(new AgentReply.FileInfo("lib", true, 0));
        files.forEach((name, bytes) -> infos.add(new AgentReply.FileInfo(name, false, bytes.length)));
        json(exchange, 200, new Api.Files(path, infos));
    }

    private void tokens(HttpExchange exchange, String method, String[] path) throws IOException {
        switch (method) {
            case "GET" -> json(exchange, 200, new Api.Tokens(List.copyOf(tokens.values())));
            case "POST" -> {
                Api.CreateToken wanted = Json.readStrictly(body(exchange), Api.CreateToken.class);
                String id = "t" + (tokens.size() + 1);
                tokens.put(id, new Api.TokenView(id, wanted.name(), wanted.role(), NOW, null));
                json(exchange, 201, new Api.CreatedToken(id, wanted.name(), wanted.role(), "holt-fresh-" + id));
            }
            default -> {
                if (tokens.remove(path[2]) == null) {
                    throw Problem.of(ErrorCode.TOKEN_NOT_FOUND, "There is no token '" + path[2] + "'.")
                            .exception();
                }
                exchange.sendResponseHeaders(204, -1);
            }
        }
    }

    private void blobs(HttpExchange exchange, String[] path) throws IOException {
        if (path.length == 3 && path[2].equals("match")) {
            Api.MatchRequest request = Json.readStrictly(body(exchange), Api.MatchRequest.class);
            json(
                    exchange,
                    200,
                    new Api.MatchResponse(request.digests().stream()
                            .filter(digest -> !blobs.containsKey(digest))
                            .toList()));
        } else if (path.length == 3) {
            keep(path[2], body(exchange));
            exchange.sendResponseHeaders(204, -1);
        } else {
            try (ZipInputStream zip = new ZipInputStream(exchange.getRequestBody())) {
                for (ZipEntry entry = zip.getNextEntry(); entry != null; entry = zip.getNextEntry()) {
                    keep(entry.getName(), zip.readAllBytes());
                }
            }
            exchange.sendResponseHeaders(204, -1);
        }
    }

    private void keep(String digest, byte[] content) {
        if (!Digest.of(content).equals(digest)) {
            throw Problem.of(ErrorCode.CONTENT_MISMATCH, "The content is not " + digest + ".")
                    .exception();
        }
        blobs.put(digest, content);
    }

    private void builds(HttpExchange exchange, String[] path) throws IOException {
        if (path.length == 2) {
            Api.BuildRequest request = Json.readStrictly(body(exchange), Api.BuildRequest.class);
            String id = "b" + (builds.size() + 1);
            String droplet = "d-" + request.tree().digest().substring(0, 8)
                    + (request.command() == null
                            ? ""
                            : Integer.toHexString(request.command().hashCode()));
            List<String> log = List.of("Node app found", "Resolving dependencies", "Start command: node server.js");
            Problem fault = stagingFault;
            builds.put(
                    id,
                    fault == null
                            ? new Api.Build(
                                    id,
                                    "succeeded",
                                    droplet,
                                    "node",
                                    request.command() == null ? "node server.js" : request.command(),
                                    null,
                                    null,
                                    log)
                            : new Api.Build(
                                    id, "failed", null, null, null, fault.code().code(), fault.detail(), log));
            json(exchange, 202, new Api.Build(id, "staging", null, null, null, null, null, List.of()));
            return;
        }
        Api.Build build = builds.get(path[2]);
        if (path.length == 3) {
            json(exchange, 200, build);
            return;
        }
        OutputStream out = stream(exchange);
        for (String line : build.log()) {
            pause();
            send(out, "event: log\ndata: " + Json.text(new StageProgress(path[2], line, null)) + "\n\n");
        }
        send(out, "event: done\ndata: " + Json.text(build) + "\n\n");
    }

    private List<Api.ProcessView> processes() {
        List<Api.ProcessView> all = new ArrayList<>();
        all.add(supervisor(1, 0, "platform", null));
        long pid = 2;
        for (FakeApp app : new TreeMap<>(apps).values()) {
            long supervisor = pid++;
            all.add(supervisor(supervisor, 1, "supervisor", app.view().name()));
            for (Api.ProcessView each : app.view().processes()) {
                all.add(new Api.ProcessView(
                        100 * supervisor + each.pid(),
                        supervisor,
                        each.program(),
                        each.app(),
                        each.index(),
                        each.version(),
                        each.state(),
                        each.host(),
                        each.address(),
                        each.port(),
                        each.memoryBytes(),
                        each.memoryLimitBytes(),
                        each.cpuPercent(),
                        each.restarts(),
                        each.since(),
                        each.startedAt(),
                        each.exit(),
                        each.note()));
            }
        }
        return all;
    }

    private static Api.ProcessView supervisor(long pid, long ppid, String program, String app) {
        return new Api.ProcessView(
                pid,
                ppid,
                program,
                app,
                -1,
                0,
                "running",
                null,
                null,
                0,
                0,
                0,
                0,
                0,
                NOW.minusSeconds(90_000),
                null,
                null,
                null);
    }

    private void pause() {
        if (stepMillis > 0) {
            java.util.concurrent.locks.LockSupport.parkNanos(stepMillis * 1_000_000);
        }
    }

    private static void awaitMore(List<?> list, int index, OutputStream out) throws IOException {
        for (int waited = 0; list.size() <= index; waited++) {
            java.util.concurrent.locks.LockSupport.parkNanos(5_000_000);
            if (waited % 20 == 19) {
                send(out, ": alive\n\n");
            }
        }
    }

    private static OutputStream stream(HttpExchange exchange) throws IOException {
        exchange.getResponseHeaders().add("Content-Type", "text/event-stream");
        exchange.sendResponseHeaders(200, 0);
        return exchange.getResponseBody();
    }

    private static void send(OutputStream out, String text) throws IOException {
        out.write(text.getBytes(StandardCharsets.UTF_8));
        out.flush();
    }

    private static byte[] body(HttpExchange exchange) throws IOException {
        return exchange.getRequestBody().readAllBytes();
    }

    private static void json(HttpExchange exchange, int status, Object value) throws IOException {
        answer(exchange, status, JSON, Json.bytes(value));
    }

    private static void answer(HttpExchange exchange, int status, String type, byte[] body) throws IOException {
        exchange.getResponseHeaders().add("Content-Type", type);
        exchange.sendResponseHeaders(status, body.length == 0 ? -1 : body.length);
        exchange.getResponseBody().write(body);
    }

    private static Map<String, String> parameters(String query) {
        Map<String, String> parameters = new LinkedHashMap<>();
        for (String pair : query == null ? new String[0] : query.split("&")) {
            String[] parts = pair.split("=", 2);
            parameters.put(parts[0], URLDecoder.decode(parts[1], StandardCharsets.UTF_8));
        }
        return parameters;
    }
}
