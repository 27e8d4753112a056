package holt.server;

import holt.cli.CliContext;
import holt.cli.Credentials;
import holt.cli.ExitCode;
import holt.cli.HoltCommand;
import holt.cli.Output;
import holt.model.ErrorCode;
import holt.model.Problem;
import holt.model.ProblemException;
import java.io.IOException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.concurrent.locks.LockSupport;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine;

/** What {@code up}, {@code down}, {@code demo} and {@code config} do with the platform in one home folder. */
final class Platforms {
    private static final long STOP_LIMIT_SECONDS = 60;
    private static final long OTHER_LIMIT_SECONDS = 30;

    private final CliContext context;
    private final CommandLine holt;

    Platforms(CliContext context, CommandLine holt) {
        this.context = context;
        this.holt = holt;
    }

    /** Starts the platform, or finds that it runs; logs the local user in at the very first start. */
    Up up(Map<Setting, String> options, boolean foreground) throws IOException {
        Optional<RunFile> running = RunFile.running(home());
        if (running.isPresent()) {
            return already(running.get(), options);
        }
        long started = System.nanoTime();
        ServerProcess.Started server;
        try {
            server = new ServerProcess(home(), options).start();
        } catch (ProblemException refused) {
            if (refused.problem().code() == ErrorCode.CONFLICT) {
                return already(awaitOther(refused), options);
            }
            throw refused;
        }
        RunFile run = Optional.ofNullable(server.report().run()).orElseThrow();
        String token = server.report().adminToken();
        logIn(home(), run, token);
        output().say("Holt is up after %.1f s.".formatted((System.nanoTime() - started) / 1e9));
        Process process = server.process();
        if (foreground) {
            Runtime.getRuntime().addShutdownHook(new Thread(process::destroy, "holt-up-stop"));
        }
        return new Up(run, token, process);
    }

    /** A platform that runs already keeps its settings; to be asked for others is a mistake to be told. */
    private Up already(RunFile run, Map<Setting, String> options) {
        Map<Setting, String> present = Map.of(
                Setting.API_PORT, Integer.toString(run.apiPort()),
                Setting.HTTP_PORT, Integer.toString(run.httpPort()),
                Setting.DOMAIN, run.domain());
        present.forEach((setting, value) -> {
            String wanted = options.getOrDefault(setting, value);
            if (!wanted.equals(value) && !(setting.isNumber() && wanted.equals("0"))) {
                throw Problem.of(
                                ErrorCode.CONFLICT,
                                "Holt is up already (pid " + run.pid() + "), with another " + setting.key() + ".")
                        .expected(value, wanted)
                        .remedy("Stop it first: holt down.")
                        .exception();
            }
        });
        output().say("Holt is up already (pid " + run.pid() + ").");
        return new Up(run, null, null);
    }

    /** Somebody else is starting the platform at this moment: theirs is as good as ours. */
    private RunFile awaitOther(ProblemException refused) throws IOException {
        long limit = System.nanoTime() + Duration.ofSeconds(OTHER_LIMIT_SECONDS).toNanos();
        while (System.nanoTime() < limit) {
            Optional<RunFile> running = RunFile.running(home());
            if (running.isPresent()) {
                return running.get();
            }
            LockSupport.parkNanos(Duration.ofMillis(50).toNanos());
        }
        throw refused;
    }

    /** Says where the platform is, and what is lost on this machine. */
    void tell(Up up, boolean asResult) {
        RunFile run = up.run();
        run.warnings().forEach(output()::warn);
        if (output().isJson()) {
            if (asResult) {
                output().json(new UpResult(
                        run.pid(), run.apiUrl(), run.httpPort(), run.domain(), run.warnings(), up.token()));
            }
            return;
        }
        output().say("  API           " + run.apiUrl());
        output().say("  Applications  http://NAME." + run.domain()
                + (run.httpPort() == 80 ? "" : ":" + run.httpPort()));
        if (up.token() != null) {
            output().say("  Admin token   " + up.token() + "   (shown once; you are logged in with it)");
        }
    }

    /** Uses the platform from now on: with the token of its very first start, later at the address of this start. */
    static void logIn(Path home, RunFile run, @Nullable String token) throws IOException {
        Credentials credentials = Credentials.load(home);
        Optional<String> known = credentials.profile(Credentials.LOCAL_PROFILE).map(Credentials.Profile::token);
        if (token != null || known.isPresent()) {
            credentials.save(Credentials.LOCAL_PROFILE, run.apiUrl(), token != null ? token : known.get());
        }
    }

