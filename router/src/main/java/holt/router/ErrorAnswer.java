package holt.router;

import org.jspecify.annotations.Nullable;

/**
 * An answer of the router itself, told so that its reader knows whom to ask and what to do.
 *
 * @param status of HTTP
 * @param code stable name for programs, in the field {@code X-Holt-Router-Error}
 * @param title the same for each occurrence
 * @param detail what was wrong with this request
 * @param remedy what the reader can do; null where nothing helps
 * @param retrySeconds when to try again; 0 for no promise
 */
record ErrorAnswer(
        int status,
        String code,
        String title,
        String detail,
        @Nullable String remedy,
        int retrySeconds) {

    static ErrorAnswer badRequest(BadMessage bad) {
        String detail = "The request was not sent on: " + bad.detail() + ".";
        return switch (bad.status()) {
            case 405 -> answer(405, "method-not-allowed", "Method not allowed", detail, null);
            case 414 -> answer(414, "target-too-long", "Request target too long", detail, "Send a shorter URL.");
            case 431 ->
                answer(
                        431,
                        "head-too-large",
                        "Request head too large",
                        detail,
                        "Send fewer or shorter headers and cookies.");
            case 505 -> answer(505, "version-unknown", "HTTP version not supported", detail, "Use HTTP/1.1.");
            default -> answer(400, "bad-request", "Bad request", detail, null);
        };
    }

    static ErrorAnswer requestTimeout(String what, long seconds) {
        return answer(
                408, "request-timeout", "Request timeout", what + " did not arrive within " + seconds + " s.", null);
    }

    static ErrorAnswer unknownRoute(String host) {
        return answer(
                404,
                "unknown-route",
                "No such route",
                "No app has the route '" + host + "'.",
                "Check the host name. To lead it to an app: holt map APP " + host);
    }

    /** @param known why, as the controller tells it; null where it told nothing */
    static ErrorAnswer noInstance(String app, @Nullable String known) {
        String reason = known == null || known.isBlank() ? "none of its instances is running now" : known.strip();
        String remedy = reason.endsWith(" is stopped")
                ? "To start it: holt start " + app
                : "See what happened: holt app " + app + ", holt logs " + app;
        return new ErrorAnswer(
                503,
                "no-instance",
                "No instance to answer",
                "The app '" + app + "' cannot answer: " + reason + (reason.endsWith(".") ? "" : "."),
                remedy,
                2);
    }

    static ErrorAnswer starting() {
        return new ErrorAnswer(
                503,
                "starting",
                "Router is starting",
                "The router does not know the routes yet.",
                "Try again in a moment.",
                1);
    }

    static ErrorAnswer overloaded(int connections) {
        return new ErrorAnswer(
                503,
                "too-many-connections",
                "Too many connections",
                "The router serves " + connections + " connections, its limit.",
                "Try again later, or raise the router's connection limit.",
                5);
    }

    static ErrorAnswer endpointFailure(String app, String detail) {
        return answer(
                502,
                "endpoint-failure",
                "The app's instance failed",
                detail,
                "See what happened in the app's logs: holt logs " + app);
    }

    static ErrorAnswer endpointTimeout(String app, String endpoint, long seconds) {
        return answer(
                504,
                "endpoint-timeout",
                "The app's instance did not answer",
                "The request reached " + endpoint + ", which did not go on for " + seconds + " s.",
                "See what it does in the app's logs: holt logs " + app);
    }

    static ErrorAnswer noSocket(String cause) {
        return new ErrorAnswer(
                503,
                "too-many-connections",
                "Too many connections",
                "The router cannot open one more: " + cause,
                null,
                5);
    }

    private static ErrorAnswer answer(int status, String code, String title, String detail, @Nullable String remedy) {
        return new ErrorAnswer(status, code, title, detail, remedy, 0);
    }
}
