package holt.model;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.constraints.IntRange;
import net.jqwik.api.constraints.LongRange;
import net.jqwik.api.constraints.StringLength;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class MemorySizeTest {
    private static final long MEGABYTE = 1L << 20;

    @ParameterizedTest
    @CsvSource({
        "64M,67108864",
        "64m,67108864",
        "64 MB,67108864",
        "64MiB,67108864",
        "1G,1073741824",
        "32768k,33554432",
        "16777216,16777216"
    })
    void readsWhatPeopleWrite(String text, long bytes) {
        assertThat(MemorySize.parse(text)).isEqualTo(bytes);
    }

    @ParameterizedTest
    @ValueSource(
            strings = {"0", "-1", "1T", "", "M", "1.5G", "64X", "999999999999T", "9999999999999999999", "64M64M", "٣M"})
    void refusesWhatIsNoLimit(String text) {
        assertThatThrownBy(() -> MemorySize.parse(text)).isInstanceOfSatisfying(ProblemException.class, refusal -> {
            assertThat(refusal.problem().code()).isEqualTo(ErrorCode.MEMORY_INVALID);
            assertThat(refusal.problem().expected()).contains("16M to 512G");
        });
    }

    @ParameterizedTest
    @CsvSource({"0,0B", "1024,1K", "67108864,64M", "1610612736,1.5G", "549755813888,512G"})
    void writesSizesForPeople(long bytes, String text) {
        assertThat(MemorySize.format(bytes)).isEqualTo(text);
    }

    @Property
    void whatIsWrittenInWholeMegabytesIsReadAgain(@ForAll @IntRange(min = 16, max = 1023) int megabytes) {
        long bytes = megabytes * MEGABYTE;

        assertThat(MemorySize.parse(MemorySize.format(bytes))).isEqualTo(bytes);
    }

    @Property
    void anythingIsReadWithinTheBoundsOrRefused(@ForAll @StringLength(max = 20) String text) {
        try {
            assertThat(MemorySize.parse(text)).isBetween(MemorySize.MIN_BYTES, MemorySize.MAX_BYTES);
        } catch (ProblemException refusal) {
            assertThat(refusal.problem().code()).isEqualTo(ErrorCode.MEMORY_INVALID);
        }
    }

    @Property
    void bytesAreCheckedAsTheirTextIs(@ForAll @LongRange(min = 0, max = 1L << 39) long bytes) {
        assertThat(accepts(() -> MemorySize.check(bytes))).isEqualTo(accepts(() -> MemorySize.parse("" + bytes)));
    }

    private static boolean accepts(Runnable check) {
        try {
            check.run();
            return true;
        } catch (ProblemException refusal) {
            return false;
        }
    }
}
