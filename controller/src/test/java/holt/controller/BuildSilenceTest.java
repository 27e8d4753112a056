package holt.controller;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import holt.model.StageProgress;
import java.time.Duration;
import java.util.concurrent.atomic.AtomicReference;
import org.junit.jupiter.api.Test;

final class BuildSilenceTest {
    @Test
    void linesThatCameBeforeTheWaitAreNoSilence() throws Exception {
        LiveBuild build = new LiveBuild("b");
        build.line("one");
        build.line("two");
        AtomicReference<InterruptedException> fault = new AtomicReference<>();
        Thread waiting = Thread.ofPlatform().start(() -> {
            try {
                build.awaitEnd();
            } catch (InterruptedException interrupted) {
                fault.set(interrupted);
            }
        });
        await().atMost(Duration.ofSeconds(30))
                .until(() -> waiting.getState() == Thread.State.TIMED_WAITING || !waiting.isAlive());
        assertThat(build.ended()).isFalse();

        build.end(new StageProgress.Result("d", "node", "node x", null, null));
        waiting.join();
        assertThat(build.build().state()).isEqualTo("succeeded");
        assertThat(fault).hasNullValue();
    }
}
