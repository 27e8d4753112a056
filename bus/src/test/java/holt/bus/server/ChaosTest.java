package holt.bus.server;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import java.io.IOException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.ThreadLocalRandom;
import java.util.concurrent.atomic.AtomicLong;
import java.util.concurrent.atomic.AtomicLongArray;
import java.util.concurrent.locks.LockSupport;
import java.util.function.Predicate;
import java.util.regex.Pattern;
import org.junit.jupiter.api.Test;

/**
 * Clients that come, go, are killed, cut in the middle of a message or never read, while others publish at full speed and
 * others read: those lose nothing, and nobody gets what is not theirs, twice or out of order.
 */
final class ChaosTest {
    private static final long NANOS = Duration.ofSeconds(6).toNanos();
    private static final int PUBLISHERS = 4;
    private static final int SUBJECTS = 4;
    private static final int TROUBLEMAKERS = 3;
    /** What one publisher may be ahead of the slowest reader: together less than may wait for one of them. */
    private static final long AHEAD = 3000;

    private final long seed = ThreadLocalRandom.current().nextLong();
    private final AtomicLongArray published = new AtomicLongArray(PUBLISHERS * SUBJECTS);
    private final ConcurrentLinkedQueue<String> faults = new ConcurrentLinkedQueue<>();
    private final List<Reader> steady = new ArrayList<>();
    private final AtomicLong slow = new AtomicLong();
    private BusServer server;
    private volatile boolean publishing = true;

    /** One subscription's view: what came last of each publisher and subject. */
    private final class Watch {
        private final String pattern;
        private final boolean whole;
        private final Predicate<String> matcher;
        private final long[] last = new long[PUBLISHERS * SUBJECTS];

        private Watch(String pattern, boolean whole) {
            this.pattern = pattern;
            this.whole = whole;
            this.matcher = Pattern.compile(
                            pattern.replace(".", "\\.").replace("*", "[^.]+").replace(">", ".+"))
                    .asMatchPredicate();
        }

        private synchronized void saw(RawClient.Delivery message) {
            String[] words = message.text().split(" ", 4);
            int stream = Integer.parseInt(words[0]) * SUBJECTS + Integer.parseInt(words[1]);
            long number = Long.parseLong(words[2]);
            String subject = "chaos." + words[0] + "." + words[1];
            if (!message.subject().equals(subject) || !matches(subject)) {
                faults.add(pattern + " got " + message.subject() + " with " + subject);
            }
            if (whole ? number != last[stream] + 1 : number <= last[stream]) {
                faults.add(pattern + " got " + number + " of " + subject + " after " + last[stream]);
            }
            last[stream] = number;
        }

        private boolean matches(String subject) {
            return matcher.test(subject);
        }
    }

    /** A subscriber that stays and reads; one of a queue counts with its fellows. */
    private final class Reader {
        private final RawClient client;
        private final Watch watch;
        private final AtomicLongArray count = new AtomicLongArray(PUBLISHERS * SUBJECTS);
        private final Map<String, Boolean> shared;
        private final Thread thread;

        private Reader(String pattern, String queue, Map<String, Boolean> shared) throws IOException {
            this.client = RawClient.to(server.port());
            this.watch = new Watch(pattern, queue.isEmpty());
            this.shared = shared;
            client.send("SUB " + pattern + " " + queue + " 7\r\n");
            client.flush();
            this.thread = Thread.ofPlatform().start(this::run);
        }

        private void run() {
            try {
                while (true) {
                    RawClient.Delivery message = client.next();
                    watch.saw(message);
                    String[] words = message.text().split(" ", 4);
                    if (shared != null && shared.put(words[0] + " " + words[1] + " " + words[2], true) != null) {
                        faults.add("twice in a queue: " + message.text());
                    }
                    count.incrementAndGet(Integer.parseInt(words[0]) * SUBJECTS + Integer.parseInt(words[1]));
                }
            } catch (IOException fault) {
                if (!client.socket.isClosed()) {
                    faults.add("a reader of " + watch.pattern + " stopped: " + fault);
                }
            }
        }

        private long got(int stream) {
            return count.get(stream);
        }
    }

    @Test
    void nobodyLosesGetsTwiceOrGetsWhatIsNotTheirsWhateverOthersDo() throws Exception {
        System.out.println("chaos seed " + seed);
        server = Setup.start(setup -> {
            setup.maxPending = 16 << 20;
            setup.writeDeadline = Duration.ofSeconds(5);
        });
        try {
            Map<String, Boolean> crew = new ConcurrentHashMap<>();
            steady.add(new Reader("chaos.>", "", null));
            steady.add(new Reader("chaos.*.1", "", null));
            steady.add(new Reader("chaos.2.3", "", null));
            for (int i = 0; i < 3; i++) {
                steady.add(new Reader("chaos.>", "crew", crew));
            }
            play();
            check(crew);
        } finally {
            for (Reader each : steady) {
                each.client.close();
            }
            server.closeNow();
        }
    }

    private void play() throws InterruptedException {
        List<Thread> publishers = new ArrayList<>();
        List<Thread> others = new ArrayList<>();
        for (int i = 0; i < PUBLISHERS; i++) {
            int number = i;
            publishers.add(Thread.ofPlatform().start(() -> publish(number)));
        }
        for (int i = 0; i < TROUBLEMAKERS; i++) {
            Random random = new Random(seed + i);
            others.add(Thread.ofPlatform().start(() -> trouble(random)));
        }
        for (Thread each : publishers) {
            each.join();
        }
        publishing = false;
        for (Thread each : others) {
            each.join();
        }
    }

