package holt.simulator;

import holt.model.App;
import holt.model.ErrorCode;
import holt.model.Nearest;
import holt.model.Problem;
import holt.model.ProblemException;
import java.util.EnumSet;
import java.util.Set;

/**
 * What a simulated history is drawn from.
 *
 * @param seed all chances follow from it
 * @param hours virtual time
 * @param apps number of apps
 * @param processes instances of all apps together, about
 * @param faults kinds of faults that happen
 */
public record SimulationSettings(long seed, int hosts, double hours, int apps, int processes, Set<FaultKind> faults) {
    public static final int MAX_HOSTS = 20_000;
    public static final int MAX_PROCESSES = 1_000_000;
    public static final double MAX_HOURS = 10_000;
    private static final int PROCESSES_ON_A_HOST = 20;
    private static final int PROCESSES_OF_AN_APP = 8;

    /** @throws ProblemException {@code parameter-invalid} naming the option that cannot be used */
    public SimulationSettings {
        require(hosts >= 1 && hosts <= MAX_HOSTS, "--hosts", "1 to " + MAX_HOSTS, hosts);
        require(hours > 0 && hours <= MAX_HOURS, "--hours", "more than 0, at most " + (int) MAX_HOURS, hours);
        require(processes >= 1 && processes <= MAX_PROCESSES, "--processes", "1 to " + MAX_PROCESSES, processes);
        require(apps >= 1 && apps <= processes, "--apps", "1 to the number of processes, " + processes, apps);
        require(
                processes / apps <= App.MAX_INSTANCES / 2,
                "--apps",
                "at least " + (processes / (App.MAX_INSTANCES / 2) + 1) + " for " + processes + " processes",
                apps);
        faults = Set.copyOf(faults);
    }

    /** With the usual number of apps and processes for so many hosts, and all faults. */
    public static SimulationSettings of(long seed, int hosts, double hours) {
        int bounded = Math.clamp(hosts, 1, MAX_HOSTS);
        int processes = defaultProcesses(bounded);
        return new SimulationSettings(
                seed, hosts, hours, defaultApps(processes), processes, EnumSet.allOf(FaultKind.class));
    }

    /** What {@code --processes} is where it is not given. */
    public static int defaultProcesses(int hosts) {
        return Math.clamp((long) hosts * PROCESSES_ON_A_HOST, 1, MAX_PROCESSES);
    }

    /** What {@code --apps} is where it is not given. */
    public static int defaultApps(int processes) {
        return Math.max(1, processes / PROCESSES_OF_AN_APP);
    }

    public SimulationSettings withFaults(Set<FaultKind> others) {
        return new SimulationSettings(seed, hosts, hours, apps, processes, others);
    }

    public SimulationSettings withSeed(long other) {
        return new SimulationSettings(other, hosts, hours, apps, processes, faults);
    }

    /**
     * Reads the value of {@code --faults}: {@code all}, {@code none}, or words of {@link FaultKind} with commas.
     *
     * @throws ProblemException {@code parameter-invalid} naming the word that is no fault
     */
    public static Set<FaultKind> faults(String text) {
        Set<FaultKind> faults = EnumSet.noneOf(FaultKind.class);
        if (text.strip().equals("none")) {
            return faults;
        }
        for (String part : text.split(",", -1)) {
            String word = part.strip();
            if (word.equals("all")) {
                faults.addAll(EnumSet.allOf(FaultKind.class));
            } else {
                faults.add(FaultKind.of(word).orElseThrow(() -> unknown(word)));
            }
        }
        return faults;
    }

    private static ProblemException unknown(String word) {
        String shown = word.replaceAll("\\p{Cntrl}", "?");
        Problem problem = Problem.of(ErrorCode.PARAMETER_INVALID, "--faults names no fault that there is.")
                .expected("all, none, or some of " + String.join(",", FaultKind.words()), "'" + shown + "'");
        return Nearest.to(word, FaultKind.words())
                .map(near -> problem.remedy("Did you mean " + near + "?"))
                .orElse(problem)
                .exception();
    }

    private static void require(boolean holds, String option, String expected, Object found) {
        if (!holds) {
            throw Problem.of(ErrorCode.PARAMETER_INVALID, option + " cannot be " + found + ".")
                    .expected(expected, String.valueOf(found))
                    .exception();
        }
    }
}
