package holt.bus.server;

import holt.model.Json;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.function.ToLongFunction;

/**
 * The server's figures, in the names and shapes of nats-server's monitoring pages, so that what reads those reads these.
 * Any thread; each page is one look under the hub's lock, and lists are bounded.
 */
final class Monitoring {
    private static final int DEFAULT_LIMIT = 1024;
    private static final String PAGES = "varz, connz, subsz, healthz";

    private final BusSettings settings;
    private final Hub hub;
    private final Info info;
    private final Instant start;
    private final CpuShare cpu = new CpuShare();

    Monitoring(BusSettings settings, Hub hub, Info info) {
        this.settings = settings;
        this.hub = hub;
        this.info = info;
        this.start = hub.clock().instant();
    }

    /** @throws IllegalArgumentException for a page or a parameter there is not */
    byte[] page(String page, Map<String, String> query) {
        return switch (page) {
            case "varz" -> json(varz());
            case "connz" -> json(connz(new Query(query)));
            case "subsz" -> json(subsz(new Query(query)));
            case "healthz" -> Json.bytes(Map.of("status", info.isLeaving() ? "unavailable" : "ok"));
            default -> throw new IllegalArgumentException("Expected one of the pages " + PAGES + ", found: " + page);
        };
    }

    private static byte[] json(Object value) {
        return Json.pretty(value).getBytes(StandardCharsets.UTF_8);
    }

    private Map<String, Object> varz() {
        BusLimits limits = settings.limits();
        Map<String, Object> page = new LinkedHashMap<>();
        page.put("server_id", info.serverId);
        page.put("server_name", settings.name());
        page.put("version", Info.VERSION);
        page.put("proto", 1);
        page.put("go", "java" + Runtime.version().feature());
        page.put("host", settings.host());
        page.put("port", Math.max(0, info.port()));
        page.put("auth_required", info.authRequired());
        page.put("tls_required", settings.tls() != null);
        page.put("max_connections", limits.maxConnections());
        page.put("max_subscriptions", limits.maxSubscriptions());
        page.put("ping_interval", limits.pingInterval().toNanos());
        page.put("ping_max", limits.pingMax());
        page.put("auth_timeout", seconds(limits.authTimeout()));
        page.put("max_control_line", limits.maxControlLine());
        page.put("max_payload", limits.maxPayload());
        page.put("max_pending", limits.maxPending());
        page.put("tls_timeout", seconds(limits.tlsTimeout()));
        page.put("write_deadline", limits.writeDeadline().toNanos());
        Instant now = hub.clock().instant();
        page.put("start", start.toString());
        page.put("now", now.toString());
        page.put("uptime", uptime(Duration.between(start, now)));
        Runtime runtime = Runtime.getRuntime();
        page.put("mem", runtime.totalMemory() - runtime.freeMemory());
        page.put("cores", runtime.availableProcessors());
        page.put("gomaxprocs", runtime.availableProcessors());
        page.put("cpu", cpu.percent());
        addFlows(page);
        page.put("config_load_time", start.toString());
        return page;
    }

    private static double seconds(Duration duration) {
        return duration.toMillis() / 1e3;
    }

    private void addFlows(Map<String, Object> page) {
        hub.lock.lock();
        try {
            page.put("connections", hub.clients.size());
            page.put("total_connections", hub.totalConnections);
            page.put("routes", 0);
            page.put("remotes", 0);
            page.put("leafnodes", 0);
            page.put("in_msgs", hub.messagesIn);
            page.put("out_msgs", hub.messagesOut);
            page.put("in_bytes", hub.bytesIn);
            page.put("out_bytes", hub.bytesOut);
            page.put("slow_consumers", hub.slowConsumers);
            page.put("subscriptions", hub.subjects.size());
        } finally {
            hub.lock.unlock();
        }
    }

    /** How a list is asked for. */
    private record Query(Map<String, String> given) {

        private int number(String name, int otherwise) {
            String text = given.get(name);
            if (text == null || text.isEmpty()) {
                return otherwise;
            }
            try {
                return Integer.parseInt(text);
            } catch (NumberFormatException bad) {
                throw new IllegalArgumentException("Expected a number for '" + name + "', found: " + text, bad);
            }
        }

        private int offset() {
            return Math.max(0, number("offset", 0));
        }

        private int limit() {
            int limit = number("limit", DEFAULT_LIMIT);
            return limit <= 0 ? DEFAULT_LIMIT : Math.min(limit, 64 * DEFAULT_LIMIT);
        }

        private boolean flag(String name) {
            return switch (given.getOrDefault(name, "0")) {
                case "1", "true", "t", "T", "TRUE", "True" -> true;
                case "0", "false", "f", "F", "FALSE", "False", "" -> false;
                default ->
                    throw new IllegalArgumentException("Expected 0 or 1 for '" + name + "', found: " + given.get(name));
            };
        }

        private String text(String name) {
            return given.getOrDefault(name, "");
        }
    }

