package holt.controller;

import holt.identity.Action;
import holt.model.ErrorCode;
import java.util.List;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/**
 * One thing the API can be asked, as data: the server's routes, the OpenAPI document and the tests of permissions are
 * all made from a list of these. There is none without an {@link Action}, so there is none without a decision on who may.
 *
 * @param method HTTP method
 * @param path below the API's base, with path parameters in braces
 * @param action what its caller must be allowed
 * @param summary one sentence for people
 * @param handler does it
 * @param parameters query parameters; others are refused
 * @param consumes content types of the request body, empty for none
 * @param request type of a JSON body; null for none or other content
 * @param produces content type of the answer, empty for an answer without content
 * @param response type of a JSON answer; null for none or other content
 * @param status of the answer when all is well
 * @param errors that can be the answer, beyond those any route can give
 */
public record ApiRoute(
        Method method,
        String path,
        Action action,
        String summary,
        Handler handler,
        List<Parameter> parameters,
        List<String> consumes,
        @Nullable Class<?> request,
        String produces,
        @Nullable Class<?> response,
        int status,
        List<ErrorCode> errors) {
    static final String JSON = "application/json";
    static final String ZIP = "application/zip";
    static final String BYTES = "application/octet-stream";
    static final String EVENTS = "text/event-stream";

    private static final Pattern PATH_PARAMETER = Pattern.compile("\\{([a-z]+)}");

    public ApiRoute {
        parameters = List.copyOf(parameters);
        consumes = List.copyOf(consumes);
        errors = List.copyOf(errors);
    }

    /** The methods in use. */
    public enum Method {
        GET,
        PUT,
        POST,
        PATCH,
        DELETE
    }

    /** A query parameter; all are optional text, {@code description} says more. */
    public record Parameter(String name, String description) {}

    /** Does what a route is for. Faults are thrown. */
    @FunctionalInterface
    public interface Handler {
        void handle(Call call) throws Exception;
    }

    /** A route that takes nothing and answers nothing. */
    static ApiRoute of(Method method, String path, Action action, String summary, Handler handler) {
        return new ApiRoute(
                method, path, action, summary, handler, List.of(), List.of(), null, "", null, 204, List.of());
    }

    /** The same with one more query parameter. */
    ApiRoute query(String name, String description) {
        List<Parameter> more = new java.util.ArrayList<>(parameters);
        more.add(new Parameter(name, description));
        return new ApiRoute(
                method, path, action, summary, handler, more, consumes, request, produces, response, status, errors);
    }

    /** The same with a JSON body. */
    ApiRoute takes(Class<?> type) {
        return new ApiRoute(
                method,
                path,
                action,
                summary,
                handler,
                parameters,
                List.of(JSON),
                type,
                produces,
                response,
                status,
                errors);
    }

    /** The same with one more kind of body. */
    ApiRoute takes(String contentType) {
        List<String> more = new java.util.ArrayList<>(consumes);
        more.add(contentType);
        return new ApiRoute(
                method, path, action, summary, handler, parameters, more, request, produces, response, status, errors);
    }

    /** The same with a JSON answer. */
    ApiRoute answers(int code, Class<?> type) {
        return new ApiRoute(
                method, path, action, summary, handler, parameters, consumes, request, JSON, type, code, errors);
    }

    /** The same with an answer of another kind; {@code items} is what it consists of, where that is JSON. */
    ApiRoute answers(String contentType, @Nullable Class<?> items) {
        return new ApiRoute(
                method, path, action, summary, handler, parameters, consumes, request, contentType, items, 200, errors);
    }

    /** The same, answered by an upgrade of the connection. */
    ApiRoute upgrades() {
        return new ApiRoute(
                method, path, action, summary, handler, parameters, consumes, request, "", null, 101, errors);
    }

    /** The same with errors that can be the answer. */
    ApiRoute fails(ErrorCode... codes) {
        return new ApiRoute(
                method,
                path,
                action,
                summary,
                handler,
                parameters,
                consumes,
                request,
                produces,
                response,
                status,
                List.of(codes));
    }

    /** Names of the path parameters, in their order. */
    List<String> pathParameters() {
        return PATH_PARAMETER
                .matcher(path)
                .results()
                .map(match -> match.group(1))
                .toList();
    }

    /** Whether HEAD is answered too: as GET is, without the content. What has no end has no head of its own. */
    boolean answersHead() {
        return method == Method.GET && !produces.equals(EVENTS);
    }

    /** Whether a path below the API's base is one of this route's. */
    boolean matches(String actualPath) {
        String shape = PATH_PARAMETER.matcher(path).replaceAll(Matcher.quoteReplacement("[^/]+"));
        return actualPath.matches(shape);
    }
}
