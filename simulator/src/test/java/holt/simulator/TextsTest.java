package holt.simulator;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import holt.model.ProblemException;
import java.io.ByteArrayInputStream;
import java.nio.charset.StandardCharsets;
import java.util.Set;
import javax.xml.parsers.DocumentBuilderFactory;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;
import org.w3c.dom.Document;

/** What people give and get: settings, histories, the picture. */
final class TextsTest {
    private static final String HEAD = "cluster seed=1 hosts=2 routers=1 memory=2048 until=60\n";

    @Test
    void thePictureIsWellFormedAndLabelled() throws Exception {
        Plan plan = Planner.plan(SimulationTest.small(5));
        String svg = Picture.svg(plan, new Simulator().run(plan));
        Document document = DocumentBuilderFactory.newInstance()
                .newDocumentBuilder()
                .parse(new ByteArrayInputStream(svg.getBytes(StandardCharsets.UTF_8)));
        assertThat(document.getDocumentElement().getTagName()).isEqualTo("svg");
        assertThat(svg)
                .contains("virtual time, hours", "instances not as wanted")
                .doesNotContain("NaN");
        plan.entries().stream()
                .filter(entry -> entry.action() instanceof Action.Fault)
                .map(entry -> ((Action.Fault) entry.action()).kind().word())
                .forEach(word -> assertThat(svg).contains(">" + word + "<"));
    }

    @ParameterizedTest
    @CsvSource({
        "0,1,1,1",
        "20001,1,1,1",
        "5,0,1,1",
        "5,-1,1,1",
        "5,NaN,1,1",
        "5,1,0,1",
        "5,1,2,1",
        "5,1,1,0",
        "5,1,1,2000000"
    })
    void sizesThatCannotBeAreRefusedByName(int hosts, double hours, int apps, int processes) {
        assertThatThrownBy(() -> new SimulationSettings(1, hosts, hours, apps, processes, Set.of()))
                .isInstanceOf(ProblemException.class)
                .hasMessageContaining("--");
    }

    @Test
    void aMistypedFaultIsAnsweredWithTheNearestOne() {
        assertThatThrownBy(() -> SimulationSettings.faults("loss,partitoin"))
                .isInstanceOf(ProblemException.class)
                .hasMessageContaining("partition");
    }

    @Test
    void faultsAreAllNoneOrSome() {
        assertThat(SimulationSettings.faults("all")).containsExactlyInAnyOrder(FaultKind.values());
        assertThat(SimulationSettings.faults("none")).isEmpty();
        assertThat(SimulationSettings.faults("loss, delay")).containsExactlyInAnyOrder(FaultKind.LOSS, FaultKind.DELAY);
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "x push app=a instances=1 droplet=web memory=64",
                "1.0 push app=a instances=many droplet=web memory=64",
                "1.0 push app=a instances=1 droplet=web",
                "1.0 dance app=a",
                "1.0 fault kind=bad target=0 count=1 for=1 strength=0",
                "1.0 fault kind=loss target=0 count=1 for=-1 strength=0",
                "1.0 fault kind=loss target=0 count=1 for=1 strength=NaN",
                "1.0"
            })
    void aLineThatCannotBeUnderstoodIsNamed(String line) {
        assertThatThrownBy(() -> HistoryText.read(HEAD + line))
                .isInstanceOf(ProblemException.class)
                .satisfies(fault ->
                        assertThat(((ProblemException) fault).problem().text()).contains("Line 2", line));
    }

    @ParameterizedTest
    @ValueSource(strings = {"", "\n# nothing\n", "push", "cluster seed=1 hosts=0 routers=1 memory=2048 until=1"})
    void aHistoryWithoutAClusterIsRefused(String text) {
        assertThatThrownBy(() -> HistoryText.read(text)).isInstanceOf(ProblemException.class);
    }

    @Test
    void emptyLinesAndCommentsAreSkipped() {
        Plan plan = HistoryText.read("# found by seed 7\n\n" + HEAD + "\n2.5 stop app=a # why not\n");
        assertThat(plan.entries()).containsExactly(new Plan.Entry(2500, new Action.Stop("a")));
    }
}
