package holt.cli;

import java.util.List;
import java.util.function.Consumer;
import picocli.CommandLine;

/** Runs {@code holt} as a process. */
public final class Main {
    private Main() {}

    /** Runs one command line and gives its exit code. */
    public static int run(String[] arguments) {
        return run(arguments, line -> {});
    }

    /**
     * Runs one command line.
     *
     * @param further adds commands to those that are here
     * @return the exit code, see {@link ExitCode}
     */
    public static int run(String[] arguments, Consumer<CommandLine> further) {
        CliContext context = CliContext.system();
        CommandLine line = HoltCommand.create(context, List.of(arguments));
        further.accept(line);
        int exitCode = line.execute(arguments);
        context.out().flush();
        return exitCode;
    }

    public static void main(String[] arguments) {
        System.exit(run(arguments));
    }
}
