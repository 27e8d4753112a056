package holt.cli;

import holt.model.ErrorCode;
import holt.model.Problem;
import java.util.LinkedHashMap;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** Problem documents (RFC 9457), as the platform sends them and {@code --json} shows them. */
final class ProblemText {
    private ProblemText() {}

    /** Reads what came with an error status; an answer that is no problem document is told as such. */
    static RefusedException read(int status, String address, String path, String mediaType, byte[] body) {
        if (mediaType.equals("application/problem+json") || mediaType.equals("application/json")) {
            try {
                if (JsonParser.parse(body) instanceof Map<?, ?> members
                        && members.get("detail") instanceof String detail) {
                    return new RefusedException(status, problem(status, members, detail), path);
                }
            } catch (JsonParser.Fault notJson) {
                return foreign(status, address, path);
            }
        }
        return foreign(status, address, path);
    }

    /** The members of a problem document. */
    static Map<String, Object> members(Problem problem, int status) {
        Map<String, Object> members = new LinkedHashMap<>();
        members.put("type", "urn:holt:error:" + problem.code().code());
        members.put("title", problem.code().title());
        members.put("status", status);
        members.put("code", problem.code().code());
        members.put("detail", problem.detail());
        putIfKnown(members, "expected", problem.expected());
        putIfKnown(members, "found", problem.found());
        putIfKnown(members, "remedy", problem.remedy());
        return members;
    }

    private static void putIfKnown(Map<String, Object> members, String name, @Nullable String value) {
        if (value != null) {
            members.put(name, value);
        }
    }

    private static Problem problem(int status, Map<?, ?> members, String detail) {
        ErrorCode code = members.get("code") instanceof String name ? ErrorCode.of(name) : ErrorCode.INTERNAL;
        if (code == ErrorCode.INTERNAL) {
            code = byStatus(status);
        }
        return new Problem(
                code, detail, text(members.get("expected")), text(members.get("found")), text(members.get("remedy")));
    }

    private static @Nullable String text(@Nullable Object member) {
        return member == null ? null : member.toString();
    }

    private static RefusedException foreign(int status, String address, String path) {
        return new RefusedException(
                status,
                Problem.of(
                                byStatus(status),
                                address + " answered with the status " + status + ", but not as Holt does.")
                        .remedy("Check the address: 'holt target' shows it."),
                path);
    }

    private static ErrorCode byStatus(int status) {
        return switch (status) {
            case 401 -> ErrorCode.UNAUTHORIZED;
            case 403 -> ErrorCode.FORBIDDEN;
            case 404 -> ErrorCode.NOT_FOUND;
            case 413 -> ErrorCode.BODY_TOO_LARGE;
            case 503 -> ErrorCode.UNAVAILABLE;
            default -> ErrorCode.INTERNAL;
        };
    }
}
