package holt.server;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import holt.bus.remote.RemoteSettings;
import holt.model.ProblemException;
import java.net.URI;
import java.nio.file.Path;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Where the bus is, by settings. */
final class BusSettingsTest {
    @TempDir
    Path home;

    @Test
    void theBusIsHoltsOwnWhereNoneIsNamed() {
        assertThat(read(Map.of()).bus()).isEmpty();
    }

    @Test
    void everySettingOfTheBusReachesItsClient() {
        RemoteSettings bus = read(Map.of(
                        "HOLT_BUS_URL", "bus1,tls://bus2:5222",
                        "HOLT_BUS_CREDENTIALS", "secret/bus",
                        "HOLT_BUS_CA", "/etc/bus.pem",
                        "HOLT_BUS_MONITOR", "http://bus1:8222",
                        "HOLT_BUS_PREFIX", "east.one"))
                .bus()
                .orElseThrow();
        assertThat(bus.servers()).containsExactly(URI.create("nats://bus1:4222"), URI.create("tls://bus2:5222"));
        assertThat(bus.credentials()).isEqualTo(home.resolve("secret/bus"));
        assertThat(bus.authority()).isEqualTo(Path.of("/etc/bus.pem"));
        assertThat(bus.monitor()).isEqualTo(URI.create("http://bus1:8222"));
        assertThat(bus.prefix()).isEqualTo("east.one");
    }

    @Test
    void aLoginInAnAddressIsRefusedBeforeItIsShown() {
        assertThatThrownBy(() -> read(Map.of("HOLT_BUS_URL", "nats://holt:p4711@bus1")))
                .isInstanceOf(ProblemException.class)
                .hasMessageContaining("bus.credentials")
                .hasMessageNotContaining("4711");
        assertThatThrownBy(
                        () -> read(Map.of("HOLT_BUS_URL", "bus1", "HOLT_BUS_MONITOR", "http://holt:p4711@bus1:8222")))
                .isInstanceOf(ProblemException.class)
                .hasMessageContaining("bus.monitor")
                .hasMessageNotContaining("4711");
    }

    @Test
    void aPrefixThatCannotStandBeforeASubjectIsRefused() {
        for (String prefix : new String[] {"a b", "a.", "*", ">", "$SYS", "_INBOX", "a..b"}) {
            assertThatThrownBy(() -> read(Map.of("HOLT_BUS_URL", "bus1", "HOLT_BUS_PREFIX", prefix))
                            .bus())
                    .as("prefix '%s'", prefix)
                    .isInstanceOf(ProblemException.class)
                    .hasMessageContaining("prefix");
        }
    }

    @Test
    void aMonitorThatIsNoAddressIsRefused() {
        for (String monitor : new String[] {"bus1", "ftp://bus1", "http://", "http://a b", "http://bus1/?x"}) {
            assertThatThrownBy(() -> read(Map.of("HOLT_BUS_URL", "bus1", "HOLT_BUS_MONITOR", monitor))
                            .bus())
                    .as("monitor '%s'", monitor)
                    .isInstanceOf(ProblemException.class)
                    .hasMessageContaining("bus.monitor");
        }
    }

    private Configuration read(Map<String, String> environment) {
        return ConfigurationReader.read(home, environment, Map.of());
    }
}