    /** A connection as it is shown, taken under the lock. */
    private record Seen(Client client, String reason, long stoppedAtMillis) {
        private boolean isOpen() {
            return stoppedAtMillis == 0;
        }
    }

    private Map<String, Object> connz(Query query) {
        Comparator<Seen> order = order(query.text("sort"));
        hub.lock.lock();
        try {
            hub.look();
            List<Seen> all = seen(query);
            List<Seen> shown = all.stream()
                    .sorted(order)
                    .skip(query.offset())
                    .limit(query.limit())
                    .toList();
            Map<String, Object> page = head();
            page.put("num_connections", shown.size());
            page.put("total", all.size());
            page.put("offset", query.offset());
            page.put("limit", query.limit());
            boolean details = query.text("subs").equals("detail");
            boolean subs = details || query.flag("subs");
            page.put(
                    "connections",
                    shown.stream().map(each -> connection(each, subs, details)).toList());
            return page;
        } finally {
            hub.lock.unlock();
        }
    }

    private Map<String, Object> head() {
        Map<String, Object> page = new LinkedHashMap<>();
        page.put("server_id", info.serverId);
        page.put("now", hub.clock().instant().toString());
        return page;
    }

    private List<Seen> seen(Query query) {
        String state = query.text("state").toLowerCase(java.util.Locale.ROOT);
        List<Seen> all = new ArrayList<>();
        boolean open = switch (state) {
            case "", "open", "any", "all" -> true;
            case "closed" -> false;
            default ->
                throw new IllegalArgumentException(
                        "Expected open, closed or any for 'state', found: " + query.text("state"));
        };
        if (open) {
            hub.clients.values().forEach(client -> all.add(new Seen(client, "", 0)));
        }
        if (!open || state.equals("any") || state.equals("all")) {
            hub.departed.values().forEach(each -> all.add(new Seen(each.client(), each.reason(), each.atMillis())));
        }
        int cid = query.number("cid", 0);
        if (cid > 0) {
            all.removeIf(each -> each.client().cid != cid);
        }
        return all;
    }

    private static Comparator<Seen> order(String name) {
        return switch (name) {
            case "", "cid" -> Comparator.comparingLong(each -> each.client().cid);
            case "start" -> Comparator.comparingLong(each -> each.client().startedAtMillis);
            case "subs" -> most(client -> client.subscriptions.size());
            case "pending" -> most(Client::pendingBytes);
            case "msgs_to" -> most(client -> client.messagesOut);
            case "msgs_from" -> most(client -> client.messagesIn);
            case "bytes_to" -> most(client -> client.bytesOut);
            case "bytes_from" -> most(client -> client.bytesIn);
            case "last" -> most(client -> client.activeAtMillis);
            case "idle" -> Comparator.comparingLong(each -> each.client().activeAtMillis);
            case "uptime" -> Comparator.comparingLong(each -> each.client().startedAtMillis);
            case "rtt" -> most(client -> client instanceof SocketClient socket ? socket.rttNanos() : 0);
            case "stop" -> Comparator.comparingLong(Seen::stoppedAtMillis);
            case "reason" -> Comparator.comparing(Seen::reason);
            default ->
                throw new IllegalArgumentException("Expected one of cid, start, subs, pending, msgs_to, msgs_from,"
                        + " bytes_to, bytes_from, last, idle, uptime, stop, reason, rtt for 'sort', found: " + name);
        };
    }

    private static Comparator<Seen> most(ToLongFunction<Client> figure) {
        return Comparator.comparingLong((Seen each) -> figure.applyAsLong(each.client()))
                .reversed();
    }

    private Map<String, Object> connection(Seen seen, boolean subs, boolean details) {
        Client client = seen.client();
        Map<String, Object> row = new LinkedHashMap<>();
        row.put("cid", client.cid);
        row.put("kind", "Client");
        row.put("type", client instanceof SocketClient ? "nats" : "in_process");
        if (client instanceof SocketClient socket) {
            row.put("ip", socket.address().getAddress().getHostAddress());
            row.put("port", socket.address().getPort());
        }
        long now = seen.isOpen() ? hub.nowMillis : seen.stoppedAtMillis();
        row.put("start", Instant.ofEpochMilli(client.startedAtMillis).toString());
        row.put("last_activity", Instant.ofEpochMilli(client.activeAtMillis).toString());
        if (!seen.isOpen()) {
            row.put("stop", Instant.ofEpochMilli(seen.stoppedAtMillis()).toString());
            row.put("reason", seen.reason());
        }
        if (client instanceof SocketClient socket && socket.rttNanos() > 0) {
            row.put("rtt", roundTrip(socket.rttNanos()));
        }
        row.put("uptime", uptime(Duration.ofMillis(now - client.startedAtMillis)));
        row.put("idle", uptime(Duration.ofMillis(now - client.activeAtMillis)));
        row.put("pending_bytes", client.pendingBytes());
        row.put("in_msgs", client.messagesIn);
        row.put("out_msgs", client.messagesOut);
        row.put("in_bytes", client.bytesIn);
        row.put("out_bytes", client.bytesOut);
        row.put("subscriptions", client.subscriptions.size());
        addNames(row, client);
        if (subs && seen.isOpen()) {
            addSubscriptions(row, client, details);
        }
        return row;
    }

