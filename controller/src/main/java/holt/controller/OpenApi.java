package holt.controller;

import holt.identity.Action;
import holt.identity.Authorizer;
import holt.identity.Decision;
import holt.identity.Subject;
import holt.model.Api;
import holt.model.ErrorCode;
import holt.model.Json;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.TreeMap;
import java.util.TreeSet;

/** The OpenAPI 3.1 document of a list of routes. Pure. */
final class OpenApi {
    private final List<ApiRoute> routes;
    private final String version;
    private final Schemas schemas = new Schemas();

    private OpenApi(List<ApiRoute> routes, String version) {
        this.routes = routes;
        this.version = version;
    }

    static byte[] document(List<ApiRoute> routes, String version) {
        return Json.bytes(new OpenApi(routes, version).document());
    }

    private Map<String, Object> document() {
        Map<String, Object> paths = new LinkedHashMap<>();
        for (ApiRoute route : routes) {
            paths.computeIfAbsent(route.path(), path -> new LinkedHashMap<String, Object>());
            objects(paths.get(route.path())).put(route.method().name().toLowerCase(Locale.ROOT), operation(route));
        }
        Object problem = schemas.reference(Problems.Document.class);
        Map<String, Object> document = new LinkedHashMap<>();
        document.put("openapi", "3.1.0");
        document.put("info", Map.of("title", "Holt", "version", version));
        document.put("servers", List.of(Map.of("url", Api.BASE)));
        document.put("paths", paths);
        document.put(
                "components",
                Map.of(
                        "schemas",
                        schemas.all(),
                        "responses",
                        Map.of("Problem", content("What was wrong.", Problems.CONTENT_TYPE, problem)),
                        "securitySchemes",
                        Map.of("token", Map.of("type", "http", "scheme", "bearer"))));
        return document;
    }

    @SuppressWarnings("unchecked")
    private static Map<String, Object> objects(Object map) {
        return (Map<String, Object>) map;
    }

    private Map<String, Object> operation(ApiRoute route) {
        Map<String, Object> operation = new LinkedHashMap<>();
        operation.put("operationId", operationId(route));
        operation.put("summary", route.summary());
        List<Object> parameters = new ArrayList<>();
        route.pathParameters().forEach(name -> parameters.add(pathParameter(name)));
        route.parameters().forEach(parameter -> parameters.add(queryParameter(parameter)));
        if (!parameters.isEmpty()) {
            operation.put("parameters", parameters);
        }
        if (!route.consumes().isEmpty()) {
            operation.put("requestBody", Map.of("required", true, "content", requestContent(route)));
        }
        operation.put("responses", responses(route));
        boolean open = isOpen(route.action());
        operation.put("security", open ? List.of() : List.of(Map.of("token", List.of())));
        operation.put("x-holt-action", route.action().name().toLowerCase(Locale.ROOT));
        return operation;
    }

    private static boolean isOpen(Action action) {
        return Authorizer.decide(Subject.ANONYMOUS, action) instanceof Decision.Allowed;
    }

    private static String operationId(ApiRoute route) {
        String path = route.path().replaceAll("[^a-z/]", "").replace('/', '-');
        return route.method().name().toLowerCase(Locale.ROOT) + path;
    }

    private static Map<String, Object> pathParameter(String name) {
        return Map.of("name", name, "in", "path", "required", true, "schema", Map.of("type", "string"));
    }

    private static Map<String, Object> queryParameter(ApiRoute.Parameter parameter) {
        return Map.of(
                "name",
                parameter.name(),
                "in",
                "query",
                "required",
                false,
                "description",
                parameter.description(),
                "schema",
                Map.of("type", "string"));
    }

    private Map<String, Object> requestContent(ApiRoute route) {
        Map<String, Object> content = new LinkedHashMap<>();
        for (String type : route.consumes()) {
            Class<?> request = route.request();
            Map<String, Object> schema =
                    request != null && type.equals(ApiRoute.JSON) ? schemas.reference(request) : Map.of();
            content.put(type, Map.of("schema", schema));
        }
        return content;
    }

    private Map<String, Object> responses(ApiRoute route) {
        Map<String, Object> responses = new TreeMap<>();
        Class<?> type = route.response();
        Object schema = type == null ? Map.of("type", "object") : schemas.reference(type);
        responses.put(
                Integer.toString(route.status()),
                route.produces().isEmpty()
                        ? Map.of("description", "Done.")
                        : content("As asked.", route.produces(), schema));
        if (route.method() == ApiRoute.Method.PUT && route.status() == 201) {
            responses.put("200", content("As asked.", route.produces(), schema));
        }
        for (int status :
                new TreeSet<>(errors(route).stream().map(ErrorCode::status).toList())) {
            responses.put(Integer.toString(status), Map.of("$ref", "#/components/responses/Problem"));
        }
        return responses;
    }

    private static List<ErrorCode> errors(ApiRoute route) {
        List<ErrorCode> errors = new ArrayList<>(route.errors());
        errors.addAll(List.of(ErrorCode.PARAMETER_INVALID, ErrorCode.UNAUTHORIZED, ErrorCode.INTERNAL));
        if (!isOpen(route.action())) {
            errors.add(ErrorCode.FORBIDDEN);
        }
        if (!route.consumes().isEmpty()) {
            errors.addAll(
                    List.of(ErrorCode.BODY_INVALID, ErrorCode.BODY_TOO_LARGE, ErrorCode.CONTENT_TYPE_UNSUPPORTED));
        }
        return errors;
    }

    private static Map<String, Object> content(String description, String type, Object schema) {
        return Map.of("description", description, "content", Map.of(type, Map.of("schema", schema)));
    }
}
