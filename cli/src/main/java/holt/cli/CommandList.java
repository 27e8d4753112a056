package holt.cli;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import picocli.CommandLine;
import picocli.CommandLine.Help;

/** The commands in the help, grouped by what they are about; what starts a platform is what a newcomer needs first. */
final class CommandList {
    private static final Set<String> APPS = Set.of(
            "push", "apps", "app", "scale", "start", "stop", "restart", "delete", "env", "checks", "map", "unmap");
    private static final Set<String> INSIGHT = Set.of("ps", "logs", "events", "files", "hosts", "host");
    private static final Set<String> INSIDE = Set.of("exec", "ssh", "cp", "port-forward");
    private static final Set<String> ACCESS = Set.of("login", "logout", "target", "token");
    private static final Set<String> HELP = Set.of("help", "version", "completion");

    private CommandList() {}

    static String render(Help help) {
        Map<String, List<String>> groups = new LinkedHashMap<>();
        List.of("Platform", "Apps", "Insight", "Inside", "Access", "Help")
                .forEach(group -> groups.put(group, new ArrayList<>()));
        help.commandSpec().subcommands().forEach((name, line) -> {
            if (name.equals(line.getCommandName())) {
                groups.getOrDefault(help.commandSpec().parent() == null ? group(name) : "Help", List.of())
                        .add(entry(help, name, line));
            }
        });
        StringBuilder text = new StringBuilder();
        groups.forEach((name, entries) -> {
            if (!entries.isEmpty()) {
                String heading = help.commandSpec().parent() == null ? name : "Commands";
                text.append(String.format("%n%s:%n", heading));
                entries.forEach(text::append);
            }
        });
        return text.toString();
    }

    private static String entry(Help help, String name, CommandLine line) {
        String[] header = line.getCommandSpec().usageMessage().header();
        String padded = name + " ".repeat(Math.max(1, 14 - name.length()));
        return String.format("  %s%s%n", help.colorScheme().commandText(padded), header.length == 0 ? "" : header[0]);
    }

    private static String group(String name) {
        if (APPS.contains(name)) {
            return "Apps";
        }
        if (INSIGHT.contains(name)) {
            return "Insight";
        }
        if (INSIDE.contains(name)) {
            return "Inside";
        }
        if (ACCESS.contains(name)) {
            return "Access";
        }
        return HELP.contains(name) ? "Help" : "Platform";
    }
}
