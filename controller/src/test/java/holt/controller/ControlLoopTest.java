package holt.controller;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.awaitility.Awaitility.await;

import holt.bus.EmbeddedBus;
import holt.kernel.Cluster;
import holt.kernel.ClusterSettings;
import holt.kernel.Effect;
import holt.model.App;
import holt.model.AppCommand;
import holt.model.Change;
import holt.model.ErrorCode;
import holt.model.Event;
import holt.model.Problem;
import holt.model.ProblemException;
import holt.model.Truth;
import holt.store.TruthStore;
import java.nio.file.Path;
import java.time.Duration;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.List;
import java.util.UUID;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.atomic.AtomicInteger;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class ControlLoopTest {
    @TempDir
    Path home;

    private final EmbeddedBus bus = new EmbeddedBus();
    private final List<Event> events = new CopyOnWriteArrayList<>();
    private Door door;
    private ControlLoop loop;

    /** A real store whose commits can be held up, counted, and made to fail. */
    private static final class Door implements ControlLoop.Store {
        final TruthStore store;
        final AtomicInteger commits = new AtomicInteger();
        volatile @Nullable RuntimeException fault;
        volatile int loadFaults;
        volatile CountDownLatch gate = new CountDownLatch(0);

        Door(TruthStore store) {
            this.store = store;
        }

        @Override
        public Truth load() {
            if (loadFaults > 0) {
                loadFaults--;
                throw Problem.of(ErrorCode.INTERNAL, "The store cannot be read.")
                        .exception();
            }
            return store.load();
        }

        @Override
        public void commit(List<Change> changes) {
            try {
                gate.await();
            } catch (InterruptedException interrupted) {
                Thread.currentThread().interrupt();
            }
            RuntimeException present = fault;
            if (present != null) {
                throw present;
            }
            store.commit(changes);
            commits.incrementAndGet();
        }
    }

    @BeforeEach
    void start() {
        door = new Door(TruthStore.open(home.resolve("truth.db")));
        loop = loop(door);
    }

    private ControlLoop loop(Door store) {
        ControlLoop made = new ControlLoop(
                bus,
                store,
                truth -> new Cluster(
                        truth,
                        UUID.randomUUID().toString(),
                        ClusterSettings.standard("localhost"),
                        () -> UUID.randomUUID().toString()),
                InstantSource.system(),
                events::addAll);
        made.start();
        return made;
    }

    @AfterEach
    void stop() {
        loop.close();
        bus.close();
        door.store.close();
    }

    private static AppCommand put(String app) {
        return new AppCommand.PutApp(app, true, null, null, null, null, "test");
    }

    private List<String> stored() {
        return door.store.load().apps().stream().map(App::name).toList();
    }

    @Test
    void answersOnlyWhatIsCommittedAndShown() {
        Effect.Reply reply = loop.command(put("shop"));

        assertThat(reply.created()).isTrue();
        assertThat(stored()).containsExactly("shop");
        assertThat(loop.view().app("shop")).isPresent();
        assertThat(events).extracting(Event::kind).contains(Event.APP_CREATED);
    }

    @Test
    void startsOverFromTheStoreWhenACommitFails() {
        loop.command(put("before"));
        door.fault = Problem.of(ErrorCode.STORAGE_FULL, "There is no space left for the truth.")
                .exception();
        assertThatThrownBy(() -> loop.command(put("lost")))
                .isInstanceOfSatisfying(
                        ProblemException.class,
                        fault -> assertThat(fault.problem().code()).isEqualTo(ErrorCode.STORAGE_FULL));
        door.fault = null;

        assertThat(loop.view().app("lost")).isEmpty();
        assertThat(loop.command(put("after")).created()).isTrue();
        assertThat(loop.command(put("lost")).created()).isTrue();
        assertThat(loop.command(put("before")).created()).isFalse();
        assertThat(stored()).containsExactlyInAnyOrder("before", "after", "lost");
        assertThat(events).filteredOn(event -> event.app().equals("lost")).hasSize(1);
    }

    @Test
    void saysNothingOfThatFaultButItsIdWhenNobodyForesawIt() {
        door.fault = new IllegalStateException("secret detail");
        assertThatThrownBy(() -> loop.command(put("lost"))).isInstanceOfSatisfying(ProblemException.class, fault -> {
            assertThat(fault.problem().code()).isEqualTo(ErrorCode.INTERNAL);
            assertThat(fault.problem().text()).doesNotContain("secret detail");
        });
        door.fault = null;
    }

    @Test
    void triesAgainWhileTheStoreCannotBeRead() {
        door.fault = new IllegalStateException("disk gone");
        door.loadFaults = 2;
        assertThatThrownBy(() -> loop.command(put("lost"))).isInstanceOf(ProblemException.class);
        door.fault = null;
        assertThat(loop.command(put("after")).created()).isTrue();
    }

    @Test
    void commitsTogetherWhatCameTogether() throws Exception {
        door.gate = new CountDownLatch(1);
        List<Thread> callers = new ArrayList<>();
        AtomicInteger answered = new AtomicInteger();
        for (int i = 0; i < 50; i++) {
            String app = "app-" + i;
            callers.add(Thread.ofVirtual().start(() -> {
                loop.command(put(app));
                answered.incrementAndGet();
            }));
        }
        await().atMost(Duration.ofSeconds(10))
                .until(() -> callers.stream().allMatch(caller -> caller.getState() == Thread.State.TIMED_WAITING));
        assertThat(answered.get()).isZero();
        door.gate.countDown();
        for (Thread caller : callers) {
            caller.join();
        }
        assertThat(answered.get()).isEqualTo(50);
        assertThat(stored()).hasSize(50);
        assertThat(door.commits.get()).isLessThan(25);
    }

    @Test
    void letsWhatWasAskedComeToItsEndWhenItCloses() {
        for (int i = 0; i < 10; i++) {
            loop.command(put("app-" + i));
        }
        loop.close();
        assertThat(stored()).hasSize(10);
        assertThatThrownBy(() -> loop.command(put("late")))
                .isInstanceOfSatisfying(
                        ProblemException.class,
                        fault -> assertThat(fault.problem().code()).isEqualTo(ErrorCode.UNAVAILABLE));
    }

    @Test
    void knowsAllThatWasAcknowledgedAfterAKill() {
        loop.command(put("one"));
        loop.command(put("two"));
        TruthStore again = TruthStore.open(home.resolve("truth.db"));
        try {
            ControlLoop next = loop(new Door(again));
            assertThat(next.view().apps().keySet()).containsExactly("one", "two");
            next.close();
        } finally {
            again.close();
        }
    }

    @Test
    void readsOverMessagesThatAreNone() {
        bus.publish(holt.model.Subjects.HOSTS, "nonsense".getBytes(java.nio.charset.StandardCharsets.UTF_8));
        bus.publish(holt.model.Subjects.PROCESSES, new byte[0]);
        assertThat(loop.command(put("shop")).created()).isTrue();
    }
}