    private static void addNames(Map<String, Object> row, Client client) {
        if (!client.name.isEmpty()) {
            row.put("name", client.name);
        }
        if (!client.language.isEmpty()) {
            row.put("lang", client.language);
        }
        if (!client.version.isEmpty()) {
            row.put("version", client.version);
        }
        if (!client.user.isEmpty()) {
            row.put("authorized_user", client.user);
        }
        if (client instanceof SocketClient socket && socket.isTls()) {
            row.put("tls_version", socket.tlsVersion());
        }
    }

    private static void addSubscriptions(Map<String, Object> row, Client client, boolean details) {
        List<Object> list = new ArrayList<>();
        client.subscriptions.forEach(each -> {
            if (list.size() < DEFAULT_LIMIT) {
                list.add(details ? subscription(each) : pattern(each));
            }
        });
        row.put(details ? "subscriptions_list_detail" : "subscriptions_list", list);
    }

    private static String pattern(Interest subscription) {
        SubjectTree.Node node = subscription.node;
        return node == null ? "" : new String(node.pattern(), StandardCharsets.UTF_8);
    }

    private static Map<String, Object> subscription(Interest each) {
        Map<String, Object> row = new LinkedHashMap<>();
        row.put("subject", pattern(each));
        if (each.queue != null) {
            row.put("qgroup", new String(each.queue, StandardCharsets.UTF_8));
        }
        row.put("sid", new String(each.sid, StandardCharsets.UTF_8));
        row.put("msgs", each.delivered);
        if (each.max > 0) {
            row.put("max", each.max);
        }
        row.put("cid", each.client.cid);
        return row;
    }

    private Map<String, Object> subsz(Query query) {
        hub.lock.lock();
        try {
            SubjectTree subjects = hub.subjects;
            List<Match> kept = subjects.currentMatches();
            Map<String, Object> page = head();
            page.put("num_subscriptions", subjects.size());
            page.put("num_cache", kept.size());
            page.put("num_inserts", subjects.inserts());
            page.put("num_removes", subjects.removes());
            page.put("num_matches", subjects.matches());
            page.put("cache_hit_rate", subjects.matches() == 0 ? 0 : (double) subjects.hits() / subjects.matches());
            page.put(
                    "max_fanout",
                    kept.stream().mapToInt(Monitoring::fanout).max().orElse(0));
            page.put(
                    "avg_fanout",
                    kept.stream().mapToInt(Monitoring::fanout).average().orElse(0));
            if (query.flag("subs") || !query.text("test").isEmpty()) {
                addAll(page, query);
            }
            return page;
        } finally {
            hub.lock.unlock();
        }
    }

    private static int fanout(Match match) {
        return match.plain.length + match.queues.length;
    }

    private void addAll(Map<String, Object> page, Query query) {
        List<Interest> all = new ArrayList<>();
        if (query.text("test").isEmpty()) {
            hub.clients.values().forEach(client -> client.subscriptions.forEach(all::add));
        } else {
            byte[] subject = query.text("test").getBytes(StandardCharsets.UTF_8);
            if (!Subjects.isLiteral(subject, 0, subject.length)) {
                throw new IllegalArgumentException(
                        "Expected a subject without wildcards for 'test', found: " + query.text("test"));
            }
            Match match = hub.subjects.match(subject, 0, subject.length);
            all.addAll(List.of(match.plain));
            for (Interest[] queue : match.queues) {
                all.addAll(List.of(queue));
            }
        }
        page.put("total", all.size());
        page.put("offset", query.offset());
        page.put("limit", query.limit());
        page.put(
                "subscriptions_list",
                all.stream()
                        .skip(query.offset())
                        .limit(query.limit())
                        .map(Monitoring::subscription)
                        .toList());
    }

    /** As nats-server writes the time since something: the two or more parts that matter. */
    static String uptime(Duration since) {
        long days = since.toDays();
        if (days >= 365) {
            return days / 365 + "y" + days % 365 + "d" + since.toHoursPart() + "h" + since.toMinutesPart() + "m"
                    + since.toSecondsPart() + "s";
        }
        if (days > 0) {
            return days + "d" + since.toHoursPart() + "h" + since.toMinutesPart() + "m" + since.toSecondsPart() + "s";
        }
        if (since.toHours() > 0) {
            return since.toHours() + "h" + since.toMinutesPart() + "m" + since.toSecondsPart() + "s";
        }
        return since.toMinutes() > 0 ? since.toMinutes() + "m" + since.toSecondsPart() + "s" : since.toSeconds() + "s";
    }

    private static String roundTrip(long nanos) {
        return nanos < 1_000_000 ? nanos / 1000 + "µs" : nanos / 1_000_000 + "." + nanos % 1_000_000 / 1000 + "ms";
    }
}