    /** Stops the platform of this home, where one runs, and says what it did. */
    int down(boolean keepApplications) throws IOException {
        Optional<ProcessHandle> server = RunFile.running(home()).flatMap(RunFile::process);
        if (server.isPresent()) {
            if (keepApplications) {
                StopRequest.take(home());
            } else {
                StopRequest.leave(home());
            }
            server.get().destroy();
            awaitEnd(server.get());
        }
        if (output().isJson()) {
            output().json(new DownResult(home().toString(), server.isPresent(), keepApplications));
        } else if (server.isEmpty()) {
            output().say("No platform runs on " + home() + ": nothing to stop.");
        } else {
            output().say("Holt is down (" + home() + "). "
                    + (keepApplications
                            ? "The applications run on; `holt up` takes them over again."
                            : "The applications were ended; `holt up` starts them again."));
        }
        return ExitCode.OK;
    }

    /** Prints the sample file, or the settings that a start without options would have. */
    void config(boolean sample) {
        if (sample) {
            context.out().print(ConfigurationReader.sample());
            return;
        }
        Configuration configuration = ConfigurationReader.read(home(), context.environment(), Map.of());
        List<SettingView> settings = Arrays.stream(Setting.values())
                .map(setting -> new SettingView(
                        setting.key(),
                        configuration.text(setting),
                        configuration.sources().getOrDefault(setting, "default")))
                .toList();
        if (output().isJson()) {
            output().json(new ConfigResult(settings));
            return;
        }
        settings.forEach(setting -> output().say("%-14s %-16s %s"
                .formatted(setting.key(), setting.value().isEmpty() ? "(empty)" : setting.value(), setting.source())));
    }

    /** Runs another command of {@code holt} on the same home, with the same form of output. */
    int holt(String... arguments) {
        List<String> all = new ArrayList<>(List.of(arguments));
        all.addAll(List.of("--home", home().toString()));
        if (output().isJson()) {
            all.add("--json");
        }
        return Main.run(context, all.toArray(String[]::new));
    }

    void nextSteps() {
        if (output().isJson()) {
            return;
        }
        String home = home().equals(context.defaultHome()) ? "" : " --home " + home();
        output().say("\nTry next:\n"
                + "  ./holt scale hello 3" + home + "      three instances, side by side\n"
                + "  ./holt ps" + home + "                 the tree of processes\n"
                + "  ./holt logs hello -f" + home + "      what they write");
    }

    private Output output() {
        return holt.<HoltCommand>getCommand().output();
    }

    private Path home() {
        return holt.<HoltCommand>getCommand().home();
    }

    private static void awaitEnd(ProcessHandle server) {
        try {
            server.onExit().get(STOP_LIMIT_SECONDS, TimeUnit.SECONDS);
        } catch (TimeoutException stuck) {
            throw Problem.of(
                            ErrorCode.UNAVAILABLE,
                            "The server (pid " + server.pid() + ") did not end within " + STOP_LIMIT_SECONDS + " s.")
                    .remedy("Ask again, or end it with: kill -9 " + server.pid())
                    .exception();
        } catch (ExecutionException | InterruptedException fault) {
            throw new IllegalStateException(fault);
        }
    }

    /**
     * A platform that is up.
     *
     * @param token the first admin token, shown once; null but at the very first start
     * @param process the server, when this command started it
     */
    record Up(RunFile run, @Nullable String token, @Nullable Process process) {

        /** Waits for the end of a server that was started here. */
        int await() {
            if (process == null) {
                return ExitCode.OK;
            }
            try {
                return process.waitFor();
            } catch (InterruptedException interrupted) {
                Thread.currentThread().interrupt();
                return ExitCode.INTERRUPTED;
            }
        }
    }

    /** {@code up --json}. */
    record UpResult(
            long pid,
            String apiUrl,
            int httpPort,
            String domain,
            List<String> warnings,
            @Nullable String adminToken) {}

    /** {@code down --json}. */
    record DownResult(String home, boolean stopped, boolean applicationsKept) {}

    /** {@code config --json}. */
    record ConfigResult(List<SettingView> settings) {}

    /** One setting with where its value comes from. */
    record SettingView(String key, String value, String source) {}
}
