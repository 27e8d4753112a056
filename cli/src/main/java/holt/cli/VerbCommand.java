package holt.cli;

import holt.model.Api;
import java.io.IOException;
import picocli.CommandLine;
import picocli.CommandLine.Command;
import picocli.CommandLine.Parameters;

/** {@code holt start NAME}, {@code holt stop NAME}, {@code holt restart NAME}: what is asked of an app as a whole. */
@Command(footerHeading = "%nExample:%n")
final class VerbCommand extends ChangeCommand {

    /** What can be asked: by its name, on the command line and of the API. */
    enum Verb {
        START("start", "Start an app that was stopped.") {
            @Override
            String told(Api.AppView after) {
                return after.instances() == 0
                        ? after.name() + " is started, but is to have no instances: 'holt scale " + after.name()
                                + " 1'."
                        : after.name() + " is starting with " + Text.count(after.instances(), "instance") + "; "
                                + after.running() + " running now.";
            }
        },
        STOP("stop", "Stop all instances of an app; its routes stay.") {
            @Override
            String told(Api.AppView after) {
                return after.name() + " is stopped. 'holt start " + after.name() + "' brings it back.";
            }
        },
        RESTART("restart", "Replace all instances of an app, one by one.") {
            @Override
            String told(Api.AppView after) {
                return after.name() + " is restarting as release " + after.version()
                        + ", instance by instance. 'holt events " + after.name() + " -f' shows it.";
            }
        };

        final String word;
        private final String header;

        Verb(String word, String header) {
            this.word = word;
            this.header = header;
        }

        /** What was done, for people. */
        abstract String told(Api.AppView after);
    }

    private final Verb verb;

    @Parameters(index = "0", paramLabel = "NAME", description = "Name of the app.")
    String name = "";

    VerbCommand(HoltCommand holt, Verb verb) {
        super(holt);
        this.verb = verb;
    }

    @Override
    CommandLine register(String word, CommandLine parent) {
        CommandLine line = super.register(word, parent);
        line.getCommandSpec().usageMessage().header(verb.header).footer("  holt " + verb.word + " shop");
        return line;
    }

    @Override
    String app() {
        return name;
    }

    @Override
    void change(ApiClient api) throws IOException {
        api.call("POST", ApiPath.app(name) + "/" + verb.word, null);
    }

    @Override
    String told(Api.AppView after) {
        return verb.told(after);
    }
}
