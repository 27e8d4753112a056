package holt.e2e;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Files;
import java.nio.file.Path;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** A second push replaces instances one by one, and nobody notices. */
final class RollingUpdateTest {
    private static final int PUSHES = 6;
    private static final int CLIENTS = 8;

    @Test
    void noRequestFailsWhileReleasesFollowOneAnother(@TempDir Path folder) throws Exception {
        Path app = RunningHolt.ROOT.resolve("examples/python/app.py");
        Files.copy(app, folder.resolve("app.py"));
        try (RunningHolt holt = RunningHolt.start();
                ExecutorService clients = Executors.newVirtualThreadPerTaskExecutor()) {
            holt.run("push", "rolling", "--path", folder.toString(), "--instances", "2")
                    .succeeded();
            AtomicBoolean done = new AtomicBoolean();
            AtomicInteger answered = new AtomicInteger();
            ConcurrentLinkedQueue<String> failures = new ConcurrentLinkedQueue<>();
            for (int client = 0; client < CLIENTS; client++) {
                clients.execute(() -> {
                    while (!done.get()) {
                        request(holt, answered, failures);
                    }
                });
            }
            try {
                for (int push = 1; push <= PUSHES; push++) {
                    Files.writeString(folder.resolve("version.txt"), "" + push);
                    holt.run("push", "rolling", "--path", folder.toString()).succeeded();
                }
            } finally {
                // Else the clients would go on for ever, and nobody would see what failed.
                done.set(true);
                clients.close();
            }
            assertThat(failures).isEmpty();
            assertThat(answered.get()).isGreaterThan(PUSHES * CLIENTS);
            assertThat(holt.app("rolling").liveVersion()).isEqualTo(PUSHES + 1);
            assertThat(holt.instances("rolling")).hasSize(2);
        }
    }

    private static void request(RunningHolt holt, AtomicInteger answered, ConcurrentLinkedQueue<String> failures) {
        try {
            int status = holt.get("rolling", "/").statusCode();
            if (status == 200) {
                answered.incrementAndGet();
            } else {
                failures.add("status " + status);
            }
        } catch (RuntimeException fault) {
            failures.add(fault.toString());
        }
    }
}
