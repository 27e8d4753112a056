package holt.cli;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;

class BusRatesTest {
    private static final String OLD = "2026-11-21T19:25:20.270985728Z";
    private static final String DURING = "2026-11-21T19:26:01Z";
    private static final long SECOND = 1_000_000_000;

    private static BusRates.Look look(String varz, String connz) {
        return new BusRates.Look(
                BusServer.read(varz.getBytes(StandardCharsets.UTF_8)),
                BusConnection.read(connz.getBytes(StandardCharsets.UTF_8)));
    }

    private static BusRates rates(String[] before, String[] now) {
        return BusRates.between(
                look(FakeBus.varz(0, 1000), FakeBus.connz(0, before)),
                look(FakeBus.varz(2, 3000), FakeBus.connz(2, now)));
    }

    private static String[] of(String... connections) {
        return connections;
    }

    @Test
    void ratesAreDifferencesOverTheTimeByTheServersClock() {
        BusRates rates = rates(
                of(FakeBus.connection(4, "agent", OLD, 10, 100)), of(FakeBus.connection(4, "agent", OLD, 30, 500)));
        BusRates.Client client = rates.connections().getFirst();
        assertThat(client.msgsFrom()).isEqualTo(10.0);
        assertThat(client.msgsTo()).isEqualTo(200.0);
        assertThat(client.bytesFrom()).isEqualTo(1000.0);
        assertThat(client.bytesTo()).isEqualTo(20_000.0);
        assertThat(client.idleMillis()).isEqualTo(1208);
        assertThat(client.host()).isEqualTo("127.0.0.1:41184");
        assertThat(rates.server().inMsgs()).isEqualTo(1000.0);
        assertThat(rates.server().outBytes()).isEqualTo(256_000.0);
    }

    @Test
    void aClientThatCameInBetweenHasDoneAllItDidSince() {
        assertThat(rates(of(), of(FakeBus.connection(9, "new", DURING, 6, 0)))
                        .connections()
                        .getFirst()
                        .msgsFrom())
                .isEqualTo(3.0);
    }

    @Test
    void anOldClientThatWasNotSeenBeforeHasNoKnownRate() {
        assertThat(rates(of(), of(FakeBus.connection(9, "old", OLD, 6, 0)))
                        .connections()
                        .getFirst()
                        .msgsFrom())
                .isNull();
    }

    @Test
    void aCounterThatWentBackGivesNoRate() {
        assertThat(rates(of(FakeBus.connection(4, "a", OLD, 10, 0)), of(FakeBus.connection(4, "a", OLD, 3, 0)))
                        .connections()
                        .getFirst()
                        .msgsFrom())
                .isNull();
    }

    @Test
    void aClientThatLeftIsNotShown() {
        assertThat(rates(of(FakeBus.connection(4, "a", OLD, 10, 0)), of()).connections())
                .isEmpty();
    }

    @Test
    void aServerStartedAnewHasNoRatesYet() {
        BusRates rates = BusRates.between(
                look(FakeBus.varz(0, 1000), FakeBus.connz(0, FakeBus.connection(4, "a", OLD, 10, 0))),
                look(FakeBus.varz(2, 3000, 4222, "OTHER"), FakeBus.connz(2, FakeBus.connection(4, "b", OLD, 30, 0))));
        assertThat(rates.server().inMsgs()).isNull();
        assertThat(rates.connections().getFirst().msgsFrom()).isNull();
    }

    @Test
    void noTimeGivesNoRate() {
        BusRates.Look same = look(FakeBus.varz(2, 3000), FakeBus.connz(2, FakeBus.connection(4, "a", OLD, 30, 0)));
        assertThat(BusRates.between(same, same).server().inMsgs()).isNull();
        assertThat(BusRates.between(same, same).connections().getFirst().msgsFrom())
                .isNull();
    }

    @Test
    void whatAServerLeavesOutIsEmpty() {
        BusRates rates = BusRates.between(look("{}", "{}"), look("{}", "{\"connections\":[{\"cid\":1}]}"));
        assertThat(rates.connections().getFirst().host()).isEmpty();
        assertThat(rates.connections().getFirst().idleMillis()).isNull();
        assertThat(rates.total()).isEqualTo(1);
    }

    @Test
    void anythingButAPageIsAFault() {
        for (String page : List.of("[]", "7", "null", "{\"connections\":[7]}", "{\"now\":\"yesterday\"}", "{")) {
            assertThatThrownBy(() -> BusConnection.read(page.getBytes(StandardCharsets.UTF_8)))
                    .as(page)
                    .isInstanceOf(JsonParser.Fault.class);
        }
    }

