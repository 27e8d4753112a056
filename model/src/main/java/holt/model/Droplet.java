package holt.model;

import java.util.Map;

/**
 * A staged package, ready to run. Kept in the blob store as its JSON form, under its digest.
 *
 * @param tree the files; their contents are blobs of their own
 * @param buildpack what found out how to run it: procfile, static, node, python, ruby, jar, command
 * @param command the start command of the web process, for a shell inside the instance, in the folder of the files
 * @param processTypes all start commands by process type, {@code web} among them
 * @param environment variables the buildpack adds; the user's own come over them
 * @param stack the image it is, see {@link StackReference}; empty for files that any stack can run
 */
public record Droplet(
        Tree tree,
        String buildpack,
        String command,
        Map<String, String> processTypes,
        Map<String, String> environment,
        String stack) {
    /** The buildpack of what is an image. */
    public static final String IMAGE = "image";

    public Droplet {
        stack = stack == null ? "" : stack;
        processTypes = Map.copyOf(new java.util.TreeMap<>(processTypes));
        environment = Map.copyOf(new java.util.TreeMap<>(environment));
    }

    /** Files that any stack can run. */
    public Droplet(
            Tree tree,
            String buildpack,
            String command,
            Map<String, String> processTypes,
            Map<String, String> environment) {
        this(tree, buildpack, command, processTypes, environment, "");
    }

    /** The bytes that are kept: the same for equal droplets. */
    public byte[] bytes() {
        return Json.bytes(new Sorted(
                tree,
                buildpack,
                command,
                new java.util.TreeMap<>(processTypes),
                new java.util.TreeMap<>(environment),
                stack));
    }

    private record Sorted(
            Tree tree,
            String buildpack,
            String command,
            java.util.SortedMap<String, String> processTypes,
            java.util.SortedMap<String, String> environment,
            String stack) {}
}
