package holt.controller;

import holt.model.ErrorCode;
import holt.model.Problem;
import holt.model.ProblemException;
import java.nio.charset.StandardCharsets;
import java.util.Collection;
import java.util.Map;
import java.util.TreeMap;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/** The rules for environment variables. Pure; values never get into a message. */
final class Environments {
    private static final Pattern NAME = Pattern.compile("[A-Za-z_][A-Za-z0-9_]{0,255}");
    private static final Pattern RESERVED = Pattern.compile("HOLT_.*|VCAP_.*|PORT");
    /** The kernel takes no longer string for a new program than 128 KiB. */
    private static final int MAX_VALUE_BYTES = 64 << 10;

    private static final int MAX_TOTAL_BYTES = 256 << 10;
    private static final int MAX_VARIABLES = 1000;

    private Environments() {}

    /** @throws ProblemException {@code environment-invalid} */
    static Map<String, String> check(Map<String, @Nullable String> variables) {
        Map<String, String> checked = new TreeMap<>();
        long total = 0;
        for (Map.Entry<String, @Nullable String> each : variables.entrySet()) {
            String name = name(each.getKey());
            String value = value(name, each.getValue());
            total += name.length() + bytes(value);
            checked.put(name, value);
        }
        if (total > MAX_TOTAL_BYTES || checked.size() > MAX_VARIABLES) {
            throw Problem.of(ErrorCode.ENVIRONMENT_INVALID, "The environment is too large.")
                    .expected(
                            "at most " + MAX_VARIABLES + " variables and " + MAX_TOTAL_BYTES + " bytes together",
                            checked.size() + " variables and " + total + " bytes")
                    .exception();
        }
        return checked;
    }

    /** The variables after some were set and some removed. */
    static Map<String, String> merge(
            Map<String, String> present, Map<String, @Nullable String> set, Collection<String> unset) {
        Map<String, @Nullable String> merged = new TreeMap<>(present);
        unset.forEach(merged::remove);
        merged.putAll(set);
        return check(merged);
    }

    private static String name(String name) {
        if (!NAME.matcher(name).matches()) {
            throw Problem.of(
                            ErrorCode.ENVIRONMENT_INVALID,
                            "'" + Call.printable(name) + "' cannot be the name of an environment variable.")
                    .expected("letters, digits and _, no digit first, at most 256", Call.printable(name))
                    .exception();
        }
        if (RESERVED.matcher(name).matches()) {
            throw Problem.of(
                            ErrorCode.ENVIRONMENT_INVALID,
                            "The environment variable " + name + " is the platform's own.")
                    .expected("another name than PORT, HOLT_... and VCAP_...", name)
                    .exception();
        }
        return name;
    }

    private static String value(String name, @Nullable String value) {
        if (value == null) {
            throw Problem.of(ErrorCode.ENVIRONMENT_INVALID, "The environment variable " + name + " has no value.")
                    .expected("a text, which may be empty", "null")
                    .remedy("To remove a variable, name it in 'unset'.")
                    .exception();
        }
        if (value.indexOf('\0') >= 0 || bytes(value) > MAX_VALUE_BYTES) {
            throw Problem.of(
                            ErrorCode.ENVIRONMENT_INVALID,
                            "The value of the environment variable " + name + " cannot be used.")
                    .expected("at most " + MAX_VALUE_BYTES + " bytes without a zero byte", bytes(value) + " bytes")
                    .exception();
        }
        return value;
    }

    private static int bytes(String text) {
        return text.getBytes(StandardCharsets.UTF_8).length;
    }
}
