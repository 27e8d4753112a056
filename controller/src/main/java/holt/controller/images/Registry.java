package holt.controller.images;

import holt.model.ErrorCode;
import holt.model.ImageReference;
import holt.model.Json;
import holt.model.Problem;
import holt.model.ProblemException;
import java.io.IOException;
import java.io.InputStream;
import java.net.URI;
import java.net.URLEncoder;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.Base64;
import java.util.List;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;
import tools.jackson.core.JacksonException;
import tools.jackson.databind.JsonNode;

/**
 * Asks one registry for what belongs to one image (OCI distribution specification 1.1, and the tokens that registries
 * give out). Encrypted, except on this machine. A password goes to the registry, and to the place of tokens that it
 * names, and nowhere else. One thread.
 */
final class Registry implements AutoCloseable {
    private static final Duration CONNECT = Duration.ofSeconds(10);
    private static final Duration ANSWER = Duration.ofSeconds(60);
    private static final int MAX_REDIRECTS = 5;
    private static final int MAX_TOKEN_BYTES = 1 << 20;
    private static final Pattern PARAMETER = Pattern.compile("(\\w+)=\"([^\"]*)\"");

    private final ImageReference image;
    private final @Nullable Login login;
    private final HttpClient client = HttpClient.newBuilder()
            .connectTimeout(CONNECT)
            .followRedirects(HttpClient.Redirect.NEVER)
            .build();

    private @Nullable String authorization;

    /** A user at the registry. */
    record Login(String user, String password) {
        @Override
        public String toString() {
            return "Login[" + user + "]"; // never the password
        }

        String basic() {
            byte[] pair = (user + ":" + password).getBytes(StandardCharsets.UTF_8);
            return "Basic " + Base64.getEncoder().encodeToString(pair);
        }
    }

    Registry(ImageReference image, @Nullable Login login) {
        this.image = image;
        this.login = login;
    }

    /** A manifest as it was sent, with its type. */
    record Answer(byte[] body, String type) {}

    /** @param version a tag, or {@code sha256:DIGEST} */
    Answer manifest(String version, List<String> types, int maxBytes) throws IOException, InterruptedException {
        HttpResponse<InputStream> response = get("manifests/" + version, String.join(", ", types));
        try (InputStream body = new StallGuard(response.body())) {
            byte[] bytes = body.readNBytes(maxBytes + 1);
            if (bytes.length > maxBytes) {
                throw Problem.of(ErrorCode.IMAGE_INVALID, "The manifest of " + image + " is too large.")
                        .expected("at most " + maxBytes + " bytes", "more")
                        .exception();
            }
            String type = response.headers().firstValue("content-type").orElse("");
            return new Answer(bytes, type.split(";", 2)[0].strip());
        }
    }

    /** A blob, to be closed by the caller, unchecked. */
    InputStream blob(String digest) throws IOException, InterruptedException {
        return new StallGuard(get("blobs/" + digest, "*/*").body());
    }

    private HttpResponse<InputStream> get(String what, String accept) throws IOException, InterruptedException {
        URI uri = URI.create(scheme() + "://" + image.registry() + "/v2/" + image.repository() + "/" + what);
        HttpResponse<InputStream> response = followed(uri, accept);
        if (response.statusCode() == 401) {
            String challenge = String.join(", ", response.headers().allValues("www-authenticate"));
            response.body().close();
            authorization = authorization(challenge);
            response = followed(uri, accept);
        }
        if (response.statusCode() == 200) {
            return response;
        }
        response.body().close();
        throw refused(response.statusCode(), what).exception();
    }

    private String scheme() {
        return image.isLocal() ? "http" : "https";
    }

    /** Our authorization is for the registry; where it sends us on to is another's. */
    private HttpResponse<InputStream> followed(URI first, String accept) throws IOException, InterruptedException {
        URI uri = first;
        for (int redirects = 0; redirects <= MAX_REDIRECTS; redirects++) {
            boolean own = first.getAuthority().equals(uri.getAuthority());
            HttpResponse<InputStream> response = send(uri, accept, own ? authorization : null);
            Optional<String> location = response.headers().firstValue("location");
            if (response.statusCode() < 300 || response.statusCode() >= 400 || location.isEmpty()) {
                return response;
            }
            response.body().close();
            uri = encrypted(uri.resolve(location.get()));
        }
        throw Problem.of(ErrorCode.REGISTRY_UNREACHABLE, "The registry " + image.registry() + " sends us in circles.")
                .exception();
    }

