package holt.server;

import holt.agent.AgentSettings;
import holt.model.ErrorCode;
import holt.model.MemorySize;
import holt.model.Placement;
import holt.model.Problem;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;

/**
 * The effective settings of one server, each with where its value came from.
 *
 * @param home folder of all state
 * @param values every setting's value
 * @param sources for people: {@code default}, the file, the variable or the option
 */
record Configuration(Path home, Map<Setting, String> values, Map<Setting, String> sources) {
    private static final int MAX_PORT = 65_535;

    Configuration {
        values = Map.copyOf(new EnumMap<>(values));
        sources = Map.copyOf(new EnumMap<>(sources));
        for (Setting setting : Setting.values()) {
            if (setting.isNumber()) {
                port(setting, values, sources);
            }
        }
    }

    String text(Setting setting) {
        return values.getOrDefault(setting, setting.fallback());
    }

    int apiPort() {
        return port(Setting.API_PORT, values, sources);
    }

    int httpPort() {
        return port(Setting.HTTP_PORT, values, sources);
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
        throw refusal(
                setting,
                "words of a-z 0-9 . _ = / -" + (setting == Setting.HOST_TAGS ? ", at most 32, between commas" : ""),
                values,
                sources);
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

    private static RuntimeException refusal(
            Setting setting, String expected, Map<Setting, String> values, Map<Setting, String> sources) {
        return Problem.of(
                        ErrorCode.PARAMETER_INVALID,
                        "The setting " + setting.key() + " (from " + sources.getOrDefault(setting, "default")
                                + ") cannot be used.")
                .expected(expected, values.getOrDefault(setting, setting.fallback()))
                .exception();
    }
}
