package holt.model;

import java.nio.ByteBuffer;
import java.nio.charset.CharacterCodingException;
import java.nio.charset.CodingErrorAction;
import java.nio.charset.StandardCharsets;
import java.util.Base64;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * Bodies of {@code /api/v1/bus}. A payload is {@code text}, or {@code base64} where it is not text; neither is an empty
 * one.
 */
public final class BusApi {
    /** Bytes of a subject, a reply subject or a queue's name. */
    public static final int MAX_SUBJECT_BYTES = 1024;

    /** Bytes of a message, as on any NATS server that nobody has set up otherwise. */
    public static final int MAX_PAYLOAD_BYTES = 1 << 20;

    /** The longest wait for an answer. */
    public static final int MAX_TIMEOUT_MILLIS = 30_000;

    /** The wait for an answer where none is named. */
    public static final int USUAL_TIMEOUT_MILLIS = 2_000;

    private static final int CONTROLS_IN_TEXT = 16;
    private static final int CONTROLS_SHARE = 8;

    private BusApi() {}

    /**
     * {@code POST /bus/messages}.
     *
     * @param reply where answers go
     * @param force also where the subject is the platform's own
     */
    public record BusPublish(
            String subject,
            @Nullable String text,
            @Nullable String base64,
            @Nullable String reply,
            @Nullable Boolean force) {}

    /**
     * {@code POST /bus/requests}.
     *
     * @param timeoutMillis at most {@link #MAX_TIMEOUT_MILLIS}
     * @param force also where the subject is the platform's own
     */
    public record BusRequest(
            String subject,
            @Nullable String text,
            @Nullable String base64,
            @Nullable Integer timeoutMillis,
            @Nullable Boolean force) {}

    /** The first answer to a request; {@code size} in bytes. */
    public record BusReply(@Nullable String text, @Nullable String base64, int size) {}

    /**
     * A message that was heard: event {@code message} of {@code GET /bus/messages}.
     *
     * @param reply where an answer is expected; null where none is
     * @param size bytes of the payload, which is left out where it was not wanted
     */
    public record BusMessage(
            String subject,
            @Nullable String reply,
            @Nullable String text,
            @Nullable String base64,
            int size) {}

    /** Event {@code listening}, the first: what is said from now on is heard. */
    public record BusListening(String subject, @Nullable String queue) {}

    /** Event {@code lost}: so many messages came faster than they could be sent on. */
    public record BusLost(long messages) {}

    /** A payload as text; nothing where it is not UTF-8, or has more control characters than a text has. */
    public static Optional<String> text(byte[] payload) {
        try {
            String text = StandardCharsets.UTF_8
                    .newDecoder()
                    .onMalformedInput(CodingErrorAction.REPORT)
                    .onUnmappableCharacter(CodingErrorAction.REPORT)
                    .decode(ByteBuffer.wrap(payload))
                    .toString();
            long controls = text.chars()
                    .filter(c -> c < ' ' && c != '\n' && c != '\r' && c != '\t')
                    .count();
            boolean readable = controls <= CONTROLS_IN_TEXT + text.length() / CONTROLS_SHARE && text.indexOf(0) < 0;
            return readable ? Optional.of(text) : Optional.empty();
        } catch (CharacterCodingException binary) {
            return Optional.empty();
        }
    }

    /** A payload as base64. */
    public static String base64(byte[] payload) {
        return Base64.getEncoder().encodeToString(payload);
    }

    /**
     * The payload that a body describes.
     *
     * @throws IllegalArgumentException for both kinds at once, or for what is not base64
     */
    public static byte[] payload(@Nullable String text, @Nullable String base64) {
        if (text != null && base64 != null) {
            throw new IllegalArgumentException("Expected text or base64, found both");
        }
        if (base64 != null) {
            return Base64.getDecoder().decode(base64);
        }
        return text == null ? new byte[0] : text.getBytes(StandardCharsets.UTF_8);
    }
}