    private void publish(int number) {
        Random random = new Random(seed * 31 + number);
        long end = System.nanoTime() + NANOS;
        String padding = "x".repeat(512);
        try (RawClient client = RawClient.to(server.port())) {
            while (System.nanoTime() < end) {
                StringBuilder batch = new StringBuilder();
                for (int i = 0; i < 200; i++) {
                    int subject = random.nextInt(SUBJECTS);
                    long count = published.incrementAndGet(number * SUBJECTS + subject);
                    String payload =
                            number + " " + subject + " " + count + " " + padding.substring(random.nextInt(512));
                    batch.append("PUB chaos.")
                            .append(number)
                            .append('.')
                            .append(subject)
                            .append(' ')
                            .append(payload.length())
                            .append("\r\n")
                            .append(payload)
                            .append("\r\n");
                }
                client.send(batch.toString());
                awaitReaders(number);
            }
            client.flush();
        } catch (IOException fault) {
            faults.add("publisher " + number + " failed: " + fault);
        }
    }

    private void awaitReaders(int number) {
        long end = System.nanoTime() + Duration.ofSeconds(20).toNanos();
        while (behind(number) > AHEAD && faults.isEmpty()) {
            if (System.nanoTime() > end) {
                faults.add("readers came to a stop");
            }
            LockSupport.parkNanos(100_000);
        }
    }

    private long behind(int number) {
        long sent = 0;
        long got = 0;
        for (int stream = number * SUBJECTS; stream < (number + 1) * SUBJECTS; stream++) {
            sent += published.get(stream);
            got += steady.getFirst().got(stream);
        }
        return sent - got;
    }

    private void trouble(Random random) {
        while (publishing) {
            try {
                oneTrouble(random);
            } catch (IOException cut) {
                slow.incrementAndGet(); // the server cut it, which is its right
            }
        }
    }

    private void oneTrouble(Random random) throws IOException {
        String pattern = List.of("chaos.>", "chaos.*.*", "chaos." + random.nextInt(PUBLISHERS) + ".0", "chaos.*.2")
                .get(random.nextInt(4));
        switch (random.nextInt(5)) {
            case 0 -> readAndKill(pattern, random);
            case 1 -> cutInTheMiddle();
            case 2 -> neverRead(random);
            case 3 -> churn(pattern, random);
            default -> joinTheQueueThatMayLose(random);
        }
    }

    private void readAndKill(String pattern, Random random) throws IOException {
        try (RawClient client = brief()) {
            client.send("SUB " + pattern + " 9\r\n");
            Watch watch = new Watch(pattern, false);
            for (int i = random.nextInt(3000); i > 0 && publishing; i--) {
                watch.saw(client.next());
            }
            client.kill();
        }
    }

    /** One that does not wait long for a message once nobody publishes any more. */
    private RawClient brief() throws IOException {
        RawClient client = RawClient.to(server.port());
        client.socket.setSoTimeout(500);
        return client;
    }

    private void cutInTheMiddle() throws IOException {
        RawClient client = RawClient.to(server.port());
        client.send("PUB chaos.0.0 100\r\n0 0 1 half");
        client.kill();
    }

    private void neverRead(Random random) throws IOException {
        try (RawClient client = RawClient.narrow(server.port())) {
            client.send("SUB chaos.> 1\r\nSUB chaos.> 2\r\nSUB chaos.> slowcrew 3\r\n");
            long before = Setup.figure(server, "slow_consumers");
            while (publishing && Setup.figure(server, "slow_consumers") == before && random.nextInt(400) > 0) {
                LockSupport.parkNanos(5_000_000);
            }
        }
    }

    private void churn(String pattern, Random random) throws IOException {
        try (RawClient client = RawClient.to(server.port())) {
            for (int i = 0; i < 100; i++) {
                client.send("SUB " + pattern + " " + i + "\r\nSUB other." + random.nextInt() + " o" + i + "\r\nUNSUB "
                        + i + (random.nextBoolean() ? "" : " 3") + "\r\n");
            }
        }
    }

    private void joinTheQueueThatMayLose(Random random) throws IOException {
        try (RawClient client = brief()) {
            client.send("SUB chaos.> slowcrew 5\r\n");
            Watch watch = new Watch("chaos.>", false);
            for (int i = random.nextInt(1000); i > 0 && publishing; i--) {
                watch.saw(client.next());
            }
        }
    }

    private void check(Map<String, Boolean> crew) {
        await().atMost(Duration.ofSeconds(30)).until(() -> !faults.isEmpty() || isAllRead());
        assertThat(faults).as("seed " + seed).isEmpty();
        long all = 0;
        for (int stream = 0; stream < PUBLISHERS * SUBJECTS; stream++) {
            all += published.get(stream);
        }
        assertThat(crew).hasSize((int) all);
        System.out.println("chaos messages " + all + ", slow consumers " + Setup.figure(server, "slow_consumers")
                + ", connections " + Setup.figure(server, "total_connections"));
        await().untilAsserted(
                        () -> assertThat(Setup.figure(server, "connections")).isEqualTo(steady.size()));
        assertThat(Setup.figure(server, "subscriptions")).isEqualTo(steady.size());
        assertThat(Setup.figure(server, "slow_consumers")).isPositive();
    }

    private boolean isAllRead() {
        for (int stream = 0; stream < PUBLISHERS * SUBJECTS; stream++) {
            long crew = 0;
            for (Reader each : steady) {
                if (each.shared != null) {
                    crew += each.got(stream);
                } else if (each.watch.matches("chaos." + stream / SUBJECTS + "." + stream % SUBJECTS)
                        && each.got(stream) != published.get(stream)) {
                    return false;
                }
            }
            if (crew != published.get(stream)) {
                return false;
            }
        }
        return true;
    }
}
