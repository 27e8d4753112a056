package holt.model;

import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * What the API takes to begin a session with an instance. Each is the body of a {@code POST} that asks for an upgrade to
 * {@link #PROTOCOL}; after the answer 101 both sides send {@link Frame}s.
 */
public final class AccessApi {
    /** What the connection is upgraded to. */
    public static final String PROTOCOL = "holt-session";

    /** Most words of a command. */
    public static final int MAX_WORDS = 1_000;

    /** Most characters of a command, all words together, and of the variables that go with it. */
    public static final int MAX_TEXT = 64 << 10;

    /** How long a path may be, characters. */
    public static final int MAX_PATH = 4096;

    private AccessApi() {}

    /**
     * Runs a program beside an instance's own.
     *
     * @param command the program and its arguments
     * @param instance null for the first one that runs
     * @param environment variables besides the instance's own
     * @param directory where it begins; null for the instance's own folder
     * @param input whether it reads what the caller sends; otherwise its input is at its end
     * @param terminal the caller's; null for none
     */
    public record Exec(
            @Nullable List<String> command,
            @Nullable Integer instance,
            @Nullable Map<String, String> environment,
            @Nullable String directory,
            @Nullable Boolean input,
            @Nullable Window terminal) {}

    /**
     * Opens a shell on a terminal.
     *
     * @param command what to run instead of a shell; null for a shell
     * @param instance null for the first one that runs
     */
    public record Shell(
            @Nullable List<String> command,
            @Nullable Integer instance,
            @Nullable Window terminal) {}

    /**
     * Copies files as a tar stream: out of an instance, or into it.
     *
     * @param path in the instance, below its own folder where it does not begin with a slash
     * @param direction {@code out} or {@code in}
     * @param name with {@code in}: what the copy is called where the path is a folder
     * @param folder with {@code in}: whether a folder is sent, else one file
     * @param instance null for the first one that runs
     */
    public record Copy(
            @Nullable String path,
            @Nullable String direction,
            @Nullable String name,
            @Nullable Boolean folder,
            @Nullable Integer instance) {}

    /**
     * Connects to a port as the instance itself would, on its 127.0.0.1.
     *
     * @param instance null for the first one that runs
     */
    public record Forward(@Nullable Integer port, @Nullable Integer instance) {}

    /** A terminal: its size in characters, and its kind as {@code TERM} names it. */
    public record Window(int columns, int rows, @Nullable String type) {}

    /** Where a session leads, told in its first frame. */
    public record Started(long pid, int index) {}
}