    @Test
    void clientsAreSortedAsAsked() {
        BusRates rates = rates(
                of(FakeBus.connection(1, "b", OLD, 0, 0), FakeBus.connection(2, "a", OLD, 0, 0)),
                of(FakeBus.connection(1, "b", OLD, 0, 2), FakeBus.connection(2, "a", OLD, 8, 0)));
        assertThat(cids(rates, BusOrder.MSGS)).containsExactly(2L, 1L);
        assertThat(cids(rates, BusOrder.BYTES)).containsExactly(2L, 1L);
        assertThat(cids(rates, BusOrder.NAME)).containsExactly(2L, 1L);
        assertThat(cids(rates, BusOrder.SUBS)).containsExactly(1L, 2L);
        assertThat(cids(rates, BusOrder.IDLE)).containsExactly(1L, 2L);
    }

    private static List<Long> cids(BusRates rates, BusOrder order) {
        return rates.sorted(order).connections().stream()
                .map(BusRates.Client::cid)
                .toList();
    }

    @Test
    void subjectsAreCountedSinceTheLastLook() {
        BusSubjects subjects = new BusSubjects(0);
        subjects.add("orders.new", 10, SECOND);
        subjects.add("orders.new", 30, SECOND);
        subjects.add("orders.old", 5, SECOND);
        BusSubjects.Look first = subjects.look(2 * SECOND, BusOrder.MSGS);
        assertThat(first.subjects().getFirst()).isEqualTo(new BusSubjects.Rate("orders.new", 1.0, 20.0, 2, 40, 1000));
        assertThat(first.others()).isNull();

        subjects.add("orders.old", 5, 3 * SECOND);
        subjects.lost(7);
        BusSubjects.Look second = subjects.look(4 * SECOND, BusOrder.MSGS);
        assertThat(second.subjects())
                .extracting(BusSubjects.Rate::subject, BusSubjects.Rate::msgsPerSecond)
                .containsExactly(
                        org.assertj.core.groups.Tuple.tuple("orders.old", 0.5),
                        org.assertj.core.groups.Tuple.tuple("orders.new", 0.0));
        assertThat(second.lost()).isEqualTo(7);
        assertThat(subjects.look(5 * SECOND, BusOrder.MSGS).lost()).isZero();
    }

    @Test
    void inboxesCountAsOneSubject() {
        BusSubjects subjects = new BusSubjects(0);
        IntStream.range(0, 5000).forEach(i -> subjects.add("_INBOX." + i, 1, SECOND));
        assertThat(subjects.look(SECOND, BusOrder.NAME).subjects())
                .extracting(BusSubjects.Rate::subject)
                .containsExactly(BusSubjects.INBOXES);
    }

    @Test
    void subjectsBeyondTheBoundAreSummedAndSilentOnesMakeRoom() {
        BusSubjects subjects = new BusSubjects(0);
        IntStream.range(0, BusSubjects.MAX_SUBJECTS + 50).forEach(i -> subjects.add("s." + i, 2, SECOND));
        BusSubjects.Look full = subjects.look(SECOND, BusOrder.MSGS);
        assertThat(full.subjects()).hasSize(BusSubjects.MAX_SUBJECTS);
        assertThat(full.others().msgs()).isEqualTo(50);
        assertThat(full.others().bytes()).isEqualTo(100);

        subjects.look(2 * SECOND, BusOrder.MSGS);
        subjects.add("late", 2, 3 * SECOND);
        BusSubjects.Look later = subjects.look(3 * SECOND, BusOrder.MSGS);
        assertThat(later.subjects()).extracting(BusSubjects.Rate::subject).containsExactly("late");
        assertThat(later.others().msgs()).isEqualTo(BusSubjects.MAX_SUBJECTS + 50);
        assertThat(later.others().msgsPerSecond()).isZero();
    }

    @Test
    void numbersAreShort() {
        assertThat(List.of(0.0, 0.25, 4.8, 10.0, 730.4, 999.6, 1234.0, 3_400_000.0, 5e13))
                .extracting(BusTopText::count)
                .containsExactly("0", "0.3", "4.8", "10", "730", "1k", "1.2k", "3.4M", "50T");
        assertThat(List.of(0.0, 25.0, 1023.0, 1024.0, 1500.0, 11_976_704.0))
                .extracting(BusTopText::bytes)
                .containsExactly("0B", "25B", "1023B", "1K", "1.5K", "11M");
        assertThat(BusTopText.count(null)).isEqualTo("-");
        assertThat(BusTopText.bytes(null)).isEqualTo("-");
    }
}
