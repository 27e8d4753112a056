package holt.cli;

import holt.model.BusApi;
import java.io.IOException;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/** {@code holt bus pub}. */
@Command(
        header = "Send a message to all that listen to a subject.",
        description = "Nobody learns whether somebody listens; 'holt bus request' waits for an answer.",
        footerHeading = "%nExamples:%n",
        footer = {
            "  holt bus pub orders.new 'two teas'",
            "  date | holt bus pub clock.now -",
            "  holt bus pub load.test hello --count 100"
        })
final class BusPubCommand extends Subcommand {
    private static final int MOST = 1_000_000;

    @Parameters(index = "0", paramLabel = "SUBJECT", description = "Where to send it, such as orders.new.")
    String subject = "";

    @Parameters(
            index = "1",
            arity = "0..1",
            paramLabel = "TEXT",
            description = "What to send; - for standard input, nothing for an empty message.")
    @Nullable
    String text;

    @Option(names = "--reply", paramLabel = "SUBJECT", description = "Where answers shall go.")
    @Nullable
    String reply;

    @Option(
            names = {"-n", "--count"},
            paramLabel = "COUNT",
            description = "Send it so many times, one after the other.")
    Integer count = 1;

    @Option(
            names = "--force",
            description = "Also on the platform's own subjects; its parts act on what is said there.")
    boolean force;

    BusPubCommand(HoltCommand holt) {
        super(holt);
    }

    @Override
    int run(ApiClient api, Output output) throws IOException {
        if (count < 1 || count > MOST) {
            throw usage("The number of messages cannot be " + count + ". Expected: 1 to " + MOST + ".");
        }
        BusPayload payload = BusPayload.typed(text, holt.context());
        BusApi.BusPublish body =
                new BusApi.BusPublish(subject, payload.text(), payload.base64(), reply, force ? true : null);
        for (int sent = 0; sent < count; sent++) {
            api.call("POST", "/bus/messages", body);
        }
        if (output.isJson()) {
            output.json(Map.of("subject", subject, "size", payload.size(), "count", count));
        } else {
            String times = count == 1 ? "" : count + " times ";
            output.say("Sent " + times + Text.count(payload.size(), "byte") + " to " + Text.printable(subject) + ".");
        }
        return ExitCode.OK;
    }
}
