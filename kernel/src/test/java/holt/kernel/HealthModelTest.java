package holt.kernel;

import static org.assertj.core.api.Assertions.assertThat;

import holt.model.Exit;
import holt.model.HostReport;
import holt.model.Process;
import holt.model.ProcessReport;
import holt.model.ProcessState;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Collections;
import java.util.HashSet;
import java.util.List;
import java.util.Random;
import java.util.Set;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;

/**
 * The health manager against a naive model that keeps every message and works everything out from them: whatever was
 * lost, doubled and overtaken before, after a complete report of each host both find the same.
 */
class HealthModelTest {
    private static final List<String> HOSTS = List.of("alpha", "beta", "gamma");
    private static final String CALL = "call";
    private static final int PIDS = 9;
    private static final int AGENTS = 3;
    private static final List<ProcessState> INTENDED =
            List.of(ProcessState.STARTING, ProcessState.RUNNING, ProcessState.LOST, ProcessState.STOPPING);
    private static final List<ProcessState> SHOWN =
            List.of(ProcessState.STARTING, ProcessState.RUNNING, ProcessState.STOPPING, ProcessState.EXITED);

    @Property(tries = 500)
    void findsTheSameAsTheModelOnceReportsAreComplete(@ForAll long seed) {
        Random random = new Random(seed);
        ClusterSettings settings = ClusterSettings.standard("localhost");
        HealthManager health = new HealthManager(settings);
        health.begin(World.START, CALL);
        List<Process> rows = rows(random);
        rows.forEach(row -> health.intend(row, (report, moment) -> {}));
        health.at(World.START.plusSeconds(10));
        Model model = new Model(rows);
        for (Object message : messages(random)) {
            model.deliver(message);
            tell(health, message);
        }
        for (String host : HOSTS) {
            HostReport last = answering(host(random, host, AGENTS - 1, 1000));
            List<Finding> found = new ArrayList<>(health.report(last));
            found.removeIf(finding -> finding instanceof Finding.HostBack || finding instanceof Finding.HostHeard);

            assertThat(found).containsExactlyInAnyOrderElementsOf(model.findings(last));
            assertThat(found).isSortedAccordingTo((one, other) -> Integer.compare(one.urgency(), other.urgency()));
        }
    }

    @Property(tries = 100)
    void findsTheSameInTheSameOrderWhenToldTheSame(@ForAll long seed) {
        ClusterSettings settings = ClusterSettings.standard("localhost");
        HealthManager one = new HealthManager(settings);
        HealthManager other = new HealthManager(settings);
        List<Process> rows = rows(new Random(seed));
        for (HealthManager health : List.of(one, other)) {
            health.begin(World.START, CALL);
            rows.forEach(row -> health.intend(row, (report, moment) -> {}));
        }
        for (Object message : messages(new Random(seed))) {
            assertThat(tell(one, message)).isEqualTo(tell(other, message));
        }
    }

    private static List<Finding> tell(HealthManager health, Object message) {
        return message instanceof HostReport report ? health.report(report) : health.report((ProcessReport) message);
    }

    private static List<Process> rows(Random random) {
        List<Process> rows = new ArrayList<>();
        for (long pid = 1; pid <= PIDS; pid++) {
            if (random.nextInt(4) > 0) {
                rows.add(row(pid, any(random, HOSTS), any(random, INTENDED), 1 + random.nextInt(2)));
            }
        }
        return rows;
    }

    /** What three starts of each agent might say in all, some of it twice and much of it not, in any order. */
    private static List<Object> messages(Random random) {
        List<Object> messages = new ArrayList<>();
        for (String host : HOSTS) {
            for (int agent = 0; agent < AGENTS; agent++) {
                for (int sequence = 1; sequence < 8; sequence++) {
                    Object message = random.nextBoolean()
                            ? host(random, host, agent, sequence)
                            : process(random, host, agent, sequence);
                    Collections.nCopies(random.nextInt(3), message).forEach(messages::add);
                }
            }
        }
        if (random.nextBoolean()) {
            Collections.shuffle(messages, random);
        }
        return messages;
    }

    private static HostReport host(Random random, String host, int agent, long sequence) {
        List<ProcessReport> processes = new ArrayList<>();
        for (int i = random.nextInt(PIDS); i > 0; i--) {
            processes.add(process(random, host, agent, sequence));
        }
        Instant startedAt = World.START.minusSeconds(100 - agent);
        return new HostReport(
                host, epoch(agent), sequence, "container", "fake", List.of(), 2, 1, 0, startedAt, processes);
    }

    private static HostReport answering(HostReport report) {
        return new HostReport(
                report.host(),
                report.epoch(),
                report.sequence(),
                report.backend(),
                report.runtime(),
                report.warnings(),
                report.cores(),
                report.memoryBytes(),
                report.reservedBytes(),
                report.startedAt(),
                report.processes(),
                report.capacity(),
                report.reserved(),
                report.zone(),
                report.tags(),
                CALL);
    }

    private static String epoch(int agent) {
        return "agent-" + agent;
    }

