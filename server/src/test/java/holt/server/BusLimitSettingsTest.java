package holt.server;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import holt.bus.server.BusLimits;
import holt.model.ProblemException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.HashMap;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class BusLimitSettingsTest {
    private static BusLimits limits(Map<Setting, String> values) {
        Map<Setting, String> all = new HashMap<>(values);
        all.put(Setting.DOMAIN, "localhost");
        return BusLimitSettings.of(new Configuration(Path.of("/home"), all, Map.of(Setting.DOMAIN, "a test")));
    }

    @Test
    void withoutSettingsTheyAreNatsServers() {
        assertThat(limits(Map.of())).isEqualTo(BusLimits.standard());
    }

    @Test
    void settingsAreTaken() {
        BusLimits limits = limits(Map.of(
                Setting.BUS_MAX_PAYLOAD, "2M",
                Setting.BUS_PING_INTERVAL, "500ms",
                Setting.BUS_MAX_SUBSCRIPTIONS, "100"));
        assertThat(limits.maxPayload()).isEqualTo(2 << 20);
        assertThat(limits.pingInterval()).isEqualTo(Duration.ofMillis(500));
        assertThat(limits.maxSubscriptions()).isEqualTo(100);
    }

    @ParameterizedTest
    @CsvSource({
        "BUS_MAX_PAYLOAD, 1G, 64M",
        "BUS_MAX_PENDING, 1K, 1M",
        "BUS_MAX_CONNECTIONS, 0, from 1",
        "BUS_MAX_CONNECTIONS, many, from 1",
        "BUS_MAX_SUBSCRIPTIONS, -1, from 0",
        "BUS_PING_INTERVAL, 0s, 10s",
        "BUS_PING_INTERVAL, soon, 10s",
        "BUS_PING_MAX, 1000, 100",
        "BUS_AUTH_TIMEOUT, 2, 10s",
        "BUS_WRITE_DEADLINE, -1s, 10s"
    })
    void whatCannotBeIsRefusedWithWhatCould(Setting setting, String value, String named) {
        assertThatThrownBy(() -> limits(Map.of(setting, value)))
                .isInstanceOf(ProblemException.class)
                .hasMessageContaining(setting.key())
                .hasMessageContaining(named);
    }
}
