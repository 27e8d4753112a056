package holt.cli;

import holt.model.BusApi;
import java.io.IOException;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/** {@code holt bus request}. */
@Command(
        header = "Send a request and show the first answer.",
        description = "Exit code 1 where nobody listens to the subject, and where nobody answers in time.",
        footerHeading = "%nExamples:%n",
        footer = {"  holt bus request time.now", "  holt bus request math.add '[1, 2]' --timeout 500ms"})
final class BusRequestCommand extends Subcommand {
    @Parameters(index = "0", paramLabel = "SUBJECT", description = "Where to ask, such as time.now.")
    String subject = "";

    @Parameters(
            index = "1",
            arity = "0..1",
            paramLabel = "TEXT",
            description = "What to ask; - for standard input, nothing for an empty request.")
    @Nullable
    String text;

    @Option(
            names = {"-t", "--timeout"},
            paramLabel = "TIME",
            description = "How long to wait, such as 500ms or 10s, 30s at most; 2s where this is not given.")
    String timeout = "2s";

    @Option(
            names = "--force",
            description = "Also on the platform's own subjects; its parts act on what is said there.")
    boolean force;

    BusRequestCommand(HoltCommand holt) {
        super(holt);
    }

    @Override
    int run(ApiClient api, Output output) throws IOException {
        int millis = Spans.millis(this, "--timeout", timeout, 1, BusApi.MAX_TIMEOUT_MILLIS);
        BusPayload payload = BusPayload.typed(text, holt.context());
        BusApi.BusRequest body =
                new BusApi.BusRequest(subject, payload.text(), payload.base64(), millis, force ? true : null);
        byte[] answer = api.call("POST", "/bus/requests", body);
        if (output.isJson()) {
            output.json(answer);
            return ExitCode.OK;
        }
        BusApi.BusReply reply = LeanJson.read(answer, BusApi.BusReply.class);
        BusPayload shown = new BusPayload(reply.text(), reply.base64(), reply.size());
        if (output.isLive()) {
            output.say(shown.shown());
        } else {
            shown.writeRaw(output, reply.text() != null);
        }
        return ExitCode.OK;
    }
}