    private static ProcessReport process(Random random, String host, int agent, long sequence) {
        ProcessState state = any(random, SHOWN);
        return new ProcessReport(
                host,
                epoch(agent),
                sequence,
                1 + random.nextInt(PIDS),
                1 + random.nextInt(2),
                "id",
                "hello",
                0,
                random.nextInt(8) == 0 ? 2 : 1,
                state,
                "10.0.0.1",
                80 + random.nextInt(2),
                null,
                0,
                0,
                state == ProcessState.EXITED ? World.exit(Exit.Reason.EXITED) : null);
    }

    private static <T> T any(Random random, List<T> items) {
        return items.get(random.nextInt(items.size()));
    }

    private static Process row(long pid, String host, ProcessState state, int incarnation) {
        return new Process(
                pid,
                2,
                "hello",
                0,
                1,
                incarnation,
                "id",
                state,
                host,
                "10.0.0.1",
                80,
                0,
                null,
                World.START,
                World.START,
                null);
    }

    /** Keeps everything; fast at nothing. */
    private static final class Model {
        private final List<Process> rows;
        private final List<HostReport> accepted = new ArrayList<>();
        /** {@code pid@host} of what was shown in its right place by a message that counted. */
        private final Set<String> shown = new HashSet<>();

        Model(List<Process> rows) {
            this.rows = rows;
        }

        void deliver(Object message) {
            if (message instanceof HostReport report) {
                if (accepted.stream().noneMatch(earlier -> supersedes(earlier, report))) {
                    accepted.add(report);
                    report.processes().forEach(this::show);
                }
            } else if (message instanceof ProcessReport report) {
                boolean current = accepted.stream()
                        .filter(earlier -> earlier.host().equals(report.host()))
                        .reduce((one, next) -> next)
                        .filter(last -> last.epoch().equals(report.epoch()) && last.sequence() < report.sequence())
                        .isPresent();
                if (current) {
                    show(report);
                }
            }
        }

        private static boolean supersedes(HostReport earlier, HostReport report) {
            boolean sameHost = earlier.host().equals(report.host());
            boolean sameEpoch = earlier.epoch().equals(report.epoch());
            return sameHost
                    && (sameEpoch
                            ? earlier.sequence() >= report.sequence()
                            : earlier.startedAt().isAfter(report.startedAt()));
        }

        private void show(ProcessReport report) {
            if (rows.stream().anyMatch(row -> isOf(row, report))) {
                shown.add(report.pid() + "@" + report.host());
            }
        }

        private static boolean isOf(Process row, ProcessReport report) {
            return row.pid() == report.pid()
                    && row.incarnation() == report.incarnation()
                    && row.version() == report.version()
                    && report.host().equals(row.host());
        }

        List<Finding> findings(HostReport report) {
            List<Finding> findings = new ArrayList<>();
            for (Process row : rows) {
                if (report.host().equals(row.host())) {
                    findings.addAll(report.processes().stream()
                            .filter(process -> isOf(row, process))
                            .findFirst()
                            .map(process -> difference(row, process))
                            .orElseGet(() -> absence(row)));
                }
            }
            report.processes().stream()
                    .filter(process -> rows.stream().noneMatch(row -> isOf(row, process)))
                    .filter(process ->
                            process.state() == ProcessState.STARTING || process.state() == ProcessState.RUNNING)
                    .forEach(process -> findings.add(stray(process)));
            return findings;
        }

        private static List<Finding> difference(Process row, ProcessReport report) {
            String host = report.host();
            return switch (report.state()) {
                case STARTING ->
                    row.state() == ProcessState.LOST
                            ? List.of(new Finding.StartingAgain(host, row.pid(), row.incarnation()))
                            : List.of();
                case RUNNING -> {
                    boolean ready = row.state() == ProcessState.RUNNING && report.port() == row.port();
                    yield ready || row.state() == ProcessState.STOPPING
                            ? List.of()
                            : List.of(new Finding.Ready(host, row.pid(), row.incarnation(), report));
                }
                case EXITED -> List.of(new Finding.Ended(host, row.pid(), row.incarnation(), report.exit()));
                case STOPPING, WAITING, LOST -> List.of();
            };
        }

        /** Nothing was asked for, and the time to show is over. */
        private List<Finding> absence(Process row) {
            boolean seen = shown.contains(row.pid() + "@" + row.host());
            return List.of(
                    row.state() == ProcessState.STARTING && !seen
                            ? new Finding.NotYetThere(row.host(), row.pid(), row.incarnation())
                            : new Finding.Missing(row.host(), row.pid(), row.incarnation()));
        }

        private Finding stray(ProcessReport report) {
            String host = report.host();
            long pid = report.pid();
            int incarnation = report.incarnation();
            Process row =
                    rows.stream().filter(each -> each.pid() == pid).findFirst().orElse(null);
            if (row == null) {
                return new Finding.Extra(host, pid, incarnation);
            }
            if (!host.equals(row.host())) {
                return new Finding.Misplaced(host, pid, incarnation, row.host());
            }
            return row.incarnation() != incarnation
                    ? new Finding.WrongIncarnation(host, pid, incarnation, row.incarnation())
                    : new Finding.WrongVersion(host, pid, incarnation, report.version(), row.version());
        }
    }
}
