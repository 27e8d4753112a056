package holt.server;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.Map;
import org.junit.jupiter.api.Test;
import picocli.CommandLine;

/** Options of this start come over the file, under the settings' names. */
class ServerOptionsTest {
    @Test
    void optionsAreTheSettingsTheyAreNamedAfter() {
        ServerOptions options = CommandLine.populateCommand(
                new ServerOptions(), "--host-zone", "rack-1", "--host-tags", "gpu,ssd", "--debug-record", "rec.jsonl");

        assertThat(options.settings())
                .isEqualTo(Map.of(
                        Setting.HOST_ZONE, "rack-1", Setting.HOST_TAGS, "gpu,ssd", Setting.DEBUG_RECORD, "rec.jsonl"));
    }

    @Test
    void everyOptionHasTheNameOfItsSetting() {
        assertThat(CommandLine.Model.CommandSpec.forAnnotatedObject(new ServerOptions())
                        .optionsMap()
                        .keySet())
                .isSubsetOf(java.util.Arrays.stream(Setting.values())
                        .map(Setting::option)
                        .toList());
    }
}
