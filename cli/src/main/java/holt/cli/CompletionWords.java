package holt.cli;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.stream.Stream;
import picocli.CommandLine;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Model.OptionSpec;

/**
 * What can follow a command.
 *
 * @param name of the command, without {@code holt}
 * @param header what it does, one line
 * @param options names of its options, long ones where there are
 * @param words its subcommands
 * @param namesApp whether its first word is the name of an app
 */
record CompletionWords(String name, String header, List<String> options, List<String> words, boolean namesApp) {

    /** All commands below a root, without their aliases. */
    static List<CompletionWords> of(CommandSpec root) {
        List<CompletionWords> commands = new ArrayList<>();
        root.subcommands().forEach((name, line) -> {
            if (name.equals(line.getCommandName())) {
                commands.add(of(name, line));
            }
        });
        return commands;
    }

    private static CompletionWords of(String name, CommandLine line) {
        CommandSpec spec = line.getCommandSpec();
        String[] header = spec.usageMessage().header();
        boolean namesApp = spec.positionalParameters().stream()
                .anyMatch(word ->
                        word.paramLabel().startsWith("NAME") && word.index().contains(0));
        return new CompletionWords(
                name,
                header.length == 0 ? "" : header[0],
                options(spec),
                words(name, spec),
                namesApp && !name.equals("push"));
    }

    /** Its own options and those of the commands below it. */
    private static List<String> options(CommandSpec spec) {
        return Stream.concat(
                        Stream.of(spec), spec.subcommands().values().stream().map(CommandLine::getCommandSpec))
                .flatMap(each -> each.options().stream())
                .filter(option -> !option.hidden())
                .map(OptionSpec::longestName)
                .distinct()
                .toList();
    }

    private static List<String> words(String name, CommandSpec spec) {
        return name.equals("completion")
                ? Arrays.asList("bash", "zsh", "fish")
                : List.copyOf(spec.subcommands().keySet());
    }
}
