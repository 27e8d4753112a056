package holt.server;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import holt.model.ProblemException;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

final class ConfigurationReaderTest {
    @TempDir
    Path home;

    @Test
    void theSampleIsWhatHoldsWithoutAnyFile() throws IOException {
        Configuration none = ConfigurationReader.read(home, Map.of(), Map.of());
        Files.writeString(home.resolve("holt.toml"), ConfigurationReader.sample());
        assertThat(ConfigurationReader.read(home, Map.of(), Map.of()).values()).isEqualTo(none.values());
    }

    @Test
    void theSampleNamesEverySettingAndItsMeaning() {
        for (Setting setting : Setting.values()) {
            assertThat(ConfigurationReader.sample())
                    .contains(setting.key().substring(setting.key().indexOf('.') + 1) + " = ")
                    .contains(setting.meaning());
        }
    }

    @Test
    void environmentComesOverTheFileAndOptionsOverAll() throws IOException {
        Files.writeString(home.resolve("holt.toml"), "domain = \"file.test\"\n[api]\nport = 1\n[http]\nport = 1\n");
        Configuration configuration = ConfigurationReader.read(
                home, Map.of("HOLT_API_PORT", "2", "HOLT_HTTP_PORT", "2"), Map.of(Setting.HTTP_PORT, "3"));
        assertThat(configuration.text(Setting.DOMAIN)).isEqualTo("file.test");
        assertThat(configuration.apiPort()).isEqualTo(2);
        assertThat(configuration.httpPort()).isEqualTo(3);
        assertThat(configuration.sources())
                .containsEntry(Setting.DOMAIN, home.resolve("holt.toml").toString())
                .containsEntry(Setting.API_PORT, "HOLT_API_PORT")
                .containsEntry(Setting.HTTP_PORT, "--http-port")
                .containsEntry(Setting.HTTP_BIND, "default");
    }

    @Test
    void anUnknownKeyIsNamedWithTheNearestKnownOne() throws IOException {
        Files.writeString(home.resolve("holt.toml"), "[http]\nprot = 80\n");
        assertThatThrownBy(() -> ConfigurationReader.read(home, Map.of(), Map.of()))
                .isInstanceOf(ProblemException.class)
                .hasMessageContaining("http.prot")
                .hasMessageContaining("'http.port'");
    }

    @Test
    void aFileThatIsNotTomlIsNamedWithThePlace() throws IOException {
        Files.writeString(home.resolve("holt.toml"), "domain = \n");
        assertThatThrownBy(() -> ConfigurationReader.read(home, Map.of(), Map.of()))
                .isInstanceOf(ProblemException.class)
                .hasMessageContaining("holt.toml")
                .hasMessageContaining("line 1");
    }

    @Test
    void zoneAndTagsOfTheHostAreWords() {
        Configuration configuration = ConfigurationReader.read(
                home, Map.of("HOLT_HOST_ZONE", "east-1", "HOLT_HOST_TAGS", "gpu, ssd,"), Map.of());
        assertThat(configuration.hostZone()).isEqualTo("east-1");
        assertThat(configuration.hostTags()).containsExactly("gpu", "ssd");
        Configuration wrong = ConfigurationReader.read(
                home, Map.of("HOLT_HOST_ZONE", "No Zone", "HOLT_HOST_TAGS", "gpu,A b"), Map.of());
        assertThatThrownBy(wrong::hostZone).hasMessageContaining("host.zone").hasMessageContaining("HOLT_HOST_ZONE");
        assertThatThrownBy(wrong::hostTags).hasMessageContaining("host.tags").hasMessageContaining("at most 32");
    }

    @Test
    void valuesThatCannotBeUsedAreRefusedWithTheirSource() {
        for (String port : new String[] {"-1", "65536", "http", ""}) {
            assertThatThrownBy(() -> ConfigurationReader.read(home, Map.of("HOLT_API_PORT", port), Map.of()))
                    .isInstanceOf(ProblemException.class)
                    .hasMessageContaining("api.port")
                    .hasMessageContaining("HOLT_API_PORT");
        }
        assertThatThrownBy(() -> ConfigurationReader.read(home, Map.of("HOLT_HOST_BACKEND", "docker"), Map.of())
                        .backend())
                .isInstanceOf(ProblemException.class)
                .hasMessageContaining("auto, container or plain");
    }
}
