package holt.stager;

import holt.model.ErrorCode;
import holt.model.Problem;
import holt.model.ProblemException;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/** Finds out how to run a package: the user's own command, or the first rule that fits. Decides by reading alone. */
final class Detection {
    private static final List<Rule> RULES =
            List.of(new Procfile(), new JavaRule(), new NodeRule(), new PythonRule(), new RubyRule(), new StaticRule());

    private static final int MAX_NAMES = 12;

    private Detection() {}

    /**
     * Makes a plan.
     *
     * @param command the user's own start command; null to find one out
     * @throws ProblemException {@code detection-failed} with what was looked for
     */
    static Plan plan(SourceFiles files, @Nullable String command) throws IOException {
        if (command != null && !command.isBlank()) {
            return Plan.of("command", "the given start command", command.strip());
        }
        List<String> nearMisses = new ArrayList<>();
        for (Rule rule : RULES) {
            switch (rule.examine(files)) {
                case Finding.Found found -> {
                    return found.plan();
                }
                case Finding.Faulty faulty -> throw faulty.problem().exception();
                case Finding.NearMiss miss -> nearMisses.add(miss.why());
                case Finding.Nothing nothing -> {}
            }
        }
        throw failure(files, nearMisses);
    }

    private static ProblemException failure(SourceFiles files, List<String> nearMisses) {
        String looked = RULES.stream().map(Rule::looksFor).collect(Collectors.joining("; "));
        String misses = nearMisses.isEmpty() ? "" : " But: " + String.join("; ", nearMisses) + ".";
        return Problem.of(ErrorCode.DETECTION_FAILED, "Holt found no way to run this package." + misses)
                .expected(looked, names(files))
                .remedy(remedy(files))
                .exception();
    }

    private static String remedy(SourceFiles files) {
        if (files.topFiles().isEmpty() && files.topFolders().size() == 1) {
            return "Everything lies in the folder '" + files.topFolders().getFirst() + "': push that folder.";
        }
        return "Add a Procfile, or give the start command with --command.";
    }

    private static String names(SourceFiles files) {
        List<String> names = Stream.concat(
                        files.topFolders().stream().map(name -> name + "/"), files.topFiles().stream())
                .toList();
        String more = names.size() > MAX_NAMES ? " and " + (names.size() - MAX_NAMES) + " more" : "";
        return String.join(", ", names.subList(0, Math.min(names.size(), MAX_NAMES))) + more;
    }
}
