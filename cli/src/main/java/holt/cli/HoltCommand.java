package holt.cli;

import java.net.URI;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.ScopeType;
import picocli.CommandLine.Spec;

/**
 * The command {@code holt}: what all commands share. Each command is made only when it is the one that was asked for,
 * because making all of them costs more than running one.
 */
@Command(
        name = "holt",
        synopsisSubcommandLabel = "COMMAND",
        header = "Run applications: push code, get a URL.",
        footerHeading = "%nFirst steps:%n",
        footer = {
            "  holt push                 push the folder you are in",
            "  holt apps                 see what runs",
            "  holt logs NAME -f         watch what an app says",
            "",
            "'holt help COMMAND' tells more, with examples. Results as JSON: --json, everywhere.",
            "Exit codes: 0 done, 1 refused or failed, 2 wrong usage, 3 platform not reached,",
            "4 not logged in or not allowed, 130 interrupted."
        })
public final class HoltCommand implements Runnable {
    private static final Map<String, Function<HoltCommand, Subcommand>> COMMANDS = commands();

    /** Commands that tell of all the others. */
    private static final Set<String> ABOUT_ALL = Set.of("help", "completion");

    private final CliContext context;

    @Spec
    @SuppressWarnings("NullAway.Init") // set by picocli
    CommandSpec spec;

    @Option(
            names = "--json",
            scope = ScopeType.INHERIT,
            order = 100,
            description = "Print results as JSON, as the API has them.")
    boolean json;

    @Option(
            names = "--home",
            scope = ScopeType.INHERIT,
            order = 101,
            paramLabel = "DIR",
            description = "Folder of all state, instead of $$HOLT_HOME or ~/.holt.")
    @Nullable
    String home;

    @Option(
            names = {"-h", "--help"},
            scope = ScopeType.INHERIT,
            order = 102,
            usageHelp = true,
            description = "Show this help.")
    boolean help;

    @Option(names = "--version", order = 103, description = "Show the version.")
    boolean version;

    private HoltCommand(CliContext context) {
        this.context = context;
    }

    /** The whole command line; further commands can be added to it. */
    public static CommandLine create(CliContext context) {
        return create(context, List.of());
    }

    /** The command line for these arguments: where they name a command, with that command only. */
    public static CommandLine create(CliContext context, List<String> arguments) {
        return create(context, arguments, Set.of());
    }

    /**
     * The command line for these arguments.
     *
     * @param others names of commands that the caller is going to add
     */
    public static CommandLine create(CliContext context, List<String> arguments, Set<String> others) {
        HoltCommand holt = new HoltCommand(context);
        CommandLine line = CommandLines.configured(new CommandLine(holt), context);
        String named = CommandLines.firstWord(arguments);
        Function<HoltCommand, Subcommand> one = COMMANDS.get(named);
        if (one != null && !ABOUT_ALL.contains(named)) {
            one.apply(holt).register(named, line);
        } else if (!others.contains(named)) {
            COMMANDS.forEach((name, command) -> command.apply(holt).register(name, line));
        }
        return line;
    }

    /** The world around. */
    public CliContext context() {
        return context;
    }

    /** The folder of all state. */
    public Path home() {
        return home == null ? context.defaultHome() : context.folder().resolve(home);
    }

    /** Where words go. */
    public Output output() {
        return new Output(context, json);
    }

    /** Who is logged in where. */
    public Credentials credentials() {
        return Credentials.load(home());
    }

    /**
     * The platform in use: {@code HOLT_API} and {@code HOLT_TOKEN}, or the one of the last login.
     *
     * @throws CommandFailure when there is none
     */
    ApiClient api() {
        String api = context.environment().getOrDefault("HOLT_API", "");
        String token = context.environment().getOrDefault("HOLT_TOKEN", "");
        if (!api.isEmpty() && !token.isEmpty()) {
            return new ApiClient(ApiAddress.parse(api), token);
        }
        Credentials.Profile profile = credentials().current().orElse(null);
        if (api.isEmpty() && profile == null) {
            throw new CommandFailure(
                    ExitCode.DENIED,
                    "You are not logged in to any platform. Start one on this machine with './holt up', or log in to"
                            + " another with 'holt login --api URL'.");
        }
        URI address = ApiAddress.parse(api.isEmpty() && profile != null ? profile.api() : api);
        boolean known = profile != null && ApiAddress.parse(profile.api()).equals(address);
        String kept = known && profile != null ? profile.token() : null;
        return new ApiClient(address, token.isEmpty() ? kept : token);
    }

    @Override
    public void run() {
        if (version) {
            new VersionCommand(this).call();
        } else {
            spec.commandLine().usage(context.out());
        }
    }

    private static Map<String, Function<HoltCommand, Subcommand>> commands() {
        Map<String, Function<HoltCommand, Subcommand>> commands = new LinkedHashMap<>();
        commands.put("push", PushCommand::new);
        commands.put("apps", AppsCommand::new);
        commands.put("app", AppCommand::new);
        commands.put("ps", PsCommand::new);
        commands.put("why", WhyCommand::new);
        commands.put("logs", LogsCommand::new);
        commands.put("events", EventsCommand::new);
        commands.put("files", FilesCommand::new);
        commands.put("exec", ExecCommand::new);
        commands.put("ssh", SshCommand::new);
        commands.put("cp", CopyCommand::new);
        commands.put("port-forward", PortForwardCommand::new);
        commands.put("scale", ScaleCommand::new);
        commands.put("start", holt -> new VerbCommand(holt, VerbCommand.Verb.START));
        commands.put("stop", holt -> new VerbCommand(holt, VerbCommand.Verb.STOP));
        commands.put("restart", holt -> new VerbCommand(holt, VerbCommand.Verb.RESTART));
        commands.put("delete", DeleteCommand::new);
        commands.put("env", EnvCommand::new);
        commands.put("checks", ChecksCommand::new);
        commands.put("map", RouteCommand::map);
        commands.put("unmap", RouteCommand::unmap);
        commands.put("hosts", HostsCommand::new);
        commands.put("host", HostCommand::new);
        commands.put("rebalance", RebalanceCommand::new);
        commands.put("bus", BusCommand::new);
        commands.put("token", TokenCommand::new);
        commands.put("login", LoginCommand::new);
        commands.put("logout", LogoutCommand::new);
        commands.put("target", TargetCommand::new);
        commands.put("completion", CompletionCommand::new);
        commands.put("version", VersionCommand::new);
        commands.put("help", HelpCommand::new);
        return commands;
    }
}
