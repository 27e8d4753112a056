package holt.cli;

import holt.model.Api;
import holt.model.MemorySize;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/** {@code holt scale NAME N}: another number of instances, or other limits for each. */
@Command(
        header = "Change the number of instances, or what each may use.",
        description = "Other limits are a new release: instances are replaced one by one.",
        customSynopsis = "Usage: holt scale [OPTIONS] NAME [N | +N | -N]",
        footerHeading = "%nExamples:%n",
        footer = {
            "  holt scale shop 3       three instances",
            "  holt scale shop +2      two more",
            "  holt scale shop -1      one less",
            "  holt scale shop --memory 512M --cpu 1.5 --disk 2G",
            "  holt scale shop --bandwidth none"
        })
final class ScaleCommand extends ChangeCommand {
    @Parameters(
            arity = "0..*",
            paramLabel = "NAME N",
            description = "Name of the app, and the number: N instances, N more, or N less.")
    List<String> words = new ArrayList<>();

    @Option(
            names = {"-m", "--memory"},
            paramLabel = "SIZE",
            description = "Memory limit of each instance: 256M, 1G.")
    @Nullable
    String memory;

    @Mixin
    LimitOptions limits = new LimitOptions();

    ScaleCommand(HoltCommand holt) {
        super(holt);
    }

    /** {@code -1} looks like an option: what is no known option is taken as a word here, and looked at in app(). */
    @Override
    CommandLine register(String name, CommandLine parent) {
        return super.register(name, parent).setUnmatchedOptionsArePositionalParams(true);
    }

    @Override
    String app() {
        if (words.isEmpty()) {
            throw usage("Missing: NAME and N.");
        }
        return words.getFirst();
    }

    @Override
    void change(ApiClient api) throws IOException {
        check();
        Api.LimitsBody others = limits.body();
        if (memory != null) {
            MemorySize.parse(memory);
        }
        if (words.size() > 1) {
            api.call("POST", ApiPath.app(app()) + "/scale", new Api.Scale(words.get(1)));
        }
        if (memory != null || others != null) {
            api.call("PATCH", ApiPath.app(app()), new Api.PatchApp(null, memory, null, others));
        }
    }

    @Override
    String told(Api.AppView after) {
        if (words.size() < 2) {
            return after.name() + " gets its limits with release " + after.version()
                    + "; its instances are replaced one by one.";
        }
        if (after.state().equals("stopped")) {
            return after.name() + " will have " + Text.count(after.instances(), "instance")
                    + " when it is started: 'holt start " + after.name() + "'.";
        }
        return after.name() + " is to have " + Text.count(after.instances(), "instance") + "; " + after.running()
                + " running now.";
    }

    private void check() {
        for (String word : words) {
            if (word.startsWith("-") && !word.matches("-\\d+")) {
                throw new CommandLine.UnmatchedArgumentException(spec.commandLine(), List.of(word));
            }
        }
        boolean limited = memory != null || limits.body() != null;
        if (words.size() > 2) {
            throw usage("Too many words: NAME and N are expected.");
        }
        if (words.isEmpty() || words.size() < 2 && !limited) {
            throw usage(words.isEmpty() ? "Missing: NAME and N." : "Missing: NAME and N.");
        }
        if (words.size() == 2 && !words.get(1).matches("[+-]?\\d{1,6}")) {
            throw usage("'" + Text.printable(words.get(1), 40)
                    + "' is no number of instances. Expected: a number such as 3, or a change such as +1 or -1.");
        }
    }
}
