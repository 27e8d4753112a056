package holt.controller;

import holt.identity.Subject;
import holt.model.AppName;
import holt.model.ErrorCode;
import holt.model.Json;
import holt.model.Problem;
import holt.model.ProblemException;
import io.javalin.http.Context;
import io.javalin.http.HandlerType;
import jakarta.servlet.http.HttpServletResponse;
import java.io.IOException;
import java.io.InputStream;
import java.time.InstantSource;
import java.util.Locale;
import java.util.Optional;
import java.util.concurrent.Executor;
import org.eclipse.jetty.ee10.servlet.ServletContextRequest;
import org.eclipse.jetty.io.Connection;
import org.eclipse.jetty.io.EndPoint;
import org.eclipse.jetty.server.ConnectionMetaData;
import org.eclipse.jetty.server.HttpStream;
import org.eclipse.jetty.server.Request;
import org.jspecify.annotations.Nullable;

/** One request of a known, permitted caller, with its answer. Used by the thread of its request only. */
public final class Call {
    private final Context context;
    private final ApiRoute route;
    private final Subject subject;
    private final ApiLimits limits;
    private final InstantSource clock;

    Call(Context context, ApiRoute route, Subject subject, ApiLimits limits, InstantSource clock) {
        this.context = context;
        this.route = route;
        this.subject = subject;
        this.limits = limits;
        this.clock = clock;
    }

    ApiRoute route() {
        return route;
    }

    Subject subject() {
        return subject;
    }

    /** The name of the token that asks, for events. */
    String actor() {
        return subject.name();
    }

    ApiLimits limits() {
        return limits;
    }

    /** The path parameter {@code app}, which has the shape of a name. */
    String app() {
        String name = path("app");
        return AppName.isValid(name) ? name : AppName.check(name);
    }

    String path(String name) {
        return context.pathParam(name);
    }

    Optional<String> query(String name) {
        return Optional.ofNullable(context.queryParam(name));
    }

    Optional<String> header(String name) {
        return Optional.ofNullable(context.header(name));
    }

    /** A whole number from the query. */
    long number(String name, long otherwise, long min, long max) {
        Optional<String> text = query(name);
        return text.isEmpty() ? otherwise : number("The parameter '" + name + "'", text.get(), min, max);
    }

    static long number(String what, String text, long min, long max) {
        try {
            long number = Long.parseLong(text);
            if (number >= min && number <= max) {
                return number;
            }
        } catch (NumberFormatException fault) {
            throw new ProblemException(notANumber(what, text, min, max), fault);
        }
        throw notANumber(what, text, min, max).exception();
    }

    private static Problem notANumber(String what, String text, long min, long max) {
        return Problem.of(ErrorCode.PARAMETER_INVALID, what + " cannot be used.")
                .expected("a whole number from " + min + " to " + max, printable(text));
    }

    /** A text from outside, fit to be shown. */
    static String printable(String text) {
        String shown = text.length() > 80 ? text.substring(0, 80) + "..." : text;
        return shown.replaceAll("\\p{Cntrl}", "?");
    }

    /** The media type of the body, lower case, without its parameters; empty for none. */
    String contentType() {
        String type = context.contentType();
        return type == null ? "" : type.split(";", 2)[0].strip().toLowerCase(Locale.ROOT);
    }

    /** The JSON body. */
    <T> T body(Class<T> type) throws IOException {
        return body(type, limits.jsonBytes());
    }

    <T> T body(Class<T> type, long maxBytes) throws IOException {
        return Json.readStrictly(stream(maxBytes).readAllBytes(), type);
    }

    /** The body as it comes; refused at once where its announced size is too large. */
    InputStream stream(long maxBytes) throws IOException {
        long announced = context.req().getContentLengthLong();
        if (announced > maxBytes) {
            throw PacedInput.tooLarge(maxBytes, announced + " bytes").exception();
        }
        return new PacedInput(context.req().getInputStream(), maxBytes, clock);
    }

    /** Whether only the head of the answer is wanted. What is written of the content is then dropped. */
    boolean headOnly() {
        return context.method().equals(HandlerType.HEAD);
    }

    /** Answers with JSON and the route's status. */
    void json(Object value) {
        json(route.status(), value);
    }

    void json(int status, Object value) {
        context.status(status);
        bytes(ApiRoute.JSON, Json.bytes(value));
    }

    void bytes(String contentType, byte[] content) {
        context.contentType(contentType);
        context.header("Cache-Control", "no-store");
        context.result(content);
    }

    /** Answers without content. */
    void nothing() {
        context.status(204);
    }

    void answerHeader(String name, @Nullable String value) {
        if (value != null) {
            context.header(name, value);
        }
    }

    /** What takes over a connection after an upgrade. */
    @FunctionalInterface
    interface Upgrade {
        Connection take(EndPoint endPoint, Executor executor);
    }

    /** @throws ProblemException {@code upgrade-required} where the caller does not ask for this protocol */
    void requireUpgrade(String protocol) {
        boolean asked = header("Upgrade").orElse("").equalsIgnoreCase(protocol)
                && header("Connection").orElse("").toLowerCase(Locale.ROOT).contains("upgrade");
        if (!asked) {
            context.header("Upgrade", protocol);
            throw Problem.of(ErrorCode.UPGRADE_REQUIRED, "This is a session, for which the connection is upgraded.")
                    .expected("the headers 'Connection: Upgrade' and 'Upgrade: " + protocol + "'", null)
                    .remedy("Use the command line: 'holt exec', 'holt ssh', 'holt cp', 'holt port-forward'.")
                    .exception();
        }
    }

    /** Answers that the connection is upgraded; when the answer has left, somebody else takes the connection over. */
    void upgrade(String protocol, Upgrade upgrade) {
        Request request = ServletContextRequest.getServletContextRequest(context.req());
        ConnectionMetaData connection = request.getConnectionMetaData();
        context.status(101);
        context.header("Upgrade", protocol);
        context.header("Connection", "Upgrade");
        request.setAttribute(
                HttpStream.UPGRADE_CONNECTION_ATTRIBUTE,
                upgrade.take(
                        connection.getConnection().getEndPoint(),
                        connection.getConnector().getExecutor()));
    }

    /** The answer for what does not fit into memory or has no end. */
    HttpServletResponse response() {
        return context.res();
    }
}
