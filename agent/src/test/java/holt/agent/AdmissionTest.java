package holt.agent;

import static org.assertj.core.api.Assertions.assertThat;

import holt.model.Resources;
import org.junit.jupiter.api.Test;

class AdmissionTest {
    private static final Resources CAPACITY = new Resources(1 << 20, 2000, 1 << 20, 100);

    @Test
    void takesWhatFitsToTheLast() {
        assertThat(Admission.lack(CAPACITY, CAPACITY, Resources.NONE)).isEmpty();
    }

    @Test
    void namesTheResourceThatIsLacking() {
        Resources reserved = new Resources(1 << 19, 1500, 1 << 19, 90);

        assertThat(lack(new Resources(1 << 20, 0, 0, 1), reserved))
                .isEqualTo("needs 1M of memory, 512K of 1M are free");
        assertThat(lack(new Resources(1, 1000, 0, 1), reserved))
                .isEqualTo("needs 1.0 cores of cpu, 0.5 cores of 2.0 cores are free");
        assertThat(lack(new Resources(1, 0, 1 << 20, 1), reserved)).isEqualTo("needs 1M of disk, 512K of 1M are free");
        assertThat(lack(new Resources(1, 0, 0, 11), reserved)).isEqualTo("needs 11 of pids, 10 of 100 are free");
    }

    @Test
    void refusesWhatStatesNoMemory() {
        assertThat(lack(new Resources(-5, 0, 0, 1), Resources.NONE)).isEqualTo("its limit of memory cannot be used");
    }

    private static String lack(Resources wanted, Resources reserved) {
        return Admission.lack(wanted, CAPACITY, reserved).orElse("fits");
    }
}
