package holt.model;

import java.util.stream.Collectors;
import tools.jackson.core.JacksonException;
import tools.jackson.databind.exc.UnrecognizedPropertyException;
import tools.jackson.databind.exc.ValueInstantiationException;

/** Turns what the JSON library says about a body into a {@link Problem} for the person who sent it. */
final class JsonFault {
    private JsonFault() {}

    static Problem problem(JacksonException fault) {
        if (fault instanceof ValueInstantiationException instantiation
                && instantiation.getCause() instanceof ProblemException own) {
            return own.problem();
        }
        String place = place(fault);
        if (fault instanceof UnrecognizedPropertyException unknown) {
            String known = unknown.getKnownPropertyIds() == null
                    ? "no field"
                    : unknown.getKnownPropertyIds().stream()
                            .map(Object::toString)
                            .sorted()
                            .collect(Collectors.joining(", "));
            return Problem.of(
                            ErrorCode.BODY_INVALID,
                            "The body has an unknown field '" + unknown.getPropertyName() + "'.")
                    .expected("only the fields " + known, unknown.getPropertyName());
        }
        return Problem.of(ErrorCode.BODY_INVALID, "The body cannot be read as JSON of the expected shape" + place + ".")
                .expected("the shape in /api/v1/openapi.json", shorten(fault.getOriginalMessage()));
    }

    private static String place(JacksonException fault) {
        String path = fault.getPath().stream()
                .map(step -> step.getPropertyName() != null ? step.getPropertyName() : "[" + step.getIndex() + "]")
                .collect(Collectors.joining("."));
        if (!path.isEmpty()) {
            return " at '" + path + "'";
        }
        return fault.getLocation() == null
                ? ""
                : " at line " + fault.getLocation().getLineNr() + ", column "
                        + fault.getLocation().getColumnNr();
    }

    private static String shorten(String message) {
        String line = message.lines().findFirst().orElse("");
        return line.length() <= 200 ? line : line.substring(0, 200) + "...";
    }
}