    private HttpResponse<InputStream> send(URI uri, String accept, @Nullable String authorization)
            throws IOException, InterruptedException {
        HttpRequest.Builder request =
                HttpRequest.newBuilder(uri).timeout(ANSWER).header("Accept", accept);
        if (authorization != null) {
            request.header("Authorization", authorization);
        }
        try {
            return client.send(request.build(), HttpResponse.BodyHandlers.ofInputStream());
        } catch (IOException fault) {
            String why = fault.getMessage() == null ? fault.getClass().getSimpleName() : fault.getMessage();
            throw new ProblemException(
                    Problem.of(
                                    ErrorCode.REGISTRY_UNREACHABLE,
                                    "The registry " + uri.getAuthority() + " does not answer: " + why + ".")
                            .remedy("Check the host in the reference " + image
                                    + "; it must be reachable from the server of Holt."),
                    fault);
        }
    }

    /** Without encryption only on this machine, and only where the registry itself is here. */
    private URI encrypted(URI uri) {
        boolean local = image.isLocal() && "http".equals(uri.getScheme());
        if (uri.getHost() == null || !("https".equals(uri.getScheme()) || local)) {
            throw Problem.of(
                            ErrorCode.REGISTRY_UNREACHABLE,
                            "The registry " + image.registry() + " sends us on to an address without encryption.")
                    .expected("https", String.valueOf(uri.getScheme()))
                    .exception();
        }
        return uri;
    }

    private String authorization(String challenge) throws IOException, InterruptedException {
        String scheme = challenge.split(" ", 2)[0].toLowerCase(java.util.Locale.ROOT);
        if (scheme.equals("basic") && login != null) {
            return login.basic();
        }
        if (!scheme.equals("bearer")) {
            throw unauthorized().exception();
        }
        return "Bearer " + token(challenge);
    }

    private String token(String challenge) throws IOException, InterruptedException {
        URI place = encrypted(URI.create(parameter(challenge, "realm").orElse("")));
        String scope = parameter(challenge, "scope").orElse("repository:" + image.repository() + ":pull");
        String query = "scope=" + URLEncoder.encode(scope, StandardCharsets.UTF_8)
                + parameter(challenge, "service")
                        .map(service -> "&service=" + URLEncoder.encode(service, StandardCharsets.UTF_8))
                        .orElse("");
        URI uri = URI.create(place + (place.getQuery() == null ? "?" : "&") + query);
        HttpResponse<InputStream> response = send(uri, "application/json", login == null ? null : login.basic());
        try (InputStream body = new StallGuard(response.body())) {
            if (response.statusCode() != 200) {
                throw unauthorized().exception();
            }
            JsonNode answer = Json.tree(body.readNBytes(MAX_TOKEN_BYTES));
            String token =
                    answer.path("token").asString(answer.path("access_token").asString(""));
            if (token.isEmpty()) {
                throw unauthorized().exception();
            }
            return token;
        } catch (JacksonException fault) {
            throw new ProblemException(unauthorized(), fault);
        }
    }

    private static Optional<String> parameter(String challenge, String name) {
        Matcher matcher = PARAMETER.matcher(challenge);
        while (matcher.find()) {
            if (matcher.group(1).equalsIgnoreCase(name)) {
                return Optional.of(matcher.group(2));
            }
        }
        return Optional.empty();
    }

    private Problem refused(int status, String what) {
        return switch (status) {
            case 401, 403 -> unauthorized();
            case 404 ->
                Problem.of(ErrorCode.IMAGE_NOT_FOUND, "The registry " + image.registry() + " has no " + image + ".")
                        .remedy(
                                what.startsWith("manifests/")
                                        ? "Check the name and the tag. A private image also looks like this without"
                                                + " --registry-user."
                                        : "Its parts are missing: push the image to the registry again.");
            case 429 ->
                Problem.of(
                                ErrorCode.REGISTRY_UNREACHABLE,
                                "The registry " + image.registry() + " gives no more images for now.")
                        .remedy("Wait, or name a user with --registry-user.");
            default ->
                Problem.of(
                                ErrorCode.REGISTRY_UNREACHABLE,
                                "The registry " + image.registry() + " failed to give " + image + ".")
                        .expected("status 200", Integer.toString(status))
                        .remedy("Try again later.");
        };
    }

    private Problem unauthorized() {
        String whom = login == null ? "anybody" : "the user '" + login.user() + "'";
        return Problem.of(
                        ErrorCode.IMAGE_UNAUTHORIZED,
                        "The registry " + image.registry() + " does not give " + image + " to " + whom + ".")
                .remedy("Name a user who may have it with --registry-user and --registry-password-stdin.");
    }

    @Override
    public void close() {
        client.shutdownNow();
    }
}
