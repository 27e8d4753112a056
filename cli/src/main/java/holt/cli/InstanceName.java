package holt.cli;

import holt.model.AppName;
import holt.model.ErrorCode;
import holt.model.Problem;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/**
 * An instance as people name it: {@code shop/2}, or {@code shop} for the first one that runs.
 *
 * @param index null for the first one that runs
 */
record InstanceName(String app, @Nullable Integer index) {
    private static final Pattern SHAPE = Pattern.compile("([^/]*)/(\\d{1,3})");

    /** @throws holt.model.ProblemException for what names no instance */
    static InstanceName parse(String text) {
        return find(text)
                .orElseThrow(() -> Problem.of(
                                ErrorCode.INSTANCE_NOT_FOUND, "'" + Text.printable(text, 60) + "' names no instance.")
                        .expected("APP or APP/INDEX, such as shop or shop/0", null)
                        .exception());
    }

    /** The instance of that name; empty for what names none. */
    static Optional<InstanceName> find(String text) {
        Matcher shape = SHAPE.matcher(text);
        if (shape.matches() && AppName.isValid(shape.group(1))) {
            return Optional.of(new InstanceName(shape.group(1), Integer.valueOf(shape.group(2))));
        }
        return AppName.isValid(text) ? Optional.of(new InstanceName(text, null)) : Optional.empty();
    }

    /** The path of one of its routes. */
    String path(String verb) {
        return ApiPath.app(app) + "/" + verb;
    }

    @Override
    public String toString() {
        return index == null ? app : app + "/" + index;
    }
}
