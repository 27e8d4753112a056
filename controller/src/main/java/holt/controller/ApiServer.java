package holt.controller;

import holt.identity.Authorizer;
import holt.identity.Subject;
import holt.model.Api;
import holt.model.ErrorCode;
import holt.model.Problem;
import holt.model.ProblemException;
import io.javalin.Javalin;
import io.javalin.config.JavalinConfig;
import io.javalin.http.Context;
import io.javalin.http.HandlerType;
import io.javalin.http.HttpResponseException;
import java.io.IOException;
import java.io.InputStream;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.eclipse.jetty.server.HttpConfiguration;
import org.eclipse.jetty.server.HttpConnectionFactory;
import org.eclipse.jetty.server.Server;
import org.eclipse.jetty.server.ServerConnector;
import org.jspecify.annotations.Nullable;

/**
 * The HTTP server of the API. Each request runs on a virtual thread of its own, through one gate: who is it, may he, is
 * this asked in a form we take; then the route's handler. All faults leave as problem documents.
 */
final class ApiServer implements AutoCloseable {
    private static final System.Logger LOG = System.getLogger(ApiServer.class.getName());
    private static final Duration IDLE = Duration.ofSeconds(60);
    /** For answers under way when the server ends. */
    private static final Duration STOP_PATIENCE = Duration.ofSeconds(3);

    private static final int HEADER_BYTES = 16 << 10;
    private static final int DRAIN_BYTES = 64 << 20;
    private static final Duration DRAIN_TIME = Duration.ofSeconds(3);
    private static final int BACKLOG = 512;

    private final ControllerSettings settings;
    private final List<ApiRoute> routes;
    private final Access access;
    private final InstantSource clock;
    private final Javalin javalin;

    ApiServer(ControllerSettings settings, List<ApiRoute> routes, Access access, InstantSource clock) {
        this.settings = settings;
        this.routes = routes;
        this.access = access;
        this.clock = clock;
        this.javalin = Javalin.create(this::configure);
    }

    private void configure(JavalinConfig config) {
        config.startup.showJavalinBanner = false;
        config.startup.showOldJavalinVersionWarning = false;
        config.startup.startupWatcherEnabled = false;
        config.concurrency.useVirtualThreads = true;
        config.jetty.addConnector(this::connector);
        config.jetty.modifyServer(server -> {
            server.setStopTimeout(STOP_PATIENCE.toMillis());
            server.setErrorHandler(new JettyErrors());
        });
        config.jetty.modifyServletContextHandler(context -> context.setErrorHandler(new JettyErrors()));
        config.routes.before(this::refuseUnknownHead);
        routes.forEach(route -> add(config, route));
        config.routes.exception(HttpResponseException.class, (fault, context) -> answer(context, nothingHere(context)));
        config.routes.exception(Exception.class, this::answerFault);
        config.router.javaLangErrorHandler((response, fault) -> {
            LOG.log(System.Logger.Level.ERROR, "event=api-error", fault);
            response.setStatus(ErrorCode.INTERNAL.status());
        });
    }

    private void add(JavalinConfig config, ApiRoute route) {
        String path = Api.BASE + route.path();
        config.routes.addHttpHandler(
                HandlerType.findOrCreate(route.method().name()), path, context -> gate(context, route));
        if (route.answersHead()) {
            config.routes.addHttpHandler(HandlerType.HEAD, path, context -> gate(context, route));
        }
        if (routes.stream()
                        .filter(each -> each.path().equals(route.path()))
                        .findFirst()
                        .orElseThrow()
                == route) {
            config.routes.addHttpHandler(HandlerType.OPTIONS, path, this::tellMethods);
        }
    }

    /** What is known from the OpenAPI document anyhow, so anybody may ask. */
    private void tellMethods(Context context) {
        context.status(204);
        context.header("Allow", allowed(context));
    }

    private ServerConnector connector(Server server, HttpConfiguration http) {
        http.setSendServerVersion(false);
        http.setSendDateHeader(false);
        http.setRequestHeaderSize(HEADER_BYTES);
        ServerConnector connector = new ServerConnector(server, 1, 1, new HttpConnectionFactory(http));
        connector.setHost(settings.apiAddress());
        connector.setPort(settings.apiPort());
        connector.setIdleTimeout(IDLE.toMillis());
        connector.setAcceptQueueSize(BACKLOG);
        return connector;
    }

    /** @throws ProblemException {@code port-taken} */
    void start() {
        try {
            javalin.start();
        } catch (RuntimeException fault) {
            if (!isBindFault(fault)) {
                throw fault;
            }
            String place = settings.apiAddress() + ":" + settings.apiPort();
            throw new ProblemException(
                    Problem.of(ErrorCode.PORT_TAKEN, "The API cannot listen at " + place + ".")
                            .expected("a free port of this machine", "one that cannot be bound")
                            .remedy("Stop what listens there, or choose another port with --api-port (0 for any)."),
                    fault);
        }
    }

