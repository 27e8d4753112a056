package holt.controller;

import static org.assertj.core.api.Assertions.assertThat;

import holt.model.Json;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Locale;
import java.util.Set;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import tools.jackson.databind.JsonNode;

class OpenApiTest {
    @TempDir
    static Path home;

    private static TestPlatform platform;
    private static JsonNode document;

    @BeforeAll
    static void read() throws Exception {
        platform = new TestPlatform(home);
        HttpResponse<String> answer = platform.send(
                HttpRequest.newBuilder(platform.uri("/openapi.json")).build());
        assertThat(answer.statusCode()).isEqualTo(200);
        document = Json.tree(answer.body().getBytes(StandardCharsets.UTF_8));
    }

    @AfterAll
    static void stop() {
        platform.close();
    }

    private static JsonNode operation(ApiRoute route) {
        return document.path("paths")
                .path(route.path())
                .path(route.method().name().toLowerCase(Locale.ROOT));
    }

    @Test
    void holdsEachRouteWithItsStatusAndParameters() {
        assertThat(document.path("openapi").asString()).isEqualTo("3.1.0");
        for (ApiRoute route : platform.controller.routes()) {
            JsonNode operation = operation(route);
            assertThat(operation.isObject()).as(route.path()).isTrue();
            assertThat(operation.path("responses").has(Integer.toString(route.status())))
                    .isTrue();
            Set<String> names = new HashSet<>();
            operation
                    .path("parameters")
                    .forEach(each -> names.add(each.path("name").asString()));
            assertThat(names).containsAll(route.pathParameters());
            route.parameters().forEach(parameter -> assertThat(names).contains(parameter.name()));
            assertThat(operation.has("requestBody")).isEqualTo(!route.consumes().isEmpty());
        }
    }

    @Test
    void namesEachOperationDifferently() {
        List<String> names = platform.controller.routes().stream()
                .map(route -> operation(route).path("operationId").asString())
                .toList();
        assertThat(names).doesNotHaveDuplicates().allMatch(name -> !name.isEmpty());
    }

    @Test
    void refersOnlyToWhatIsThere() {
        List<String> references = new ArrayList<>();
        collect(document, references);
        assertThat(references).isNotEmpty();
        for (String reference : references) {
            assertThat(reference).startsWith("#/");
            JsonNode target = document.at(reference.substring(1));
            assertThat(target.isMissingNode()).as(reference).isFalse();
        }
    }

    private static void collect(JsonNode node, List<String> references) {
        if (node.has("$ref")) {
            references.add(node.path("$ref").asString());
        }
        node.forEach(child -> collect(child, references));
    }

    @Test
    void describesTheBodiesByTheirRecords() {
        JsonNode schemas = document.path("components").path("schemas");
        assertThat(schemas.path("PutApp").has("required")).isFalse();
        assertThat(schemas.at("/PutApp/properties/environment/additionalProperties/type")
                        .asString())
                .isEqualTo("string");
        assertThat(schemas.at("/AppView/required").toString()).contains("name").doesNotContain("failure");
        assertThat(schemas.at("/Event/properties/at/format").asString()).isEqualTo("date-time");
        assertThat(schemas.at("/TreeEntry/properties/kind/enum").toString()).contains("FOLDER");
    }

    @Test
    void tellsWhichRoutesAreOpenToAnybody() {
        List<String> open = platform.controller.routes().stream()
                .filter(route -> operation(route).path("security").isEmpty())
                .map(ApiRoute::path)
                .toList();
        assertThat(open).containsExactlyInAnyOrder("/health", "/info", "/openapi.json");
    }
}
