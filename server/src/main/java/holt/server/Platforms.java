package holt.server;

import holt.cli.CliContext;
import holt.cli.Credentials;
import holt.cli.ExitCode;
import holt.cli.HoltCommand;
import holt.model.ErrorCode;
import holt.model.Problem;
import java.io.IOException;
import java.io.PrintStream;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine;

/** What {@code up}, {@code down}, {@code demo} and {@code config} do with the platform in one home folder. */
final class Platforms {
    private static final long STOP_LIMIT_SECONDS = 60;

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
            return new Up(context.out(), running.get(), null, null, true);
        }
        long started = System.nanoTime();
        ServerProcess.Started server = new ServerProcess(home(), options).start();
        RunFile run = Optional.ofNullable(server.report().run()).orElseThrow();
        String token = server.report().adminToken();
        logIn(home(), run, token);
        context.out().printf("Holt is up after %.1f s.%n", (System.nanoTime() - started) / 1e9);
        Process process = server.process();
        if (foreground) {
            Runtime.getRuntime().addShutdownHook(new Thread(process::destroy, "holt-up-stop"));
        }
        return new Up(context.out(), run, token, process, false);
    }

    /** Uses the platform from now on: with the token of its very first start, later at the address of this start. */
    static void logIn(Path home, RunFile run, @Nullable String token) throws IOException {
        Credentials credentials = Credentials.load(home);
        Optional<String> known =
                credentials.profile(Credentials.LOCAL_PROFILE).map(Credentials.Profile::token);
        if (token != null || known.isPresent()) {
            credentials.save(Credentials.LOCAL_PROFILE, run.apiUrl(), token != null ? token : known.get());
        }
    }

    /** Stops the platform of this home, where one runs, and says what it did. */
    int down(boolean keepApplications) throws IOException {
        Optional<ProcessHandle> server = RunFile.running(home()).flatMap(RunFile::process);
        if (server.isEmpty()) {
            context.out().println("No platform runs on " + home() + ": nothing to stop.");
            return ExitCode.OK;
        }
        if (keepApplications) {
            StopRequest.take(home());
        } else {
            StopRequest.leave(home());
        }
        server.get().destroy();
        awaitEnd(server.get());
        context.out()
                .println("Holt is down (" + home() + "). "
                        + (keepApplications
                                ? "The applications run on; `holt up` takes them over again."
                                : "The applications were ended; `holt up` starts them again."));
        return ExitCode.OK;
    }

    void config(boolean sample) {
        if (sample) {
            context.out().print(ConfigurationReader.sample());
            return;
        }
        Configuration configuration = ConfigurationReader.read(home(), context.environment(), Map.of());
        for (Setting setting : Setting.values()) {
            context.out()
                    .printf(
                            "%-14s %-16s %s%n",
                            setting.key(),
                            configuration.text(setting).isEmpty() ? "(empty)" : configuration.text(setting),
                            configuration.sources().get(setting));
        }
    }

    /** Runs another command of {@code holt} on the same home. */
    int holt(String... arguments) {
        List<String> all = new ArrayList<>(List.of("--home", home().toString()));
        all.addAll(List.of(arguments));
        return Main.run(context, all.toArray(String[]::new));
    }

    void nextSteps() {
        String home = home().equals(context.defaultHome()) ? "" : " --home " + home();
        context.out()
                .println("\nTry next:\n"
                        + "  ./holt" + home + " scale hello 3      three instances, side by side\n"
                        + "  ./holt" + home + " ps                 the tree of processes\n"
                        + "  ./holt" + home + " logs hello -f      what they write\n");
    }

    private Path home() {
        return holt.<HoltCommand>getCommand().home();
    }

    private static void awaitEnd(ProcessHandle server) {
        try {
            server.onExit().get(STOP_LIMIT_SECONDS, TimeUnit.SECONDS);
        } catch (TimeoutException stuck) {
            throw Problem.of(ErrorCode.UNAVAILABLE, "The server (pid " + server.pid() + ") did not end within "
                            + STOP_LIMIT_SECONDS + " s.")
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
     * @param before whether it ran already
     */
    record Up(PrintStream out, RunFile run, @Nullable String token, @Nullable Process process, boolean before) {

        void print() {
            if (before) {
                out.println("Holt is up already (pid " + run.pid() + ").");
            }
            out.println("  API           " + run.apiUrl());
            out.println("  Applications  http://NAME." + run.domain() + (run.httpPort() == 80 ? "" : ":" + run.httpPort()));
            if (token != null) {
                out.println("  Admin token   " + token + "   (shown once; you are logged in with it)");
            }
        }

        int await() {
            if (process == null) {
                return 0;
            }
            try {
                return process.waitFor();
            } catch (InterruptedException interrupted) {
                Thread.currentThread().interrupt();
                return ExitCode.INTERRUPTED;
            }
        }
    }
}
