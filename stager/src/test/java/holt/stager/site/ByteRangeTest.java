package holt.stager.site;

import static org.assertj.core.api.Assertions.assertThat;

import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.constraints.LongRange;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class ByteRangeTest {
    @ParameterizedTest
    @CsvSource({
        "bytes=0-0, 0, 1, bytes 0-0/10",
        "bytes=2-5, 2, 4, bytes 2-5/10",
        "bytes=7-, 7, 3, bytes 7-9/10",
        "bytes=7-99, 7, 3, bytes 7-9/10",
        "bytes=-3, 7, 3, bytes 7-9/10",
        "bytes=-99, 0, 10, bytes 0-9/10"
    })
    void partsOfAFileAreFound(String header, long first, long length, String contentRange) {
        ByteRange range = ByteRange.of(header, 10).orElseThrow();
        assertThat(range).isEqualTo(new ByteRange(first, length));
        assertThat(range.contentRange(10)).isEqualTo(contentRange);
    }

    @ParameterizedTest
    @ValueSource(strings = {"bytes=10-", "bytes=10-12", "bytes=-0"})
    void partsBehindTheEndCannotBeSent(String header) {
        ByteRange range = ByteRange.of(header, 10).orElseThrow();
        assertThat(range.isSatisfiable()).isFalse();
        assertThat(range.contentRange(10)).isEqualTo("bytes */10");
    }

    @ParameterizedTest
    @ValueSource(
            strings = {"", "bytes=", "bytes=-", "bytes=5-2", "bytes=1-2,4-5", "lines=1-2", "bytes=a-b", "bytes=-1-2"})
    void whatIsNotUnderstoodIsNoRange(String header) {
        assertThat(ByteRange.of(header, 10)).isEmpty();
    }

    @Test
    void anEmptyFileHasNoParts() {
        assertThat(ByteRange.of("bytes=0-", 0).orElseThrow().isSatisfiable()).isFalse();
    }

    @Property
    void aRangeNeverReachesOutOfTheFile(
            @ForAll @LongRange(max = 1000) long first,
            @ForAll @LongRange(max = 1000) long last,
            @ForAll @LongRange(max = 500) long size) {
        ByteRange.of("bytes=" + first + "-" + last, size)
                .ifPresent(range -> assertThat(range.length() == 0 || range.first() + range.length() <= size)
                        .isTrue());
    }
}
