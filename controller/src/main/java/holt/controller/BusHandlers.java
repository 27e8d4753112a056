package holt.controller;

import holt.bus.Bus;
import holt.bus.BusMonitor;
import holt.bus.Message;
import holt.bus.NoResponders;
import holt.model.BusApi;
import holt.model.ErrorCode;
import holt.model.Problem;
import holt.model.ProblemException;
import java.io.IOException;
import java.time.Duration;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CancellationException;
import java.util.concurrent.CompletionException;
import java.util.concurrent.Semaphore;
import java.util.concurrent.TimeoutException;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/** The bus for people: send, listen, ask, and see how it does. */
final class BusHandlers {
    /** Listeners at once. Each may have {@link BusListener#MAX_BYTES} waiting. */
    static final int MAX_STREAMS = 16;

    /** Requests that wait for an answer at once. */
    static final int MAX_REQUESTS = 64;

    private static final List<String> PAGES = List.of("varz", "connz", "subsz", "healthz");

    /** Room for a whole payload in the form that takes most of it: each byte written as an escape of six. */
    private static final long MAX_BODY = 6L * BusApi.MAX_PAYLOAD_BYTES + (64 << 10);

    /** Sooner than for other streams, because it is by this that a place of somebody who left is found to be free. */
    private static final Duration HEARTBEAT = Duration.ofSeconds(5);

    private static final int FLUSH_AFTER = 500;

    private final Bus bus;
    private final BusMonitor monitor;
    private final Streams streams;
    private final Semaphore requests = new Semaphore(MAX_REQUESTS);

    BusHandlers(Bus bus, BusMonitor monitor, Streams streams) {
        this.bus = bus;
        this.monitor = monitor;
        this.streams = streams;
    }

    void publish(Call call) throws IOException {
        BusApi.BusPublish body = call.body(BusApi.BusPublish.class, MAX_BODY);
        String subject = BusTarget.literal("subject", AppHandlers.required(body.subject(), "subject"), body.force());
        String reply = body.reply();
        byte[] payload = payload(body.text(), body.base64());
        if (reply == null) {
            connected(() -> {
                bus.publish(subject, payload);
                return subject;
            });
        } else {
            String answers = BusTarget.literal("reply subject", reply, body.force());
            connected(() -> {
                bus.publish(subject, answers, payload);
                return subject;
            });
        }
        call.nothing();
    }

    void request(Call call) throws IOException {
        BusApi.BusRequest body = call.body(BusApi.BusRequest.class, MAX_BODY);
        String subject = BusTarget.literal("subject", AppHandlers.required(body.subject(), "subject"), body.force());
        byte[] payload = payload(body.text(), body.base64());
        Duration timeout = timeout(body.timeoutMillis());
        if (!requests.tryAcquire()) {
            throw Problem.of(ErrorCode.UNAVAILABLE, "Too many requests on the bus wait for their answers.")
                    .expected("at most " + MAX_REQUESTS + " at once", null)
                    .remedy("Try again later.")
                    .exception();
        }
        try {
            byte[] answer = answer(subject, payload, timeout);
            String text = BusApi.text(answer).orElse(null);
            call.json(new BusApi.BusReply(text, text == null ? BusApi.base64(answer) : null, answer.length));
        } finally {
            requests.release();
        }
    }

    private byte[] answer(String subject, byte[] payload, Duration timeout) {
        try {
            return connected(() -> bus.request(subject, payload, timeout)).join();
        } catch (CompletionException | CancellationException fault) {
            throw new ProblemException(unanswered(subject, timeout, Problems.unwrapped(fault)), fault);
        }
    }

    private static Problem unanswered(String subject, Duration timeout, Throwable fault) {
        String shown = Call.printable(subject);
        return switch (fault) {
            case NoResponders nobody ->
                Problem.of(ErrorCode.NO_RESPONDERS, "Nobody subscribes to '" + shown + "', so nobody can answer.")
                        .remedy("Start what answers there, or check the subject: 'holt bus top --by subject' shows"
                                + " those in use.");
            case TimeoutException silence ->
                Problem.of(
                                ErrorCode.NO_ANSWER,
                                "No answer came on '" + shown + "' within " + timeout.toMillis() + " ms.")
                        .remedy("Somebody listens there, but did not answer; perhaps a longer --timeout helps.");
            default ->
                Problem.of(ErrorCode.UNAVAILABLE, "The bus lost the request on '" + shown + "'.")
                        .remedy("Try again later.");
        };
    }

    private static Duration timeout(@Nullable Integer millis) {
        int wanted = millis == null ? BusApi.USUAL_TIMEOUT_MILLIS : millis;
        if (wanted < 1 || wanted > BusApi.MAX_TIMEOUT_MILLIS) {
            throw Problem.of(ErrorCode.PARAMETER_INVALID, "The value of 'timeoutMillis' cannot be used.")
                    .expected("a whole number from 1 to " + BusApi.MAX_TIMEOUT_MILLIS, Integer.toString(wanted))
                    .exception();
        }
        return Duration.ofMillis(wanted);
    }

