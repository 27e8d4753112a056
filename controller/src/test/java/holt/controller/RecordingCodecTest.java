package holt.controller;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import holt.kernel.ClusterSettings;
import holt.kernel.Effect;
import holt.kernel.Input;
import holt.model.AppCommand;
import holt.model.Change;
import holt.model.Truth;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import tools.jackson.core.JacksonException;

class RecordingCodecTest {
    @ParameterizedTest
    @ValueSource(
            classes = {
                Input.class,
                Effect.class,
                AppCommand.class,
                Change.class,
                Truth.class,
                ClusterSettings.class,
                RecordedLine.class
            })
    void readsWhatItWroteWhateverThereIsToWrite(Class<?> type) {
        List<Object> samples = Samples.of(type);
        assertThat(samples).isNotEmpty();
        for (Object sample : samples) {
            String text = RecordingCodec.text(sample);
            assertThat((Object) RecordingCodec.read(text, type)).as(text).isEqualTo(sample);
            assertThat(text).doesNotContain("\n");
        }
    }

    @Test
    void writesEqualValuesAlike() {
        for (Object sample : Samples.of(Effect.class)) {
            String text = RecordingCodec.text(sample);
            assertThat(RecordingCodec.text(RecordingCodec.read(text, Effect.class)))
                    .isEqualTo(text);
        }
    }

    @Test
    void saysWhichOfItsKindAValueIs() {
        assertThat(RecordingCodec.text(new Input.Woken())).isEqualTo("{\"type\":\"Woken\"}");
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "{\"type\":\"Slept\"}",
                "{}",
                "[]",
                "{\"type\":\"RoutesWanted\",\"request\":1,\"since\":2}",
                "{\"type\":\"RoutesWanted\",\"request\":\"soon\"}",
                "{\"type\":\"Woken\"} {",
                "{\"type\":\"Wok"
            })
    void refusesWhatItDoesNotKnow(String text) {
        assertThatThrownBy(() -> RecordingCodec.read(text, Input.class)).isInstanceOf(JacksonException.class);
    }
}
