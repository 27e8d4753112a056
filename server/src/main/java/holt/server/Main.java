package holt.server;

import holt.cli.CliContext;
import holt.cli.HoltCommand;
import java.util.List;
import java.util.Set;
import picocli.CommandLine;

/** The program {@code holt}: the command line, with the commands that start and stop a server beside it. */
public final class Main {
    private static final Set<String> COMMANDS = Set.of("demo", "up", "down", "config", "replay", "simulate");

    private Main() {}

    public static void main(String[] arguments) {
        CliContext context = CliContext.system();
        int exitCode = run(context, arguments);
        context.out().flush();
        System.exit(exitCode);
    }

    static int run(CliContext context, String... arguments) {
        CommandLine holt = HoltCommand.create(context, List.of(arguments), COMMANDS);
        Platforms platforms = new Platforms(context, holt);
        holt.addSubcommand(new DemoCommand(platforms));
        holt.addSubcommand(new UpCommand(platforms));
        holt.addSubcommand(new DownCommand(platforms));
        holt.addSubcommand(new ConfigCommand(platforms));
        holt.addSubcommand(new ReplayCommand(holt));
        holt.addSubcommand(new SimulateCommand(context, holt));
        return holt.execute(arguments);
    }
}
