package holt.bus.server;

import static org.assertj.core.api.Assertions.assertThat;

import com.code_intelligence.jazzer.junit.FuzzTest;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Random;
import java.util.stream.Stream;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;

/**
 * Any bytes, cut anywhere: never anything but a {@link ProtocolFault}, never more kept than the bounds, and the same
 * operations however the bytes are cut. The corpus runs in each build; {@code JAZZER_FUZZ=1 mvn test
 * -Dtest=ParserFuzzTest#anyBytesCutAnywhereAreTheSameOperations} looks for more.
 */
class ParserFuzzTest {
    private static final Path CORPUS =
            Path.of("src/test/resources/holt/bus/server/ParserFuzzTestInputs/anyBytesCutAnywhereAreTheSameOperations");
    private static final int LONGEST_LINE = 64;
    private static final int LARGEST_PAYLOAD = 20_000;
    private static final int VERB = 8;

    /** How a client stands that sends the bytes. */
    private enum Manner {
        OPEN,
        HAS_TO_CONNECT,
        /** The answer to CONNECT takes its time. */
        PAUSES
    }

    /** Writes down what it is asked for. */
    private static final class Recorder implements Operations {
        private final List<String> seen = new ArrayList<>();
        private final Manner manner;
        private boolean connected;
        private boolean paused;
        private boolean over;

        private Recorder(Manner manner) {
            this.manner = manner;
        }

        @Override
        public boolean awaitsConnect() {
            return manner != Manner.OPEN && !connected;
        }

        @Override
        public boolean isOver() {
            return over;
        }

        @Override
        public boolean isPaused() {
            return paused;
        }

        @Override
        public void connect(byte[] line, int from, int to) {
            connected = true;
            paused = manner == Manner.PAUSES;
            seen.add("CONNECT " + text(line, from, to));
        }

        @Override
        public void ping() {
            seen.add("PING");
        }

        @Override
        public void pong() {
            seen.add("PONG");
        }

        @Override
        public void error() {
            over = true;
            seen.add("ERR");
        }

        @Override
        public void subscribe(byte[] line, Arguments arguments) throws ProtocolFault {
            note("SUB", line, arguments);
        }

        @Override
        public void unsubscribe(byte[] line, Arguments arguments) throws ProtocolFault {
            note("UNSUB", line, arguments);
        }

        private void note(String verb, byte[] line, Arguments arguments) throws ProtocolFault {
            StringBuilder all = new StringBuilder(verb);
            for (int i = 0; i < Math.min(5, arguments.count()); i++) {
                all.append(' ').append(text(line, arguments.from(i), arguments.to(i)));
            }
            seen.add(all.append(" #").append(arguments.count()).toString());
            if (arguments.count() == 0 || arguments.count() > 3) {
                throw ProtocolFault.badArguments();
            }
        }

        @Override
        public void announced(Publication message) throws ProtocolFault {
            seen.add("announced " + text(message.subject()) + " " + text(message.reply()) + " " + message.size);
            if (message.size > LARGEST_PAYLOAD) {
                throw new ProtocolFault("Maximum Message Payload Exceeded", "Maximum Payload Violation");
            }
        }

        @Override
        public boolean hasHeaders() {
            return connected;
        }

        @Override
        public void publish(Publication message) {
            byte[] body = Arrays.copyOfRange(message.body, message.bodyFrom, message.bodyFrom + message.size + 2);
            seen.add("published " + text(message.subject()) + " " + text(message.reply()) + " " + message.headerSize
                    + " " + text(message.line, message.sizeFrom, message.sizeTo) + " " + text(body));
        }

        @Override
        public ProtocolFault unauthorized() {
            return new ProtocolFault("Authentication Failure", "Authorization Violation");
        }

        private static String text(byte[] bytes) {
            return text(bytes, 0, bytes.length);
        }

        private static String text(byte[] bytes, int from, int to) {
            return new String(bytes, from, to - from, StandardCharsets.ISO_8859_1);
        }
    }

