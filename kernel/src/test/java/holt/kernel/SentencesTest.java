package holt.kernel;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;

/** What people are told reads as a sentence. */
class SentencesTest {
    @Test
    void numbersOfThingsAreWrittenAsPeopleDo() {
        assertThat(Sentences.count(1, "process")).isEqualTo("1 process");
        assertThat(Sentences.count(2, "process")).isEqualTo("2 processes");
        assertThat(Sentences.count(0, "host")).isEqualTo("0 hosts");
        assertThat(Sentences.count(1, "host")).isEqualTo("1 host");
    }
}
