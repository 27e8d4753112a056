package holt.cli;

import holt.model.Nearest;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.stream.Collectors;
import picocli.CommandLine;
import picocli.CommandLine.Model.ArgSpec;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Model.OptionSpec;

/** Explains a wrong command line, with the right word where one is near. Pure. */
final class Mistakes {
    private static final int NEAR = 2;

    private Mistakes() {}

    static String explain(CommandLine.ParameterException fault) {
        CommandSpec spec = fault.getCommandLine().getCommandSpec();
        if (fault instanceof CommandLine.UnmatchedArgumentException unmatched
                && !unmatched.getUnmatched().isEmpty()) {
            return unmatched(unmatched.getUnmatched().getFirst(), spec);
        }
        if (fault instanceof CommandLine.MissingParameterException missing) {
            return "Missing: "
                    + missing.getMissing().stream().map(Mistakes::label).collect(Collectors.joining(", ")) + ".";
        }
        if (fault.getArgSpec() != null
                && Number.class.isAssignableFrom(fault.getArgSpec().type())
                && fault.getValue() != null) {
            return noNumber(fault.getArgSpec(), fault.getValue());
        }
        String message = String.valueOf(fault.getMessage());
        return message.endsWith(".") ? message : message + ".";
    }

    /** The words that are near to another one, nearest first. */
    static List<String> near(String word, List<String> known) {
        int limit = Math.min(NEAR, Math.max(1, word.length() / 2));
        return known.stream()
                .filter(each -> Nearest.distance(word, each) <= limit || (word.length() > 2 && each.startsWith(word)))
                .sorted(Comparator.comparingInt((String each) -> Nearest.distance(word, each))
                        .thenComparing(Comparator.naturalOrder()))
                .limit(3)
                .toList();
    }

    private static String unmatched(String word, CommandSpec spec) {
        boolean option = word.startsWith("-") && word.length() > 1;
        String shown = Text.printable(word, 60);
        if (option) {
            String name = word.contains("=") ? word.substring(0, word.indexOf('=')) : word;
            List<String> names = spec.options().stream()
                    .filter(each -> !each.hidden())
                    .flatMap(each -> List.of(each.names()).stream())
                    .toList();
            if (names.contains(name)) {
                return "'" + shown + "' stands after '--', where nothing is an option: options go before --.";
            }
            return "There is no option '" + shown + "' for '" + spec.qualifiedName(" ") + "'."
                    + hint(near(name, names));
        }
        if (!spec.subcommands().isEmpty()) {
            List<String> names = new ArrayList<>(spec.subcommands().keySet());
            return "There is no command '" + shown + "'." + hint(near(word, names));
        }
        return "'" + spec.qualifiedName(" ") + "' does not expect '" + shown + "'.";
    }

    private static String hint(List<String> near) {
        return near.isEmpty()
                ? ""
                : " Did you mean " + near.stream().map(each -> "'" + each + "'").collect(Collectors.joining(" or "))
                        + "?";
    }

    /** The example is the number that is meant, where one can be seen: {@code 4} for {@code 4s}. */
    private static String noNumber(ArgSpec argument, String value) {
        boolean seconds = argument.paramLabel().equals("SECONDS");
        String digits = value.replaceFirst("\\D.*", "");
        boolean usable = !digits.isEmpty() && digits.length() <= 4;
        String example = usable ? digits : seconds ? "60" : "3";
        String name = argument instanceof OptionSpec option ? option.longestName() : argument.paramLabel();
        return "'" + Text.printable(value, 40) + "' cannot be the value of '" + name + "'. Expected: "
                + (seconds ? "seconds" : "a number") + ", such as " + example + ".";
    }

    private static String label(ArgSpec argument) {
        return argument instanceof OptionSpec option
                ? "the " + option.paramLabel() + " after '" + option.longestName() + "'"
                : argument.paramLabel();
    }
}
