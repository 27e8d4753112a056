package holt.router;

import static org.assertj.core.api.Assertions.assertThat;

import io.netty.buffer.ByteBuf;
import io.netty.buffer.Unpooled;
import java.nio.charset.StandardCharsets;
import java.util.Random;
import net.jqwik.api.Arbitraries;
import net.jqwik.api.Arbitrary;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.Provide;

/** The parsers face strangers: whatever comes, they accept or refuse it, and packets do not change which. */
class HeadPropertiesTest {
    private static final RouterSettings.Limits LIMITS =
            RouterSettings.standard("test").limits();

    @Property(tries = 1000)
    void requestsAreJudgedTheSameHoweverTheyAreCut(@ForAll("nearlyRequests") String text, @ForAll Random random) {
        String whole = judge(new RequestHead(LIMITS), text, text.length());
        String cut = judge(new RequestHead(LIMITS), text, 1 + random.nextInt(20));
        assertThat(cut).isEqualTo(whole);
    }

    @Property(tries = 1000)
    void responsesAreJudgedTheSameHoweverTheyAreCut(@ForAll("nearlyResponses") String text, @ForAll Random random) {
        String whole = judge(new ResponseHead(LIMITS), text, text.length());
        String cut = judge(new ResponseHead(LIMITS), text, 1 + random.nextInt(20));
        assertThat(cut).isEqualTo(whole);
    }

    @Property(tries = 1000)
    void chunksAreJudgedTheSameHoweverTheyAreCut(@ForAll("nearlyChunks") String text, @ForAll Random random) {
        assertThat(judgeChunks(text, 1 + random.nextInt(5))).isEqualTo(judgeChunks(text, text.length()));
    }

    @Provide
    Arbitrary<String> nearlyRequests() {
        return mutated("POST http://a.b:1/x?y HTTP/1.1\r\nHost: shop.localhost:80\r\nConnection: close, x\r\nX: y\r\n"
                + "Transfer-Encoding: chunked\r\nContent-Length: 12\r\nAccept: */*\r\n\r\nrest");
    }

    @Provide
    Arbitrary<String> nearlyResponses() {
        return mutated("HTTP/1.1 200 OK\r\nContent-Length: 5\r\nConnection: keep-alive\nX: y\r\n\r\nhello");
    }

    @Provide
    Arbitrary<String> nearlyChunks() {
        return mutated("5;a=b\r\nhello\r\n00A\r\n0123456789\r\n0\r\nX-Sum: 1\r\n\r\nGET /");
    }

    /** The text with some bytes replaced, doubled or left out. */
    private static Arbitrary<String> mutated(String text) {
        Arbitrary<String> pieces =
                Arbitraries.of("\r", "\n", "\r\n", " ", "\t", ":", "\0", "a", "0", "é", ",", "\r\n ", "", "\r\n\r\n");
        return pieces.list()
                .ofMaxSize(4)
                .flatMap(list -> Arbitraries.integers()
                        .between(0, text.length() - 1)
                        .list()
                        .ofSize(list.size())
                        .map(places -> {
                            StringBuilder result = new StringBuilder(text);
                            for (int i = 0; i < list.size(); i++) {
                                int at = Math.min(places.get(i), result.length() - 1);
                                result.replace(at, at + places.get(i) % 2, list.get(i));
                            }
                            return result.toString();
                        }));
    }

    private static String judge(MessageHead head, String text, int step) {
        byte[] bytes = text.getBytes(StandardCharsets.ISO_8859_1);
        try {
            for (int at = 0; at < bytes.length; at += step) {
                ByteBuf piece = Unpooled.wrappedBuffer(bytes, at, Math.min(step, bytes.length - at));
                if (head.read(piece)) {
                    if (head instanceof RequestHead request) {
                        request.check();
                        return "request " + request.method() + " " + request.path() + " " + request.host() + " "
                                + request.fields() + " " + request.length();
                    }
                    return "response " + head.fields() + " " + head.contentLength + " " + head.length();
                }
                assertThat(piece.isReadable()).isFalse();
            }
            return "more";
        } catch (BadMessage bad) {
            return "bad";
        }
    }

    private static String judgeChunks(String text, int step) {
        byte[] bytes = text.getBytes(StandardCharsets.ISO_8859_1);
        BodyFraming framing = new BodyFraming(LIMITS);
        framing.chunked();
        ByteBuf data = Unpooled.buffer();
        try {
            int taken = 0;
            for (int at = 0; at < bytes.length && !framing.isDone(); at += step) {
                taken += framing.scan(Unpooled.wrappedBuffer(bytes, at, Math.min(step, bytes.length - at)), data);
            }
            return framing.isDone() + " " + taken + " " + data.toString(StandardCharsets.ISO_8859_1);
        } catch (BadMessage bad) {
            return "bad";
        }
    }
}
