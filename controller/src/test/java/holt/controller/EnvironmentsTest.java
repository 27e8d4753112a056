package holt.controller;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import holt.model.ErrorCode;
import holt.model.ProblemException;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import org.junit.jupiter.api.Test;

class EnvironmentsTest {

    private static void refused(Map<String, String> variables) {
        assertThatThrownBy(() -> Environments.check(variables))
                .isInstanceOfSatisfying(
                        ProblemException.class,
                        fault -> assertThat(fault.problem().code()).isEqualTo(ErrorCode.ENVIRONMENT_INVALID));
    }

    @Test
    void setsOverWhatIsThereAndRemovesBefore() {
        assertThat(Environments.merge(Map.of("A", "1", "B", "2"), Map.of("A", "9", "C", "3"), List.of("B", "C", "Z")))
                .containsExactlyInAnyOrderEntriesOf(Map.of("A", "9", "C", "3"));
    }

    @Test
    void refusesWhatIsTooLarge() {
        refused(Map.of("A", "x".repeat((64 << 10) + 1)));
        Map<String, String> many = new HashMap<>();
        for (int i = 0; i < 1001; i++) {
            many.put("V" + i, "");
        }
        refused(many);
        Map<String, String> together = new HashMap<>();
        for (int i = 0; i < 5; i++) {
            together.put("V" + i, "x".repeat(60 << 10));
        }
        refused(together);
        refused(Map.of("A", "a\0b"));
    }

    @Test
    void neverShowsAValue() {
        assertThatThrownBy(() -> Environments.check(Map.of("PORT", "hunter2"))).hasMessageNotContaining("hunter2");
        assertThatThrownBy(() -> Environments.check(Map.of("A", "hunter2\0"))).hasMessageNotContaining("hunter2");
    }

    @Property
    void takesOrRefusesAnyNameWithoutAFault(@ForAll String name) {
        try {
            assertThat(Environments.check(Map.of(name, "x"))).containsKey(name);
            assertThat(name).matches("[A-Za-z_][A-Za-z0-9_]*");
        } catch (ProblemException refusal) {
            assertThat(refusal.problem().code()).isEqualTo(ErrorCode.ENVIRONMENT_INVALID);
        }
    }
}