    @FuzzTest(maxDuration = "2m")
    void anyBytesCutAnywhereAreTheSameOperations(byte[] input) {
        check(input);
    }

    @Property(tries = 3000)
    void mutationsOfTheCorpusCutAnywhereAreTheSameOperations(@ForAll Random random) throws IOException {
        List<byte[]> corpus = corpus();
        byte[] input = corpus.get(random.nextInt(corpus.size()));
        for (int i = random.nextInt(6); i >= 0; i--) {
            input = mutated(input, corpus, random);
        }
        check(input);
    }

    private static List<byte[]> corpus() throws IOException {
        try (Stream<Path> files = Files.list(CORPUS)) {
            List<byte[]> all = new ArrayList<>();
            for (Path file : files.sorted().toList()) {
                all.add(Files.readAllBytes(file));
            }
            return all;
        }
    }

    private static byte[] mutated(byte[] input, List<byte[]> corpus, Random random) {
        int at = random.nextInt(input.length + 1);
        int to = Math.min(input.length, at + random.nextInt(8));
        byte[] middle = switch (random.nextInt(6)) {
            case 0 -> new byte[0];
            case 1 -> new byte[] {(byte) random.nextInt(256)};
            case 2 -> corpus.get(random.nextInt(corpus.size()));
            case 3 ->
                Setup.bytes(List.of("\r\n", "\n", " ", "\t", "0", "-1", "999999999", "9999999999", ".", ">", "*")
                        .get(random.nextInt(11)));
            case 4 -> Arrays.copyOfRange(input, to, Math.min(input.length, to + random.nextInt(64)));
            default -> Setup.bytes("x".repeat(random.nextInt(200)));
        };
        byte[] made = new byte[input.length - (to - at) + middle.length];
        System.arraycopy(input, 0, made, 0, at);
        System.arraycopy(middle, 0, made, at, middle.length);
        System.arraycopy(input, to, made, at + middle.length, input.length - to);
        return made;
    }

    private static void check(byte[] input) {
        for (Manner manner : Manner.values()) {
            List<String> whole = run(input, manner, input.length, new Random(0));
            assertThat(run(input, manner, 1, new Random(0))).as("byte by byte").isEqualTo(whole);
            Random cuts = new Random(Arrays.hashCode(input));
            assertThat(run(input, manner, 0, cuts)).as("cut at random").isEqualTo(whole);
            assertThat(run(input, manner, 0, cuts)).as("cut at random").isEqualTo(whole);
        }
    }

    /** What is seen of the bytes in pieces of a size, or of any where it is 0. */
    private static List<String> run(byte[] input, Manner manner, int size, Random random) {
        Recorder recorder = new Recorder(manner);
        Parser.Scratch scratch = new Parser.Scratch();
        Parser parser = new Parser(recorder, LONGEST_LINE, scratch);
        try {
            for (int at = 0; at < input.length && !recorder.over; ) {
                int length = size == 0 ? 1 + random.nextInt(40) : size;
                int to = Math.min(input.length, at + length);
                byte[] piece = Arrays.copyOfRange(input, at, to);
                at += parser.parse(piece, 0, piece.length);
                assertThat(recorder.paused || recorder.over || at == to)
                        .as("all is taken")
                        .isTrue();
                Arrays.fill(piece, (byte) '!'); // it belongs to the reader again
                recorder.paused = false;
                checkBounds(parser, scratch, at);
            }
        } catch (ProtocolFault fault) {
            recorder.seen.add("fault " + fault.getMessage() + ": " + fault.answer());
        }
        parser.forget();
        assertThat(scratch.kept()).isZero();
        return recorder.seen;
    }

    private static void checkBounds(Parser parser, Parser.Scratch scratch, int came) {
        assertThat(parser.keeps())
                .isLessThanOrEqualTo(
                        Math.max(LONGEST_LINE + VERB, Math.min(LARGEST_PAYLOAD + 2, Math.max(4096, 2 * came))));
        assertThat(scratch.kept()).isLessThanOrEqualTo(parser.keeps());
    }
}