    /** The subscription is there before the first byte of the answer leaves. */
    void subscribe(Call call) {
        String subject = BusTarget.pattern(call.query("subject").orElse(""));
        boolean force = is(call, "force", "true", "false");
        String queue = call.query("queue")
                .map(name -> BusTarget.queue(name, subject, force))
                .orElse(null);
        boolean payloads = !is(call, "payload", "no", "yes");
        BusListener listener = new BusListener();
        try (Bus.Subscription subscription = connected(() -> queue == null
                ? bus.subscribe(subject, listener::offer)
                : bus.subscribe(subject, queue, listener::offer))) {
            streams.run(call, sse -> {
                sse.event("", "listening", new BusApi.BusListening(subject, queue));
                sse.flush();
                send(sse, listener, payloads);
            });
        }
    }

    private static boolean is(Call call, String name, String yes, String no) {
        String found = call.query(name).orElse(no);
        if (!found.equals(yes) && !found.equals(no)) {
            throw Problem.of(ErrorCode.PARAMETER_INVALID, "The parameter '" + name + "' cannot be used.")
                    .expected(yes + " or " + no, Call.printable(found))
                    .exception();
        }
        return found.equals(yes);
    }

    private static void send(Sse sse, BusListener listener, boolean payloads) throws IOException, InterruptedException {
        while (true) {
            Message message = listener.next(HEARTBEAT);
            if (message == null) {
                sse.heartbeat();
            }
            for (int sent = 0; message != null; sent++) {
                sse.event("", "message", heard(message, payloads));
                message = sent < FLUSH_AFTER ? listener.next(Duration.ZERO) : null;
            }
            long lost = listener.lost();
            if (lost > 0) {
                sse.event("", "lost", new BusApi.BusLost(lost));
            }
            sse.flush();
        }
    }

    private static BusApi.BusMessage heard(Message message, boolean payloads) {
        byte[] payload = message.payload();
        String text = payloads ? BusApi.text(payload).orElse(null) : null;
        String base64 = payloads && text == null ? BusApi.base64(payload) : null;
        return new BusApi.BusMessage(message.subject(), message.replySubject(), text, base64, payload.length);
    }

    void monitor(Call call) {
        String page = call.path("page");
        if (!PAGES.contains(page)) {
            throw Problem.of(ErrorCode.NOT_FOUND, "The bus has no page '" + Call.printable(page) + "'.")
                    .expected(String.join(", ", PAGES), Call.printable(page))
                    .exception();
        }
        Map<String, String> query = new LinkedHashMap<>();
        call.route()
                .parameters()
                .forEach(known -> call.query(known.name()).ifPresent(value -> query.put(known.name(), value)));
        try {
            call.bytes(ApiRoute.JSON, monitor.page(page, query));
        } catch (IllegalArgumentException refused) {
            throw new ProblemException(
                    Problem.of(
                            ErrorCode.PARAMETER_INVALID,
                            "The bus cannot show '" + page + "' like this: "
                                    + Call.printable(String.valueOf(refused.getMessage())) + "."),
                    refused);
        } catch (IOException silent) {
            throw new ProblemException(
                    Problem.of(
                            ErrorCode.UNAVAILABLE,
                            "The bus tells nothing of itself: " + Call.printable(String.valueOf(silent.getMessage()))
                                    + "."),
                    silent);
        }
    }

    private static byte[] payload(@Nullable String text, @Nullable String base64) {
        byte[] payload = decoded(text, base64);
        if (payload.length > BusApi.MAX_PAYLOAD_BYTES) {
            throw Problem.of(ErrorCode.PAYLOAD_TOO_LARGE, "The message is too large for the bus.")
                    .expected("at most " + BusApi.MAX_PAYLOAD_BYTES + " bytes", payload.length + " bytes")
                    .remedy("Send it in pieces, or send the name of where it is.")
                    .exception();
        }
        return payload;
    }

    private static byte[] decoded(@Nullable String text, @Nullable String base64) {
        try {
            return BusApi.payload(text, base64);
        } catch (IllegalArgumentException refused) {
            throw new ProblemException(
                    Problem.of(
                                    ErrorCode.BODY_INVALID,
                                    "The payload cannot be read: "
                                            + Call.printable(String.valueOf(refused.getMessage())) + ".")
                            .expected("the member 'text', or 'base64' with padding", null),
                    refused);
        }
    }

    /** A bus can be away, or closed already. */
    private static <T> T connected(Supplier<T> use) {
        try {
            return use.get();
        } catch (IllegalStateException fault) {
            throw new ProblemException(
                    Problem.of(
                                    ErrorCode.UNAVAILABLE,
                                    "The bus did not take this: " + Call.printable(String.valueOf(fault.getMessage()))
                                            + ".")
                            .remedy("Try again later; the server's log says more."),
                    fault);
        }
    }
}
