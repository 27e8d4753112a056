package holt.kernel;

import static holt.kernel.Sentences.count;

import holt.model.App;
import holt.model.Placement;
import holt.model.Process;
import holt.model.ProcessState;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import java.util.Optional;
import java.util.Set;
import java.util.TreeSet;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/**
 * Why a process is where it is, or why it is nowhere and what would have to change: a pure function of the cluster at one
 * moment.
 *
 * @param summary one sentence
 * @param reasons what led to it, each a sentence or a part of one
 * @param remedies what would change it, each on its own; empty where nothing has to change
 */
public record Why(String summary, List<String> reasons, List<String> remedies) {
    private static final long PLATFORM_PID = 1;

    public Why {
        reasons = List.copyOf(reasons);
        remedies = List.copyOf(remedies);
    }

    /** Why, of any pid; empty for one that is not in the process table. */
    public static Optional<Why> of(ClusterView view, long pid, Instant now) {
        if (pid == PLATFORM_PID) {
            return Optional.of(new Why("pid 1 is the platform itself", List.of(), List.of()));
        }
        Optional<ProcessStatus> process = view.process(pid);
        return process.isPresent()
                ? process.map(status -> new Asked(view, status, now).answer())
                : view.apps().values().stream()
                        .map(AppStatus::app)
                        .filter(app -> app.supervisorPid() == pid)
                        .findFirst()
                        .map(Why::ofSupervisor);
    }

    private static Why ofSupervisor(App app) {
        return new Why(
                "pid " + app.supervisorPid() + " is the supervisor of the app " + app.name()
                        + ": it takes no host, and is there as long as the app",
                List.of(),
                List.of());
    }

    /** One process that is asked about. */
    private record Asked(ClusterView view, ProcessStatus status, Instant now) {

        Why answer() {
            Process row = status.process();
            String name = row.app() + "/" + row.index() + " (pid " + row.pid() + ")";
            return switch (row.state()) {
                case STARTING, RUNNING -> placed(name, row);
                case WAITING -> waiting(name, row);
                case LOST -> lost(name, row);
                case STOPPING -> stopping(name, row);
                case EXITED -> ended(name, row);
            };
        }

        private Why placed(String name, Process row) {
            List<String> reasons = new ArrayList<>();
            reasons.add(status.choice()
                    .map(choice -> chosen(choice, row))
                    .orElse("it was placed there before this controller began, and why is not known any more"));
            refusals().forEach(reasons::add);
            String verb = row.state() == ProcessState.RUNNING ? " runs on " : " is starting on ";
            return new Why(name + verb + row.host() + since(row), reasons, List.of());
        }

        private String chosen(Choice choice, Process row) {
            List<String> tags = rule().tags();
            HostStatus host = view.hosts().get(String.valueOf(row.host()));
            String zone =
                    host == null || host.zone().isEmpty() ? "" : ", its zone " + host.zone() + " " + choice.inZone();
            return "of " + count(choice.hosts(), "host") + (tags.isEmpty() ? "" : " with " + String.join(", ", tags))
                    + " it was the best: " + (choice.near() ? "near its parent; " : "") + "it held "
                    + count(choice.onHost(), "instance") + " of the app" + zone + ", and " + choice.loadPercent()
                    + " % of it was promised";
        }

        private Stream<String> refusals() {
            return status.refusedBy().entrySet().stream()
                    .sorted(java.util.Map.Entry.comparingByKey())
                    .map(each -> Advice.text(new Obstacles.Refused(
                            each.getKey(),
                            each.getValue().until(),
                            each.getValue().reason())));
        }

        private Why waiting(String name, Process row) {
            Instant notBefore = row.notBefore();
            if (notBefore != null && now.isBefore(notBefore)) {
                return new Why(
                        name + " is held back until " + Advice.clock(notBefore),
                        crashes(row),
                        List.of("mend what makes it crash: holt logs " + row.app(), "holt restart " + row.app()));
            }
            Obstacles obstacles = obstacles();
            return !obstacles.block()
                    ? new Why(name + " is about to be placed", refusals().toList(), List.of())
                    : new Why(
                            name + " waits" + since(row) + ": " + Advice.brief(obstacles),
                            obstacles.list().stream().map(Advice::text).toList(),
                            Advice.remedies(obstacles));
        }

        private Why lost(String name, Process row) {
            List<String> reasons = new ArrayList<>();
            HostStatus host = view.hosts().get(String.valueOf(row.host()));
            reasons.add("host " + row.host() + " has been silent"
                    + (host == null ? "" : " since " + Advice.clock(host.heardAt())));
            List<String> remedies = new ArrayList<>();
            remedies.add("bring " + row.host() + " back");
            Obstacles obstacles = obstacles();
            if (Objects.requireNonNullElse(status.note(), "").contains("replacement is on its way")) {
                reasons.add("another process takes its place");
            } else if (obstacles.block()) {
                obstacles.list().stream().map(Advice::text).forEach(reasons::add);
                remedies.addAll(Advice.remedies(obstacles));
            }
            return new Why(name + " is lost" + since(row), reasons, remedies);
        }

        private static Why stopping(String name, Process row) {
            return new Why(name + " is on its way out" + since(row), List.of(), List.of());
        }

        private static Why ended(String name, Process row) {
            return new Why(
                    name + " was given up" + since(row),
                    crashes(row),
                    List.of("mend what makes it crash: holt logs " + row.app(), "holt restart " + row.app()));
        }

        private static List<String> crashes(Process row) {
            String last =
                    row.exit() == null ? "" : "; the last time: " + row.exit().detail();
            return List.of("it crashed " + count(row.crashes(), "time") + " in a row" + last);
        }

        private static String since(Process row) {
            return " since " + Advice.clock(row.stateSince());
        }

        private Placement rule() {
            Process row = status.process();
            return view.app(row.app()).map(app -> app.rule(row.version())).orElse(Placement.ANYWHERE);
        }

        private Obstacles obstacles() {
            Placement rule = rule();
            Set<String> shunned = shunned(rule);
            List<Obstacles.Seen> seen = view.hosts().values().stream()
                    .map(host -> new Obstacles.Seen(
                            host.name(),
                            !host.isBidding(),
                            host.free(),
                            host.tags(),
                            rule.apart() && runs(status.process().app(), host.name()),
                            shunned.stream()
                                    .filter(app -> runs(app, host.name()))
                                    .findFirst()
                                    .orElse(null),
                            refusal(host.name())))
                    .toList();
            return Obstacles.of(status.need(), rule, seen);
        }

        private Need.@Nullable Refusal refusal(String host) {
            Need.Refusal refusal = status.refusedBy().get(host);
            return refusal != null && now.isBefore(refusal.until()) ? refusal : null;
        }

        private Set<String> shunned(Placement rule) {
            String name = status.process().app();
            Set<String> shunned = new TreeSet<>(rule.notWith());
            for (AppStatus app : view.apps().values()) {
                boolean asks = Stream.of(app.target(), app.live())
                        .anyMatch(release ->
                                release != null && release.placement().notWith().contains(name));
                if (asks) {
                    shunned.add(app.app().name());
                }
            }
            shunned.remove(name);
            return shunned;
        }

        /** Whether the app has another instance on the host that stays there. */
        private boolean runs(String app, String host) {
            Process asked = status.process();
            return view.app(app).stream()
                    .flatMap(each -> each.processes().stream())
                    .map(ProcessStatus::process)
                    .anyMatch(row -> host.equals(row.host())
                            && row.state() != ProcessState.STOPPING
                            && !(app.equals(asked.app()) && row.index() == asked.index()));
        }
    }
}
