package holt.model;

import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * Where an image is: {@code REGISTRY[:PORT]/REPOSITORY[:TAG][@sha256:DIGEST]}. The registry is always named: none is
 * special here.
 *
 * @param registry host, with a port where one was given
 * @param repository path in the registry
 * @param version tag, or {@code sha256:DIGEST}, which wins over a tag
 */
public record ImageReference(String registry, String repository, String version) {
    private static final int MAX_LENGTH = 500;
    private static final String HOST = "[a-zA-Z0-9](?:[a-zA-Z0-9.-]{0,251}[a-zA-Z0-9])?|\\[[0-9a-fA-F:]{2,45}]";
    private static final String NAME = "[a-z0-9]+(?:(?:\\.|_|__|-+)[a-z0-9]+)*";
    private static final Pattern REFERENCE = Pattern.compile("((?:" + HOST + ")(?::\\d{1,5})?)/(" + NAME + "(?:/" + NAME
            + ")*)(?::([A-Za-z0-9_][A-Za-z0-9._-]{0,127}))?(?:@(sha256:[0-9a-f]{64}))?");

    /** @throws ProblemException {@code image-invalid} */
    public static ImageReference parse(String text) {
        Matcher matcher = REFERENCE.matcher(text);
        if (text.length() > MAX_LENGTH || !matcher.matches()) {
            throw invalid(text).exception();
        }
        String registry = matcher.group(1);
        boolean isHost = registry.contains(".") || registry.contains(":") || registry.equals("localhost");
        if (!isHost) {
            throw invalid(text)
                    .remedy("Name the registry first: HOST/" + text + ".")
                    .exception();
        }
        String tag = matcher.group(3) == null ? "latest" : matcher.group(3);
        return new ImageReference(registry, matcher.group(2), matcher.group(4) == null ? tag : matcher.group(4));
    }

    private static Problem invalid(String text) {
        return Problem.of(ErrorCode.IMAGE_INVALID, "The image cannot be looked for under this reference.")
                .expected(
                        "REGISTRY/REPOSITORY, then :TAG or @sha256:DIGEST, all but the host in small letters",
                        shown(text));
    }

    /** Whether the registry is on this machine, and may therefore be asked without encryption. */
    public boolean isLocal() {
        String host = registry.replaceFirst(":\\d+$", "");
        return host.equals("localhost") || host.matches("127\\.\\d{1,3}\\.\\d{1,3}\\.\\d{1,3}") || host.equals("[::1]");
    }

    @Override
    public String toString() {
        return registry + "/" + repository + (version.startsWith("sha256:") ? "@" : ":") + version;
    }

    private static String shown(String text) {
        return (text.length() > 80 ? text.substring(0, 80) + "..." : text).replaceAll("\\p{Cntrl}", "?");
    }
}
