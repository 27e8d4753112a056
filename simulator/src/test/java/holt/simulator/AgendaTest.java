package holt.simulator;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.constraints.IntRange;
import org.junit.jupiter.api.Test;

final class AgendaTest {

    @Property(tries = 200)
    void whatIsPlannedHappensByTimeThenByOrder(@ForAll List<@IntRange(min = 0, max = 20) Integer> times) {
        Agenda agenda = new Agenda();
        List<Integer> happened = new ArrayList<>();
        List<Integer> planned = new ArrayList<>();
        for (int i = 0; i < times.size(); i++) {
            int number = i;
            planned.add(number);
            agenda.at(times.get(i), () -> happened.add(number));
        }
        planned.sort(Comparator.comparing(times::get));
        while (agenda.step(100)) {}
        assertThat(happened).isEqualTo(planned);
        assertThat(agenda.now()).isEqualTo(100);
    }

    @Test
    void whatIsPlannedInTheMeantimeHappensInItsTurn() {
        Agenda agenda = new Agenda();
        List<String> happened = new ArrayList<>();
        agenda.at(10, () -> {
            happened.add("first");
            agenda.after(-5, () -> happened.add("at once"));
        });
        agenda.at(11, () -> happened.add("later"));
        while (agenda.step(100)) {}
        assertThat(happened).containsExactly("first", "at once", "later");
    }

    @Test
    void nothingHappensBeyondTheEnd() {
        Agenda agenda = new Agenda();
        agenda.at(11, () -> {
            throw new AssertionError("too early");
        });
        assertThat(agenda.step(10)).isFalse();
        assertThat(agenda.now()).isEqualTo(10);
    }
}
