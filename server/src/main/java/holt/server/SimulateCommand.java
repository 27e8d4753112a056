package holt.server;

import holt.cli.CliContext;
import holt.cli.ExitCode;
import holt.cli.HoltCommand;
import holt.cli.Output;
import holt.model.ErrorCode;
import holt.model.Problem;
import holt.simulator.FaultKind;
import holt.simulator.HistoryText;
import holt.simulator.Picture;
import holt.simulator.Plan;
import holt.simulator.Planner;
import holt.simulator.SimulationSettings;
import holt.simulator.Simulator;
import java.io.IOException;
import java.nio.file.AccessDeniedException;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.time.Duration;
import java.time.Instant;
import java.util.Arrays;
import java.util.EnumSet;
import java.util.Locale;
import java.util.Set;
import java.util.concurrent.Callable;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;

/** {@code holt simulate}. */
@Command(
        name = "simulate",
        header = "Run a whole cluster on virtual time, with faults, and look for what breaks it.",
        description = {
            "The decisions are the real ones; hosts, programs and network are simulated. A seed means the same run "
                    + "each time. When a rule is broken, the shortest history found that breaks it is printed, "
                    + "and the exit code is 1."
        },
        footer = {
            "",
            "Examples:",
            "  holt simulate --seed 42 --hosts 1000 --hours 24 --svg drift.svg",
            "  holt simulate --faults partition,host-crash",
            "  holt simulate --history found.txt"
        })
final class SimulateCommand implements Callable<Integer> {
    private static final Duration PROGRESS_PAUSE = Duration.ofSeconds(2);
    private static final double HOUR_MILLIS = 3_600_000;

    private final CliContext context;
    private final CommandLine holt;

    @Option(
            names = "--seed",
            paramLabel = "N",
            description = "What all chances follow from (default ${DEFAULT-VALUE}).")
    private long seed = 42;

    @Option(names = "--hosts", paramLabel = "N", description = "Number of hosts (default ${DEFAULT-VALUE}).")
    private int hosts = 20;

    @Option(names = "--hours", paramLabel = "H", description = "Virtual time (default ${DEFAULT-VALUE}).")
    private double hours = 1;

    @Option(names = "--apps", paramLabel = "N", description = "Number of apps (default: one for 8 processes).")
    @Nullable
    private Integer apps;

    @Option(names = "--processes", paramLabel = "N", description = "Number of instances (default: 20 a host).")
    @Nullable
    private Integer processes;

    @Option(
            names = "--faults",
            paramLabel = "LIST",
            description = "all, none, or some with commas; 'list' tells what there is (default ${DEFAULT-VALUE}).")
    private String faults = "all";

    @Option(names = "--svg", paramLabel = "FILE", description = "Draw drift over time.")
    @Nullable
    private String svg;

    @Option(
            names = "--history",
            paramLabel = "FILE",
            description = "Replay a written history instead of drawing one from the seed.")
    @Nullable
    private String history;

    private Instant lastProgress = Instant.MIN;

    SimulateCommand(CliContext context, CommandLine holt) {
        this.context = context;
        this.holt = holt;
    }

    @Override
    public Integer call() throws IOException {
        if (faults.equals("list")) {
            listFaults();
            return ExitCode.OK;
        }
        Plan plan = history == null ? Planner.plan(settings()) : HistoryText.read(read(history));
        Instant began = context.clock().instant();
        lastProgress = began;
        Simulator.Findings findings = new Simulator().explore(plan, at -> progress(plan, at, began));
        Duration took = Duration.between(began, context.clock().instant());
        if (svg != null) {
            write(svg, Picture.svg(plan, findings.outcome()));
        }
        tell(findings, took);
        return findings.failure().isPresent() ? ExitCode.FAILED : ExitCode.OK;
    }

    private Output output() {
        return ((HoltCommand) holt.getCommand()).output();
    }

    private SimulationSettings settings() {
        Set<FaultKind> kinds = SimulationSettings.faults(faults);
        int instances = processes == null ? SimulationSettings.defaultProcesses(hosts) : processes;
        int names = apps == null ? SimulationSettings.defaultApps(instances) : apps;
        return new SimulationSettings(seed, hosts, hours, names, instances, kinds);
    }

    private void listFaults() {
        if (output().isJson()) {
            output().json(Arrays.stream(FaultKind.values())
                    .collect(Collectors.toMap(
                            FaultKind::word, FaultKind::meaning, (one, same) -> one, java.util.LinkedHashMap::new)));
            return;
        }
        EnumSet.allOf(FaultKind.class).forEach(kind -> output().say("%-20s %s".formatted(kind.word(), kind.meaning())));
    }

    private String read(String name) {
        try {
            return Files.readString(context.folder().resolve(name));
        } catch (IOException fault) {
            throw Problem.of(ErrorCode.FILE_NOT_FOUND, "The history '" + name + "' cannot be read: " + why(fault) + ".")
                    .remedy("Name a file that 'holt simulate' printed a history for.")
                    .exception();
        }
    }

    private static String why(IOException fault) {
        return switch (fault) {
            case NoSuchFileException missing -> "there is no " + missing.getFile();
            case AccessDeniedException denied -> "no right to " + denied.getFile();
            default -> String.valueOf(fault.getMessage());
        };
    }

    private void write(String name, String text) {
        try {
            Files.writeString(context.folder().resolve(name), text);
        } catch (IOException fault) {
            throw Problem.of(
                            ErrorCode.PARAMETER_INVALID,
                            "The picture '" + name + "' cannot be written: " + why(fault) + ".")
                    .remedy("Name a file in a folder that is there and that you may write to.")
                    .exception();
        }
    }

    private void progress(Plan plan, long at, Instant began) {
        Instant now = context.clock().instant();
        if (Duration.between(lastProgress, now).compareTo(PROGRESS_PAUSE) >= 0) {
            lastProgress = now;
            output().say(String.format(
                    Locale.ROOT,
                    "  %6.2f virtual hours of %.2f after %d s, about %d s left",
                    at / HOUR_MILLIS,
                    plan.untilMillis() / HOUR_MILLIS,
                    Duration.between(began, now).toSeconds(),
                    (long) (Duration.between(began, now).toSeconds()
                            * Math.max(0, plan.untilMillis() - at)
                            / Math.max(1.0, at))));
        }
    }

    private void tell(Simulator.Findings findings, Duration took) {
        SimulateResult result = SimulateResult.of(findings, took);
        if (output().isJson()) {
            output().json(result);
        } else {
            result.lines().forEach(output()::say);
        }
    }
}
