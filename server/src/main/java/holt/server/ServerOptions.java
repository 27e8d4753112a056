package holt.server;

import java.util.EnumMap;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Option;

/** The options that {@code up} and {@code demo} share: settings for this start. */
final class ServerOptions {
    @Option(names = "--api-port", paramLabel = "PORT", description = "Port of the API; 0 takes any free one.")
    @Nullable
    String apiPort;

    @Option(names = "--http-port", paramLabel = "PORT", description = "Port of the applications; 0 takes any free one.")
    @Nullable
    String httpPort;

    @Option(names = "--http-bind", paramLabel = "ADDRESS", description = "Address on which applications are served.")
    @Nullable
    String httpBind;

    @Option(names = "--domain", description = "Appended to an app's name to make its route.")
    @Nullable
    String domain;

    @Option(names = "--host-backend", paramLabel = "KIND", description = "auto, container or plain (no isolation).")
    @Nullable
    String backend;

    @Option(names = "--host-zone", paramLabel = "ZONE", description = "What fails together with this host: its rack.")
    @Nullable
    String zone;

    @Option(names = "--host-tags", paramLabel = "TAGS", description = "What is special about this host: gpu,ssd.")
    @Nullable
    String tags;

    @Option(
            names = "--debug-record",
            paramLabel = "FILE",
            description = "Write down what is decided in this file of the home folder, for 'holt replay'.")
    @Nullable
    String record;

    Map<Setting, String> settings() {
        Map<Setting, String> settings = new EnumMap<>(Setting.class);
        put(settings, Setting.API_PORT, apiPort);
        put(settings, Setting.HTTP_PORT, httpPort);
        put(settings, Setting.HTTP_BIND, httpBind);
        put(settings, Setting.DOMAIN, domain);
        put(settings, Setting.HOST_BACKEND, backend);
        put(settings, Setting.HOST_ZONE, zone);
        put(settings, Setting.HOST_TAGS, tags);
        put(settings, Setting.DEBUG_RECORD, record);
        return settings;
    }

    private static void put(Map<Setting, String> settings, Setting setting, @Nullable String value) {
        if (value != null) {
            settings.put(setting, value);
        }
    }
}
