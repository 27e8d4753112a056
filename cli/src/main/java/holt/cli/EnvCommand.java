package holt.cli;

import holt.model.Api;
import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/** {@code holt env NAME}: shows and changes an app's environment variables. */
@Command(
        header = "Show or change an app's environment variables.",
        description = {
            "Without changes it shows them. A change is a new release: instances are replaced one by one.",
            "Arguments can be read by other users of this machine: give secrets with --from."
        },
        footerHeading = "%nExamples:%n",
        footer = {
            "  holt env shop                          show all",
            "  holt env shop --names                  without their values",
            "  holt env shop STAGE=test --unset DEBUG",
            "  holt env shop --from secrets.env       lines KEY=VALUE; - for standard input"
        })
final class EnvCommand extends Subcommand {
    @Parameters(index = "0", paramLabel = "NAME", description = "Name of the app.")
    String name = "";

    @Parameters(index = "1..*", paramLabel = "KEY=VALUE", description = "Variables to set.")
    List<String> assignments = new ArrayList<>();

    @Option(
            names = {"-u", "--unset"},
            paramLabel = "KEY",
            description = "Remove a variable. Can be repeated.")
    List<String> unset = new ArrayList<>();

    @Option(names = "--from", paramLabel = "FILE", description = "Set the variables of a file of lines KEY=VALUE.")
    @Nullable
    String from;

    @Option(names = "--names", description = "Show names only.")
    boolean names;

    EnvCommand(HoltCommand holt) {
        super(holt);
    }

    @Override
    int run(ApiClient api, Output output) throws IOException {
        String path = ApiPath.app(name) + "/environment";
        Map<String, String> set = new TreeMap<>();
        if (from != null) {
            set.putAll(Assignments.parse(lines(from)));
        }
        set.putAll(assigned());
        if (!set.isEmpty() || !unset.isEmpty()) {
            api.call("PATCH", path, new Api.PatchEnvironment(set, unset));
            tell(set.size(), output);
        }
        show(api.get(path), set.isEmpty() && unset.isEmpty(), output);
        return ExitCode.OK;
    }

    private Map<String, String> assigned() {
        try {
            return Assignments.parse(assignments);
        } catch (IllegalArgumentException mistake) {
            throw usage(String.valueOf(mistake.getMessage()));
        }
    }

    private void tell(int set, Output output) {
        List<String> done = new ArrayList<>();
        if (set > 0) {
            done.add(Text.count(set, "variable") + " set");
        }
        if (!unset.isEmpty()) {
            done.add(unset.size() + " removed");
        }
        output.say(name + ": " + String.join(", ", done) + ". 'holt events " + name
                + " -f' shows the instances being replaced.");
    }

    private void show(byte[] answer, boolean wanted, Output output) {
        if (output.isJson() && !names) {
            output.json(answer);
            return;
        }
        Map<String, String> variables =
                new TreeMap<>(LeanJson.read(answer, Api.Environment.class).variables());
        if (output.isJson()) {
            output.json(List.copyOf(variables.keySet()));
        } else if (wanted && variables.isEmpty()) {
            output.say(name + " has no variables of its own.");
        } else if (wanted) {
            variables.forEach((key, value) ->
                    output.say(names ? key : output.style(Style.CYAN, key) + "=" + Text.printable(value)));
        }
    }

    private List<String> lines(String file) throws IOException {
        byte[] content;
        if (file.equals("-")) {
            InputStream in = holt.context().in();
            content = in.readAllBytes();
        } else {
            content = Files.readAllBytes(holt.context().folder().resolve(file));
        }
        return new String(content, StandardCharsets.UTF_8)
                .lines()
                .filter(line -> !line.isBlank() && !line.strip().startsWith("#"))
                .toList();
    }
}
