package holt.router;

import static holt.router.RouterFixture.HOST;
import static org.assertj.core.api.Assertions.assertThat;

import java.io.ByteArrayOutputStream;
import java.nio.charset.StandardCharsets;
import java.util.Random;
import java.util.zip.CRC32;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.constraints.IntRange;
import net.jqwik.api.lifecycle.AfterContainer;
import net.jqwik.api.lifecycle.BeforeContainer;

/** However the bytes of requests and responses are cut into packets, both sides get the same messages. */
class SplitPropertiesTest {
    private static TestUpstream upstream;
    private static RouterFixture fixture;

    @BeforeContainer
    static void start() {
        upstream = TestUpstream.talking(connection -> {
            while (true) {
                var request = connection.request();
                Random random = new Random(Long.parseLong(request.path().substring(1)));
                byte[] response = response(random, crc(request.body()));
                sendInPieces(connection.out(), response, random);
            }
        });
        fixture = RouterFixture.with(upstream);
    }

    @AfterContainer
    static void stop() throws Exception {
        fixture.close();
        upstream.close();
    }

    @Property(tries = 150)
    void splitsDoNotMatter(@ForAll @IntRange(min = 1, max = 5) int requests, @ForAll Random random) throws Exception {
        try (var client = fixture.client()) {
            ByteArrayOutputStream sent = new ByteArrayOutputStream();
            String[] expected = new String[requests];
            for (int i = 0; i < requests; i++) {
                long seed = random.nextInt(1_000_000);
                byte[] body = bytes(random);
                sent.write(request(seed, body, random));
                Random answer = new Random(seed);
                expected[i] = "sum " + crc(body) + " " + crc(responseBody(answer));
            }
            Thread sender = Thread.ofVirtual().start(() -> {
                try {
                    sendInPieces(client.out, sent.toByteArray(), random);
                } catch (java.io.IOException fault) {
                    throw new java.io.UncheckedIOException(fault);
                }
            });
            for (String each : expected) {
                var response = client.read();
                assertThat("sum " + response.field("x-request-sum") + " " + crc(response.body()))
                        .isEqualTo(each);
            }
            sender.join();
        }
    }

    private static byte[] request(long seed, byte[] body, Random random) throws java.io.IOException {
        String head = "POST /" + seed + " HTTP/1.1\r\nHost: " + HOST + "\r\nX-Pad: " + "p".repeat(random.nextInt(2000))
                + "\r\n";
        return framed(head, body, random);
    }

    private static byte[] response(Random random, long requestSum) throws java.io.IOException {
        byte[] body = responseBody(random);
        return framed("HTTP/1.1 200 OK\r\nX-Request-Sum: " + requestSum + "\r\n", body, random);
    }

    private static byte[] responseBody(Random random) {
        return bytes(random);
    }

    private static byte[] bytes(Random random) {
        byte[] bytes = new byte[random.nextInt(4) == 0 ? random.nextInt(200_000) : random.nextInt(3000)];
        random.nextBytes(bytes);
        return bytes;
    }

    private static byte[] framed(String head, byte[] body, Random random) throws java.io.IOException {
        ByteArrayOutputStream out = new ByteArrayOutputStream();
        if (random.nextBoolean()) {
            out.write(ascii(head + "Content-Length: " + body.length + "\r\n\r\n"));
            out.write(body);
            return out.toByteArray();
        }
        out.write(ascii(head + "Transfer-Encoding: chunked\r\n\r\n"));
        for (int at = 0; at < body.length; ) {
            int count = Math.min(1 + random.nextInt(10_000), body.length - at);
            out.write(ascii(Integer.toHexString(count) + (random.nextBoolean() ? ";x=y" : "") + "\r\n"));
            out.write(body, at, count);
            out.write(ascii("\r\n"));
            at += count;
        }
        out.write(ascii("0\r\n" + (random.nextBoolean() ? "X-Trailer: t\r\n" : "") + "\r\n"));
        return out.toByteArray();
    }

    private static void sendInPieces(java.io.OutputStream out, byte[] bytes, Random random) throws java.io.IOException {
        int most = switch (random.nextInt(3)) {
            case 0 -> 40;
            case 1 -> 1000;
            default -> 100_000;
        };
        int pieces = 0;
        for (int at = 0; at < bytes.length; ) {
            int count = Math.min(1 + random.nextInt(pieces++ < 300 ? most : 100_000), bytes.length - at);
            out.write(bytes, at, count);
            out.flush();
            at += count;
        }
    }

    private static byte[] ascii(String text) {
        return text.getBytes(StandardCharsets.US_ASCII);
    }

    private static long crc(byte[] bytes) {
        CRC32 crc = new CRC32();
        crc.update(bytes);
        return crc.getValue();
    }
}
