package holt.cli;

import java.io.Console;
import java.io.InputStream;
import java.io.PrintStream;
import java.nio.charset.Charset;
import java.nio.file.Path;
import java.time.InstantSource;
import java.time.ZoneId;
import java.util.Map;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/**
 * All that the command line knows of the world around it, so that a test can be that world.
 *
 * @param out results
 * @param err complaints, questions, and progress where results are for programs
 * @param in answers, secrets
 * @param environment variables of the process
 * @param terminal the screen, if there is one
 * @param folder where relative paths start
 * @param clock the time
 * @param zone for showing times, asked for only when needed
 * @param password reads a line that is not shown; null answers mean that nobody is there
 * @param interruption what is said when Ctrl-C ends the command
 */
public record CliContext(
        PrintStream out,
        PrintStream err,
        InputStream in,
        Map<String, String> environment,
        Terminal terminal,
        Path folder,
        InstantSource clock,
        Supplier<ZoneId> zone,
        PasswordReader password,
        Interruption interruption) {

    /** Reads a secret from a person without showing it. */
    @FunctionalInterface
    public interface PasswordReader {
        char @Nullable [] read(String prompt);
    }

    /** The world of this process. */
    public static CliContext system() {
        Map<String, String> environment = System.getenv();
        Charset charset = System.out.charset();
        boolean unicode = charset.newEncoder().canEncode('━');
        return new CliContext(
                System.out,
                System.err,
                System.in,
                environment,
                Terminal.system(environment, unicode),
                Path.of("").toAbsolutePath(),
                InstantSource.system(),
                ZoneId::systemDefault,
                CliContext::readPassword,
                Interruption.ofProcess(System.err));
    }

    /** The folder of all state where no option names another: {@code HOLT_HOME}, or {@code ~/.holt}. */
    public Path defaultHome() {
        String named = environment.getOrDefault("HOLT_HOME", "");
        return named.isEmpty() ? Path.of(System.getProperty("user.home", "."), ".holt") : folder.resolve(named);
    }

    private static char @Nullable [] readPassword(String prompt) {
        Console console = System.console();
        return console == null ? null : console.readPassword("%s", prompt);
    }
}
