package holt.cli;

import holt.model.Api;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import picocli.CommandLine;
import picocli.CommandLine.Command;
import picocli.CommandLine.Parameters;

/** {@code holt scale NAME N}: another number of instances. */
@Command(
        header = "Change the number of instances.",
        customSynopsis = "Usage: holt scale [OPTIONS] NAME (N | +N | -N)",
        footerHeading = "%nExamples:%n",
        footer = {
            "  holt scale shop 3       three instances",
            "  holt scale shop +2      two more",
            "  holt scale shop -1      one less"
        })
final class ScaleCommand extends ChangeCommand {
    @Parameters(
            arity = "0..*",
            paramLabel = "NAME N",
            description = "Name of the app, and the number: N instances, N more, or N less.")
    List<String> words = new ArrayList<>();

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
        return words.getFirst();
    }

    @Override
    void change(ApiClient api) throws IOException {
        check();
        api.call("POST", ApiPath.app(app()) + "/scale", new Api.Scale(words.get(1)));
    }

    @Override
    String told(Api.AppView after) {
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
        if (words.size() != 2) {
            throw usage(words.size() < 2 ? "Missing: NAME and N." : "Too many words: NAME and N are expected.");
        }
        if (!words.get(1).matches("[+-]?\\d{1,6}")) {
            throw usage("'" + Text.printable(words.get(1), 40)
                    + "' is no number of instances. Expected: a number such as 3, or a change such as +1 or -1.");
        }
    }
}
