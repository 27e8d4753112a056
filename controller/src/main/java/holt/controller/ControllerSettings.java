package holt.controller;

import java.nio.file.Path;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/**
 * How a controller is set up.
 *
 * @param home folder of all state; the controller's own part of it is {@code logs} and {@code tmp}
 * @param apiAddress where the API listens, {@code 127.0.0.1} unless others shall reach it
 * @param apiPort 0 for any free one
 * @param domain what is appended to an app's name to make its default route
 * @param urlPattern how a route becomes a URL, such as {@code http://%s:8080}; asked at each use, because the router may
 *     find its port later than this is made
 * @param version of the platform, for people
 * @param limits what one caller may take
 * @param recording where all that is decided is written down; null for nowhere
 */
public record ControllerSettings(
        Path home,
        String apiAddress,
        int apiPort,
        String domain,
        Supplier<String> urlPattern,
        String version,
        ApiLimits limits,
        @Nullable Path recording) {

    /** Settings for one machine: an API on any free port of the loopback address. */
    public static ControllerSettings of(Path home, String domain, Supplier<String> urlPattern, String version) {
        return new ControllerSettings(home, "127.0.0.1", 0, domain, urlPattern, version, ApiLimits.standard(), null);
    }

    /** The same with the API elsewhere. */
    public ControllerSettings withApi(String address, int port) {
        return new ControllerSettings(home, address, port, domain, urlPattern, version, limits, recording);
    }

    /** The same with other limits. */
    public ControllerSettings withLimits(ApiLimits others) {
        return new ControllerSettings(home, apiAddress, apiPort, domain, urlPattern, version, others, recording);
    }

    /** The same with all that is decided written down, for {@link Replay}. */
    public ControllerSettings withRecording(Path file) {
        return new ControllerSettings(home, apiAddress, apiPort, domain, urlPattern, version, limits, file);
    }
}
