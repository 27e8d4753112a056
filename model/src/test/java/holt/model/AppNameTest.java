package holt.model;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatCode;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.constraints.StringLength;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class AppNameTest {

    @ParameterizedTest
    @ValueSource(strings = {"a", "hello", "shop-2", "a-b-c", "abcdefghijklmnopqrstuvwxyzabcdefghijklmnopqr"})
    void legalNamesAreTakenAsTheyAre(String name) {
        String cut = name.substring(0, Math.min(name.length(), AppName.MAX_LENGTH));

        assertThat(AppName.check(cut)).isEqualTo(cut);
    }

    @ParameterizedTest
    @ValueSource(strings = {"", "2shop", "-a", "a-", "Shop", "a_b", "a.b", "a b", "ä", "a\n", "../etc"})
    void otherNamesAreRefused(String name) {
        assertThatThrownBy(() -> AppName.check(name))
                .isInstanceOfSatisfying(
                        ProblemException.class,
                        refusal -> assertThat(refusal.problem().code()).isEqualTo(ErrorCode.APP_NAME_INVALID));
    }

    @Test
    void aNameIsAtMostFortyCharacters() {
        assertThatCode(() -> AppName.check("a".repeat(40))).doesNotThrowAnyException();
        assertThatThrownBy(() -> AppName.check("a".repeat(41))).isInstanceOf(ProblemException.class);
    }

    @Test
    void reservedNamesAreRefusedWithAnotherProposed() {
        assertThatThrownBy(() -> AppName.check("api")).hasMessageContaining("'api-app'");
    }

    @ParameterizedTest
    @CsvSource({"Hello World,hello-world", "Café Zürich,cafe-zurich", "123 go,go", "my_app.v2,my-app-v2", "+++,app"})
    void proposesWhatWasMeant(String name, String proposed) {
        assertThat(AppName.propose(name)).isEqualTo(proposed);
    }

    @Property
    void whatIsProposedIsAlwaysLegal(@ForAll @StringLength(max = 200) String name) {
        String proposed = AppName.propose(name);

        assertThatCode(() -> AppName.check(proposed)).doesNotThrowAnyException();
    }

    @Property
    void aProposalIsNotChangedByProposingAgain(@ForAll @StringLength(max = 200) String name) {
        String proposed = AppName.propose(name);

        assertThat(AppName.propose(proposed)).isEqualTo(proposed);
    }

    @Property
    void aRefusalNeverRepeatsControlCharacters(@ForAll @StringLength(max = 100) String name) {
        try {
            AppName.check(name);
        } catch (ProblemException refusal) {
            assertThat(refusal.problem().text()).doesNotContainPattern("\\p{Cntrl}");
        }
    }
}
