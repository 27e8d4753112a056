package holt.agent;

import static org.assertj.core.api.Assertions.assertThat;

import holt.agent.HealthWatch.Concern;
import holt.agent.HealthWatch.Verdict;
import holt.model.Liveness;
import holt.model.Readiness;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.Random;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import org.junit.jupiter.api.Test;

/** When an instance is looked at, and what follows. */
class HealthWatchTest {
    private static final Readiness HTTP = new Readiness(Readiness.Kind.HTTP, 60, "/ready");
    private static final Check.Result GOOD = Check.Result.passed("GET / answered 200");
    private static final Check.Result BAD = Check.Result.failed("GET / answered 500");
    private static final long SECOND = Duration.ofSeconds(1).toNanos();

    private static Liveness liveness(int failures) {
        return new Liveness(Readiness.Kind.HTTP, "/healthz", 10, 5, failures);
    }

    private static HealthWatch alive(int failures) {
        return new HealthWatch(liveness(failures), Readiness.port(), true, 0, 0);
    }

    @Test
    void whatHasOnlyAPortIsNotLookedAtAgain() {
        assertThat(HealthWatch.isNeeded(Liveness.NONE, Readiness.port())).isFalse();
        assertThat(HealthWatch.isNeeded(Liveness.NONE, HTTP)).isTrue();
        assertThat(HealthWatch.isNeeded(liveness(3), Readiness.none())).isTrue();
        assertThat(new HealthWatch(Liveness.NONE, Readiness.port(), true, 0, 0).next())
                .isEmpty();
    }

    @Test
    void threeFailuresInARowEndItAndSaySo() {
        HealthWatch watch = alive(3);
        assertThat(watch.looked(Concern.LIVENESS, BAD, 0)).isEmpty();
        assertThat(watch.looked(Concern.LIVENESS, BAD, 0)).isEmpty();
        assertThat(watch.looked(Concern.LIVENESS, BAD, 0))
                .contains(new Verdict.Unhealthy("GET / answered 500 three times in a row"));
        assertThat(watch.next()).isEmpty();
        assertThat(watch.looked(Concern.LIVENESS, BAD, 0)).isEmpty();
    }

    @Test
    void oneSuccessLetsFailuresCountAnew() {
        HealthWatch watch = alive(2);
        watch.looked(Concern.LIVENESS, BAD, 0);
        watch.looked(Concern.LIVENESS, GOOD, 0);
        assertThat(watch.looked(Concern.LIVENESS, BAD, 0)).isEmpty();
        assertThat(watch.looked(Concern.LIVENESS, BAD, 0)).isPresent();
    }

    @Test
    void looksAreAnIntervalApartAndNeverTwoForOneThatTookLong() {
        HealthWatch watch = new HealthWatch(liveness(3), Readiness.port(), true, 0, 0.5);
        assertThat(watch.next().orElseThrow().atNanos()).isEqualTo(5 * SECOND);
        watch.looked(Concern.LIVENESS, GOOD, 6 * SECOND);
        assertThat(watch.next().orElseThrow().atNanos()).isEqualTo(15 * SECOND);
        watch.looked(Concern.LIVENESS, GOOD, 47 * SECOND);
        assertThat(watch.next().orElseThrow().atNanos()).isEqualTo(47 * SECOND);
    }

    @Test
    void readinessIsLostAtTheSecondFailureSoonAfterTheFirst() {
        HealthWatch watch = new HealthWatch(Liveness.NONE, HTTP, true, 0, 0);
        assertThat(watch.looked(Concern.READINESS, BAD, 0)).isEmpty();
        assertThat(watch.next()).contains(new HealthWatch.Due(Concern.READINESS, SECOND));
        assertThat(watch.looked(Concern.READINESS, BAD, SECOND)).contains(new Verdict.Unready("GET / answered 500"));
        assertThat(watch.looked(Concern.READINESS, BAD, 2 * SECOND)).isEmpty();
        assertThat(watch.looked(Concern.READINESS, GOOD, 3 * SECOND)).contains(new Verdict.ReadyAgain());
    }

    @Test
    void oneThatWasUnreadyBeforeTheAgentWasStartedAgainIsReadyWithItsFirstGoodAnswer() {
        HealthWatch watch = new HealthWatch(Liveness.NONE, HTTP, false, 0, 0);
        assertThat(watch.looked(Concern.READINESS, GOOD, 0)).contains(new Verdict.ReadyAgain());
    }

    @Test
    void whatIsDueFirstIsLookedAtFirst() {
        HealthWatch watch = new HealthWatch(liveness(3), HTTP, true, 0, 0);
        assertThat(watch.next().orElseThrow().concern()).isEqualTo(Concern.LIVENESS);
        watch.looked(Concern.LIVENESS, GOOD, 0);
        assertThat(watch.next().orElseThrow().concern()).isEqualTo(Concern.READINESS);
    }

    /** Against a plain count of what was seen: unhealthy exactly at the first run of so many failures. */
    @Property(tries = 300)
    void verdictsFollowFromWhatWasSeen(@ForAll long seed) {
        Random random = new Random(seed);
        int failures = 1 + random.nextInt(4);
        HealthWatch watch = new HealthWatch(liveness(failures), HTTP, true, 0, random.nextDouble());
        int run = 0;
        boolean ready = true;
        List<Check.Result> readiness = new ArrayList<>();
        long now = 0;
        for (int step = 0; step < 200 && watch.next().isPresent(); step++) {
            HealthWatch.Due due = watch.next().orElseThrow();
            assertThat(due.atNanos()).isLessThanOrEqualTo(now + 10 * SECOND);
            now = Math.max(now, due.atNanos()) + random.nextInt(1000);
            Check.Result result = random.nextInt(3) > 0 ? GOOD : BAD;
            Optional<Verdict> verdict = watch.looked(due.concern(), result, now);
            if (due.concern() == Concern.LIVENESS) {
                run = result.passed() ? 0 : run + 1;
                assertThat(verdict.isPresent()).isEqualTo(run == failures);
            } else {
                readiness.add(result);
                boolean twice = readiness.size() > 1
                        && !result.passed()
                        && !readiness.get(readiness.size() - 2).passed();
                boolean after = ready ? !twice : result.passed();
                assertThat(verdict.isPresent()).isEqualTo(after != ready);
                ready = after;
            }
        }
        assertThat(watch.next().isPresent()).isEqualTo(run < failures);
    }
}
