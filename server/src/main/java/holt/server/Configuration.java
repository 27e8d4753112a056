package holt.server;

import holt.agent.AgentSettings;
import holt.bus.remote.RemoteSettings;
import holt.bus.remote.Servers;
import holt.model.ErrorCode;
import holt.model.MemorySize;
import holt.model.Placement;
import holt.model.Problem;
import java.net.URI;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/**
 * The effective settings of one server, each with where its value came from.
 *
 * @param home folder of all state
 * @param values every setting's value
 * @param sources for people: {@code default}, the file, the variable or the option
 */
record Configuration(Path home, Map<Setting, String> values, Map<Setting, String> sources) {
    private static final int MAX_PORT = 65_535;
    private static final Pattern MONITOR = Pattern.compile("https?://[A-Za-z0-9._\\-:\\[\\]]+(/[A-Za-z0-9._/-]*)?");

    Configuration {
        values = Map.copyOf(new EnumMap<>(values));
        sources = Map.copyOf(new EnumMap<>(sources));
        for (Setting setting : Setting.values()) {
            if (setting.isNumber()) {
                port(setting, values, sources);
            }
        }
        optionalPort(Setting.BUS_PORT, values, sources);
        optionalPort(Setting.BUS_MONITOR_PORT, values, sources);
        // An address with a login in it must not get as far as being shown.
        Servers.refuseLogin(text(Setting.BUS_URL, values), "bus.url");
        Servers.refuseLogin(text(Setting.BUS_MONITOR, values), "bus.monitor");
    }

    /** Where the bus is; empty for Holt's own. */
    Optional<RemoteSettings> bus() {
        if (text(Setting.BUS_URL).isEmpty()) {
            return Optional.empty();
        }
        return Optional.of(RemoteSettings.of(text(Setting.BUS_URL))
                .withCredentials(file(Setting.BUS_CREDENTIALS))
                .withAuthority(file(Setting.BUS_CA))
                .withMonitor(monitor())
                .withPrefix(text(Setting.BUS_PREFIX)));
    }

    private @Nullable URI monitor() {
        String text = text(Setting.BUS_MONITOR);
        if (text.isEmpty()) {
            return null;
        }
        if (!MONITOR.matcher(text).matches()) {
            refuse(Setting.BUS_MONITOR, "http://host:port, without a login");
        }
        return URI.create(text);
    }

    /** A file named by a setting, where relative in the home folder; null for none. */
    private @Nullable Path file(Setting setting) {
        String name = text(setting);
        return name.isEmpty() ? null : home.resolve(name);
    }

    String text(Setting setting) {
        return text(setting, values);
    }

    private static String text(Setting setting, Map<Setting, String> values) {
        return values.getOrDefault(setting, setting.fallback());
    }

    int apiPort() {
        return port(Setting.API_PORT, values, sources);
    }

    int httpPort() {
        return port(Setting.HTTP_PORT, values, sources);
    }

    /** Port of the own bus; -1 for none. */
    int busPort() {
        return optionalPort(Setting.BUS_PORT, values, sources);
    }

    /** Port of the own bus's monitoring pages; -1 for none. */
    int busMonitorPort() {
        return optionalPort(Setting.BUS_MONITOR_PORT, values, sources);
    }

    boolean busTlsFirst() {
        return switch (text(Setting.BUS_TLS_FIRST)) {
            case "yes", "true" -> true;
            case "no", "false" -> false;
            default -> throw refusal(Setting.BUS_TLS_FIRST, "yes or no", values, sources);
        };
    }

    /** Bytes that may be given to processes; 0 lets the agent decide. */
    long hostMemoryBytes() {
        String memory = text(Setting.HOST_MEMORY);
        return memory.isEmpty() ? 0 : MemorySize.parse(memory);
    }

    /** The zone of this host; empty for none. */
    String hostZone() {
        String zone = text(Setting.HOST_ZONE);
        return zone.isEmpty() || Placement.isTag(zone) ? zone : refuse(Setting.HOST_ZONE);
    }

    List<String> hostTags() {
        List<String> tags = Arrays.stream(text(Setting.HOST_TAGS).split(","))
                .map(String::strip)
                .filter(tag -> !tag.isEmpty())
                .toList();
        if (tags.size() > Placement.MAX_NAMES || !tags.stream().allMatch(Placement::isTag)) {
            refuse(Setting.HOST_TAGS);
        }
        return tags;
    }

    private String refuse(Setting setting) {
        return refuse(
                setting,
                "words of a-z 0-9 . _ = / -" + (setting == Setting.HOST_TAGS ? ", at most 32, between commas" : ""));
    }

    private String refuse(Setting setting, String expected) {
        throw refusal(setting, expected, values, sources);
    }

    AgentSettings.Choice backend() {
        return switch (text(Setting.HOST_BACKEND)) {
            case "auto" -> AgentSettings.Choice.AUTO;
            case "container" -> AgentSettings.Choice.CONTAINER;
            case "plain" -> AgentSettings.Choice.PLAIN;
            default -> throw refusal(Setting.HOST_BACKEND, "auto, container or plain", values, sources);
        };
    }

    private static int port(Setting setting, Map<Setting, String> values, Map<Setting, String> sources) {
        String text = values.getOrDefault(setting, setting.fallback());
        if (!text.matches("\\d{1,5}") || Integer.parseInt(text) > MAX_PORT) {
            throw refusal(setting, "a port from 0 to " + MAX_PORT, values, sources);
        }
        return Integer.parseInt(text);
    }

    /** What to tell of a value that cannot be used. */
    RuntimeException refusal(Setting setting, String expected) {
        return refusal(setting, expected, values, sources);
    }

    private static int optionalPort(Setting setting, Map<Setting, String> values, Map<Setting, String> sources) {
        String text = values.getOrDefault(setting, setting.fallback());
        if (text.equals("off")) {
            return -1;
        }
        if (!text.matches("\\d{1,5}") || Integer.parseInt(text) > MAX_PORT) {
            throw refusal(setting, "a port from 0 to " + MAX_PORT + ", or off", values, sources);
        }
        return Integer.parseInt(text);
    }

    private static RuntimeException refusal(
            Setting setting, String expected, Map<Setting, String> values, Map<Setting, String> sources) {
        return Problem.of(
                        ErrorCode.PARAMETER_INVALID,
                        "The setting " + setting.key() + " (from " + sources.getOrDefault(setting, "default")
                                + ") cannot be used.")
                .expected(expected, Servers.masked(values.getOrDefault(setting, setting.fallback())))
                .exception();
    }
}
