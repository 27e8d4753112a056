package holt.server;

import holt.cli.CliContext;
import holt.cli.HoltCommand;
import java.util.List;
import picocli.CommandLine;

/** The program {@code holt}: the command line, with the commands that start and stop a server beside it. */
public final class Main {
    private Main() {}

    public static void main(String[] arguments) {
        System.exit(run(CliContext.system(), arguments));
    }

    static int run(CliContext context, String... arguments) {
        CommandLine holt = HoltCommand.create(context, List.of(arguments));
        Platforms platforms = new Platforms(context, holt);
        holt.addSubcommand(new DemoCommand(platforms));
        holt.addSubcommand(new UpCommand(platforms));
        holt.addSubcommand(new DownCommand(platforms));
        holt.addSubcommand(new ConfigCommand(platforms));
        return holt.execute(arguments);
    }
}
