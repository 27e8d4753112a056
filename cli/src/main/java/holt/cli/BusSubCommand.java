package holt.cli;

import holt.model.BusApi;
import java.io.IOException;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/** {@code holt bus sub}. */
@Command(
        header = "Listen to a subject and show what is said there.",
        description = {
            "Shows messages until Ctrl-C. With --json each line of output is one message: its payload is 'text', or "
                    + "'base64' where it is none.",
            "Whoever listens counts as somebody who could answer: while you do, a request on the subject that nobody "
                    + "answers waits for its time instead of failing at once."
        },
        footerHeading = "%nExamples:%n",
        footer = {
            "  holt bus sub 'orders.>'",
            "  holt bus sub orders.new --count 1 --raw > order",
            "  holt bus sub orders.new --queue kitchen   share them with others of that queue"
        })
final class BusSubCommand extends Subcommand {
    @Parameters(
            index = "0",
            paramLabel = "SUBJECT",
            description = "What to listen to; * stands for one token, a last > for the rest.")
    String subject = "";

    @Option(
            names = {"-q", "--queue"},
            paramLabel = "QUEUE",
            description = "Share the messages with the others of this queue.")
    @Nullable
    String queue;

    @Option(
            names = {"-n", "--count"},
            paramLabel = "COUNT",
            description = "End after so many messages.")
    @Nullable
    Integer count;

    @Option(names = "--raw", description = "Only the payloads, as they were sent; a line end behind each.")
    boolean raw;

    @Option(
            names = "--force",
            description = "Also with a queue that could take messages away from the platform's own parts.")
    boolean force;

    BusSubCommand(HoltCommand holt) {
        super(holt);
    }

    @Override
    int run(ApiClient api, Output output) throws IOException {
        if (count != null && count < 1) {
            throw usage("The number of messages cannot be " + count + ". Expected: 1 or more.");
        }
        if (raw && output.isJson()) {
            throw usage("Either --raw or --json: both cannot be shown.");
        }
        String path = ApiPath.query("/bus/messages", "subject", subject, "queue", queue, "force", force ? true : null);
        new Following(api, output).follow(new Listener(path, output));
        return ExitCode.OK;
    }

    /** Shows messages until there were enough. What is said while the connection is lost is not heard. */
    private final class Listener implements Following.Reader {
        private final String path;
        private final Output output;
        private long heard;

        Listener(String path, Output output) {
            this.path = path;
            this.output = output;
        }

        @Override
        public String path() {
            return path;
        }

        @Override
        public boolean take(SseStream.Message event) {
            switch (event.event()) {
                case "listening" -> {
                    String shared = queue == null ? "" : " in the queue " + Text.printable(queue);
                    holt.context().err().println("Listening to " + Text.printable(subject) + shared + ".");
                }
                case "lost" ->
                    output.warn(Text.count(
                                    LeanJson.read(event.data(), BusApi.BusLost.class)
                                            .messages(),
                                    "message") + " came faster than they could be shown, and were lost to you.");
                case "message" -> {
                    show(LeanJson.read(event.data(), BusApi.BusMessage.class));
                    heard++;
                }
                default -> {
                    // What a newer platform may tell besides is not for us.
                }
            }
            return count == null || heard < count;
        }

        private void show(BusApi.BusMessage message) {
            BusPayload payload = new BusPayload(message.text(), message.base64(), message.size());
            if (output.isJson()) {
                output.json(message);
            } else if (raw) {
                payload.writeRaw(output, true);
            } else {
                output.say(line(message, payload));
            }
        }

        private String line(BusApi.BusMessage message, BusPayload payload) {
            CliContext context = holt.context();
            String stamp = Times.stamp(
                    context.clock().instant(),
                    context.clock().instant(),
                    context.zone().get());
            String reply = message.reply() == null ? "" : " (reply to " + Text.printable(message.reply()) + ")";
            String text = payload.shown();
            String separator = text.isEmpty() ? "" : text.contains("\n") ? "\n" : "  ";
            return output.style(Style.DIM, stamp) + " "
                    + output.style(Style.CYAN, Text.printable(message.subject()))
                    + output.style(Style.DIM, reply)
                    + separator
                    + (text.contains("\n") ? text.indent(4).stripTrailing() : text);
        }
    }
}
