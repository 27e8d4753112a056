package holt.e2e;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.Test;

/** Nothing acknowledged is lost, whenever the server is killed. */
final class TruthTest {
    private static final int ROUNDS = 6;

    @Test
    void whatWasAcknowledgedSurvivesAKillAtAnyMoment() throws Exception {
        try (RunningHolt holt = RunningHolt.start()) {
            holt.pushExample("truth", "static").succeeded();
            AtomicInteger acknowledged = new AtomicInteger();
            AtomicInteger tried = new AtomicInteger();
            for (int round = 0; round < ROUNDS; round++) {
                int before = acknowledged.get();
                Thread writer = Thread.ofVirtual().start(() -> mapUntilRefused(holt, acknowledged, tried));
                await().atMost(RunningHolt.PATIENCE).until(() -> acknowledged.get() >= before + 2);
                holt.killServer();
                writer.join();
                holt.up();
                assertThat(holt.app("truth").routes())
                        .as("after %s acknowledged of %s tried", acknowledged.get(), tried.get())
                        .containsAll(java.util.stream.IntStream.rangeClosed(1, acknowledged.get())
                                .mapToObj(number -> "r" + number + ".example.test")
                                .toList());
            }
            holt.awaitAnswer("truth", 200);
        }
    }

    /** Maps r1, r2, ... until the server is gone; a number that was not acknowledged is tried again. */
    private static void mapUntilRefused(RunningHolt holt, AtomicInteger acknowledged, AtomicInteger tried) {
        while (true) {
            int next = acknowledged.get() + 1;
            tried.set(next);
            if (holt.run("map", "truth", "r" + next + ".example.test").exitCode() != 0) {
                return;
            }
            acknowledged.set(next);
        }
    }
}
