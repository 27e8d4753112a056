package holt.cli;

import holt.model.BusApi;
import holt.model.ErrorCode;
import holt.model.Problem;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.Base64;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/**
 * A message's payload between people and the API.
 *
 * @param text null where it is no text
 * @param base64 null where it is text, or was left out
 */
record BusPayload(@Nullable String text, @Nullable String base64, int size) {
    private static final String INPUT = "-";

    /** What was typed; {@code -} stands for all of standard input, nothing for an empty payload. */
    static BusPayload typed(@Nullable String word, CliContext context) throws IOException {
        if (word == null) {
            return new BusPayload("", null, 0);
        }
        if (!word.equals(INPUT)) {
            return of(word.getBytes(StandardCharsets.UTF_8), "The message");
        }
        return of(context.in().readNBytes(BusApi.MAX_PAYLOAD_BYTES + 1), "What comes from standard input");
    }

    private static BusPayload of(byte[] bytes, String what) {
        if (bytes.length > BusApi.MAX_PAYLOAD_BYTES) {
            throw Problem.of(ErrorCode.PAYLOAD_TOO_LARGE, what + " is too large for the bus.")
                    .expected("at most " + BusApi.MAX_PAYLOAD_BYTES + " bytes", "more")
                    .remedy("Send it in pieces, or send the name of where it is.")
                    .exception();
        }
        String text = BusApi.text(bytes).orElse(null);
        return new BusPayload(text, text == null ? BusApi.base64(bytes) : null, bytes.length);
    }

    /** As lines for a screen, where control characters would be in the way. */
    String shown() {
        if (text == null) {
            return base64 == null ? "" : "(" + Text.count(size, "byte") + ", no text; --json has them as base64)";
        }
        return text.lines().map(Text::printable).collect(Collectors.joining("\n"));
    }

    /** As it was sent, and a line end behind it where it is text without one. */
    void writeRaw(Output output, boolean separate) {
        byte[] bytes = text == null
                ? Base64.getDecoder().decode(base64 == null ? "" : base64)
                : text.getBytes(StandardCharsets.UTF_8);
        output.raw(bytes, separate);
    }
}
