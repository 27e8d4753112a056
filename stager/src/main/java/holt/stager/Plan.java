package holt.stager;

import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;

/**
 * How a package will be run.
 *
 * @param buildpack what found out
 * @param reason what it was found by, for people: {@code Node, by package.json}
 * @param webCommand the start command of the web process
 * @param processTypes all start commands by type, {@code web} among them
 * @param environment variables the programs get unless the user sets them
 * @param staticSite whether the web server of static sites is to be added to the files
 * @param warnings what may be wrong with it and what to do, for people
 */
record Plan(
        String buildpack,
        String reason,
        String webCommand,
        Map<String, String> processTypes,
        Map<String, String> environment,
        boolean staticSite,
        List<String> warnings) {

    Plan {
        processTypes = Map.copyOf(processTypes);
        environment = Map.copyOf(environment);
        warnings = List.copyOf(warnings);
    }

    /** A plan with one process type and nothing more. */
    static Plan of(String buildpack, String reason, String webCommand) {
        return new Plan(buildpack, reason, webCommand, Map.of("web", webCommand), Map.of(), false, List.of());
    }

    Plan withEnvironment(String name, String value) {
        Map<String, String> more = new TreeMap<>(environment);
        more.put(name, value);
        return new Plan(buildpack, reason, webCommand, processTypes, more, staticSite, warnings);
    }

    Plan withWarning(String warning) {
        List<String> more = new ArrayList<>(warnings);
        more.add(warning);
        return new Plan(buildpack, reason, webCommand, processTypes, environment, staticSite, more);
    }

    Plan withStaticSite() {
        return new Plan(buildpack, reason, webCommand, processTypes, environment, true, warnings);
    }
}
