package holt.server;

import holt.model.ErrorCode;
import holt.model.Nearest;
import holt.model.Problem;
import holt.model.ProblemException;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.EnumMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.tomlj.Toml;
import org.tomlj.TomlParseResult;

/** Reads the settings: the defaults, over them the file, over it the environment, over all the command line. */
final class ConfigurationReader {
    static final String FILE = "holt.toml";

    private ConfigurationReader() {}

    /**
     * Reads the effective settings of a home folder.
     *
     * @param environment the process's variables
     * @param options settings given on the command line
     * @throws ProblemException for a file that is not TOML, an unknown key (the nearest known one is named), or a value
     *     that cannot be used
     */
    static Configuration read(Path home, Map<String, String> environment, Map<Setting, String> options) {
        Map<Setting, String> values = new EnumMap<>(Setting.class);
        Map<Setting, String> sources = new EnumMap<>(Setting.class);
        for (Setting setting : Setting.values()) {
            put(values, sources, setting, setting.fallback(), "default");
        }
        Path file = home.resolve(FILE);
        file(file).forEach((setting, value) -> put(values, sources, setting, value, file.toString()));
        for (Setting setting : Setting.values()) {
            String value = environment.get(setting.variable());
            if (value != null) {
                put(values, sources, setting, value, setting.variable());
            }
        }
        options.forEach((setting, value) -> put(values, sources, setting, value, setting.option()));
        return new Configuration(home, values, sources);
    }

    /** A file with every setting at its default, as a starting point and as documentation. */
    static String sample() {
        StringBuilder text = new StringBuilder("# Settings of a Holt server: <home>/" + FILE + ", read at start.\n"
                + "# Over this file go the environment (HOLT_API_PORT) and the options of `holt up` (--api-port).\n");
        Map<String, StringBuilder> tables = new LinkedHashMap<>();
        for (Setting setting : Setting.values()) {
            int dot = setting.key().indexOf('.');
            String table = dot < 0 ? "" : setting.key().substring(0, dot);
            String value = setting.isNumber() ? setting.fallback() : '"' + setting.fallback() + '"';
            tables.computeIfAbsent(table, unused -> new StringBuilder())
                    .append("\n# " + setting.meaning() + ".\n" + setting.key().substring(dot + 1) + " = " + value
                            + "\n");
        }
        tables.forEach((table, lines) ->
                text.append(table.isEmpty() ? "" : "\n[" + table + "]").append(lines));
        return text.toString();
    }

    private static void put(
            Map<Setting, String> values, Map<Setting, String> sources, Setting setting, String value, String source) {
        values.put(setting, value);
        sources.put(setting, source);
    }

    private static Map<Setting, String> file(Path file) {
        if (!Files.exists(file)) {
            return Map.of();
        }
        TomlParseResult toml = parse(file);
        Map<Setting, String> values = new EnumMap<>(Setting.class);
        for (String key : toml.dottedKeySet()) {
            values.put(known(key, file), String.valueOf(toml.get(key)));
        }
        return values;
    }

    private static TomlParseResult parse(Path file) {
        try {
            TomlParseResult toml = Toml.parse(file);
            if (toml.hasErrors()) {
                throw Problem.of(
                                ErrorCode.PARAMETER_INVALID,
                                file + " is not TOML: " + toml.errors().getFirst())
                        .exception();
            }
            return toml;
        } catch (IOException fault) {
            throw new ProblemException(
                    Problem.of(ErrorCode.PARAMETER_INVALID, file + " cannot be read: " + fault.getMessage()), fault);
        }
    }

    private static Setting known(String key, Path file) {
        for (Setting setting : Setting.values()) {
            if (setting.key().equals(key)) {
                return setting;
            }
        }
        List<String> keys = Arrays.stream(Setting.values()).map(Setting::key).toList();
        Problem unknown = Problem.of(ErrorCode.PARAMETER_INVALID, file + " has the unknown key '" + key + "'.")
                .expected(String.join(", ", keys), key);
        throw Nearest.to(key, keys)
                .map(near -> unknown.remedy("Did you mean '" + near + "'?"))
                .orElse(unknown)
                .exception();
    }
}