    private static boolean isBindFault(@Nullable Throwable fault) {
        return fault != null
                && (fault instanceof java.net.BindException
                        || String.valueOf(fault.getMessage()).contains("Failed to bind")
                        || isBindFault(fault.getCause()));
    }

    int port() {
        return javalin.port();
    }

    private void gate(Context context, ApiRoute route) throws Exception {
        Subject subject = access.subject(context.header("Authorization"));
        Authorizer.require(subject, route.action());
        Call call = new Call(context, route, subject, settings.limits(), clock);
        checkQuery(context, route);
        checkContentType(call, route);
        route.handler().handle(call);
    }

    private static void checkQuery(Context context, ApiRoute route) {
        Set<String> known = route.parameters().stream()
                .map(ApiRoute.Parameter::name)
                .collect(Collectors.toCollection(TreeSet::new));
        for (String name : context.queryParamMap().keySet()) {
            if (!known.contains(name)) {
                throw Problem.of(
                                ErrorCode.PARAMETER_INVALID,
                                "There is no parameter '" + Call.printable(name) + "' here.")
                        .expected(
                                known.isEmpty() ? "no parameter" : "only " + String.join(", ", known),
                                Call.printable(name))
                        .exception();
            }
        }
    }

    private static void checkContentType(Call call, ApiRoute route) {
        String found = call.contentType();
        if (!route.consumes().isEmpty() && !route.consumes().contains(found)) {
            throw Problem.of(ErrorCode.CONTENT_TYPE_UNSUPPORTED, "The body has a content type that is not taken here.")
                    .expected(String.join(" or ", route.consumes()), found.isEmpty() ? "none" : Call.printable(found))
                    .exception();
        }
    }

    /** Without this, the library would answer HEAD with 200 by itself where only GET is known, whoever asks. */
    private void refuseUnknownHead(Context context) {
        if (context.method().equals(HandlerType.HEAD) && matching(context).noneMatch(ApiRoute::answersHead)) {
            throw nothingHere(context).exception();
        }
    }

    private Problem nothingHere(Context context) {
        String allowed = allowed(context);
        String path = Call.printable(context.path());
        if (!allowed.isEmpty()) {
            return Problem.of(ErrorCode.METHOD_NOT_ALLOWED, path + " does not take " + context.method() + ".")
                    .expected(allowed, context.method().name());
        }
        return Problem.of(ErrorCode.NOT_FOUND, "There is nothing at " + path + ".")
                .remedy("GET " + Api.BASE + "/openapi.json lists what there is.");
    }

    /** The methods of a resource, empty where there is none. */
    private String allowed(Context context) {
        Set<String> methods = new LinkedHashSet<>();
        matching(context).forEach(route -> {
            methods.add(route.method().name());
            if (route.answersHead()) {
                methods.add("HEAD");
            }
        });
        if (!methods.isEmpty()) {
            methods.add("OPTIONS");
        }
        return String.join(", ", methods);
    }

    private Stream<ApiRoute> matching(Context context) {
        String path = context.path();
        return path.startsWith(Api.BASE)
                ? routes.stream().filter(route -> route.matches(path.substring(Api.BASE.length())))
                : Stream.empty();
    }

    private void answerFault(Exception fault, Context context) {
        if (context.res().isCommitted()) {
            // The announced length is not reached, so that the caller sees that something is missing.
            LOG.log(System.Logger.Level.INFO, "event=answer-broken-off reason=\"{0}\"", fault.getMessage());
            return;
        }
        if (fault instanceof IOException gone && !(fault instanceof java.nio.file.FileSystemException)) {
            answer(
                    context,
                    Problem.of(ErrorCode.BODY_INVALID, "The request body broke off: " + gone.getMessage() + "."));
            return;
        }
        answer(context, Problems.of(fault));
    }

    private void answer(Context context, Problem problem) {
        context.status(problem.code().status());
        context.contentType(Problems.CONTENT_TYPE);
        context.result(Problems.bytes(problem));
        switch (problem.code()) {
            case UNAUTHORIZED -> context.header("WWW-Authenticate", "Bearer realm=\"holt\"");
            case METHOD_NOT_ALLOWED -> context.header("Allow", allowed(context));
            case UNAVAILABLE -> context.header("Retry-After", "1");
            case FORBIDDEN -> {}
            default -> takeSomeMore(context);
        }
    }

    /**
     * A caller that is still sending sees our answer only if the connection is not reset under it: so a part of what it
     * sends is read and thrown away.
     */
    private void takeSomeMore(Context context) {
        Instant deadline = clock.instant().plus(DRAIN_TIME);
        byte[] scrap = new byte[64 << 10];
        try {
            InputStream body = context.req().getInputStream();
            int count = body.read(scrap);
            for (long total = count;
                    count >= 0 && total < DRAIN_BYTES && clock.instant().isBefore(deadline); ) {
                count = body.read(scrap);
                total += count;
            }
        } catch (IOException | IllegalStateException gone) {
            LOG.log(System.Logger.Level.DEBUG, "event=caller-gone reason=\"{0}\"", gone.getMessage());
        }
    }

    @Override
    public void close() {
        javalin.stop();
    }
}
