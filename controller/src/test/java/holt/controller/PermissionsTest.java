package holt.controller;

import static org.assertj.core.api.Assertions.assertThat;

import holt.identity.Role;
import java.io.InputStream;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.file.Path;
import java.util.EnumSet;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Set;
import java.util.stream.Collectors;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Who may ask what, over real HTTP. A route that is not in this table fails the test, and so does a row without a route. */
class PermissionsTest {
    private static final Set<Role> ANYBODY = EnumSet.allOf(Role.class);
    private static final Set<Role> READERS = EnumSet.of(Role.READER, Role.DEVELOPER, Role.ADMIN);
    private static final Set<Role> DEVELOPERS = EnumSet.of(Role.DEVELOPER, Role.ADMIN);
    private static final Set<Role> ADMINS = EnumSet.of(Role.ADMIN);

    private static final Map<String, Set<Role>> ALLOWED = Map.ofEntries(
            Map.entry("GET /health", ANYBODY),
            Map.entry("GET /info", ANYBODY),
            Map.entry("GET /openapi.json", ANYBODY),
            Map.entry("GET /processes", READERS),
            Map.entry("GET /processes/{pid}/why", READERS),
            Map.entry("GET /hosts", READERS),
            Map.entry("POST /rebalance", ADMINS),
            Map.entry("GET /stacks", READERS),
            Map.entry("POST /stacks", ADMINS),
            Map.entry("DELETE /stacks/{name}", ADMINS),
            Map.entry("POST /images", DEVELOPERS),
            Map.entry("GET /apps", READERS),
            Map.entry("PUT /apps/{app}", DEVELOPERS),
            Map.entry("GET /apps/{app}", READERS),
            Map.entry("PATCH /apps/{app}", DEVELOPERS),
            Map.entry("DELETE /apps/{app}", DEVELOPERS),
            Map.entry("POST /apps/{app}/start", DEVELOPERS),
            Map.entry("POST /apps/{app}/stop", DEVELOPERS),
            Map.entry("POST /apps/{app}/restart", DEVELOPERS),
            Map.entry("POST /apps/{app}/scale", DEVELOPERS),
            Map.entry("POST /apps/{app}/routes", DEVELOPERS),
            Map.entry("DELETE /apps/{app}/routes/{route}", DEVELOPERS),
            Map.entry("GET /apps/{app}/environment", DEVELOPERS),
            Map.entry("PATCH /apps/{app}/environment", DEVELOPERS),
            Map.entry("GET /apps/{app}/checks", READERS),
            Map.entry("PATCH /apps/{app}/checks", DEVELOPERS),
            Map.entry("PUT /hosts/{host}/drain", ADMINS),
            Map.entry("DELETE /hosts/{host}/drain", ADMINS),
            Map.entry("GET /hosts/{host}/drain", READERS),
            Map.entry("GET /events", READERS),
            Map.entry("GET /events/stream", READERS),
            Map.entry("GET /apps/{app}/events", READERS),
            Map.entry("GET /apps/{app}/events/stream", READERS),
            Map.entry("GET /apps/{app}/logs", READERS),
            Map.entry("GET /apps/{app}/logs/stream", READERS),
            Map.entry("GET /apps/{app}/files", DEVELOPERS),
            Map.entry("POST /apps/{app}/exec", DEVELOPERS),
            Map.entry("POST /apps/{app}/shell", DEVELOPERS),
            Map.entry("POST /apps/{app}/copy", DEVELOPERS),
            Map.entry("POST /apps/{app}/forward", DEVELOPERS),
            Map.entry("GET /tokens", ADMINS),
            Map.entry("POST /tokens", ADMINS),
            Map.entry("DELETE /tokens/{id}", ADMINS),
            Map.entry("POST /bus/messages", ADMINS),
            Map.entry("GET /bus/messages", ADMINS),
            Map.entry("POST /bus/requests", ADMINS),
            Map.entry("GET /bus/monitor/{page}", ADMINS),
            Map.entry("POST /blobs/match", DEVELOPERS),
            Map.entry("PUT /blobs/{digest}", DEVELOPERS),
            Map.entry("POST /blobs", DEVELOPERS),
            Map.entry("POST /builds", DEVELOPERS),
            Map.entry("GET /builds/{id}", READERS),
            Map.entry("GET /builds/{id}/stream", READERS));

    @TempDir
    static Path home;

    private static TestPlatform platform;

    @BeforeAll
    static void start() {
        platform = new TestPlatform(home);
    }

    @AfterAll
    static void stop() {
        platform.close();
    }

    private static String key(ApiRoute route) {
        return route.method() + " " + route.path();
    }

    @Test
    void eachRouteIsInTheTable() {
        assertThat(platform.controller.routes().stream().map(PermissionsTest::key))
                .containsExactlyInAnyOrderElementsOf(ALLOWED.keySet());
    }

    @Test
    void eachRouteLetsInTheRolesOfTheTableAndNoOther() throws Exception {
        Map<String, Set<Role>> found = new LinkedHashMap<>();
        for (ApiRoute route : platform.controller.routes()) {
            Set<Role> allowed = EnumSet.noneOf(Role.class);
            for (Role role : Role.values()) {
                if (isAllowed(route, role)) {
                    allowed.add(role);
                }
            }
            found.put(key(route), allowed);
        }
        assertThat(found).containsExactlyInAnyOrderEntriesOf(ALLOWED);
    }

    private static boolean isAllowed(ApiRoute route, Role role) throws Exception {
        String path = route.path()
                .replace("{app}", "nobody")
                .replace("{digest}", "0".repeat(64))
                .replaceAll("\\{\\w+}", "nothing");
        HttpRequest.Builder request = HttpRequest.newBuilder(platform.uri(path));
        if (role != Role.ANONYMOUS) {
            request.header("Authorization", "Bearer " + platform.tokens.get(role));
        }
        if (!route.consumes().isEmpty()) {
            request.header("Content-Type", route.consumes().getFirst());
        }
        String body = route.consumes().isEmpty() ? "" : "{\"nonsense\":1}";
        request.method(route.method().name(), HttpRequest.BodyPublishers.ofString(body));
        HttpResponse<InputStream> answer =
                platform.http.send(request.build(), HttpResponse.BodyHandlers.ofInputStream());
        answer.body().close();
        int refused = role == Role.ANONYMOUS ? 401 : 403;
        assertThat(Set.of(401, 403).stream().filter(status -> status != refused).collect(Collectors.toSet()))
                .doesNotContain(answer.statusCode());
        return answer.statusCode() != refused;
    }
}
