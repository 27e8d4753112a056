package holt.agent;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Addresses and links of one host, against this machine's kernel where they are made; needs root. */
class NetworkPlanTest {
    private static final String PLATFORM = "fffffff1";

    @TempDir
    Path folder;

    @Test
    void linksOfARangeHaveNamesTheKernelTakesAndAddressesOfTheirOwn() {
        Set<String> names = new HashSet<>();
        Set<String> hardware = new HashSet<>();
        for (int slot = 2; slot <= AddressRange.SIZE - 2; slot++) {
            String name = "holt" + PLATFORM + "%03x".formatted(slot);
            assertThat(name).hasSizeLessThanOrEqualTo(15);
            names.add(name);
            hardware.add(AddressRange.hardware((10 << 24) | (200 << 16) | slot));
        }
        assertThat(names).hasSize(4093);
        assertThat(hardware).hasSize(4093);
    }

    @Test
    void networksHangOnNoBridgeWhosePortsCouldRunOut() throws IOException {
        InstanceNetwork network = new InstanceNetwork(folder, PLATFORM, 3, Map.of());
        List<InstanceNetwork.Prepared> taken = new ArrayList<>();
        try {
            for (int each = 0; each < 40; each++) {
                taken.add(network.take());
            }
            assertThat(taken).extracting(InstanceNetwork.Prepared::address).doesNotHaveDuplicates();
            String routes = Tool.check(List.of("ip", "-4", "route"), "");
            assertThat(taken)
                    .allSatisfy(each ->
                            assertThat(routes).contains(each.address() + " dev " + network.port(each.address())));
            assertThat(Tool.check(List.of("ip", "link", "show", "type", "veth"), ""))
                    .doesNotContain(" master ");
        } finally {
            for (InstanceNetwork.Prepared each : taken) {
                network.release(each);
                network.free(each.address());
            }
            network.close();
            network.remove();
        }
        assertThat(Tool.check(List.of("ip", "link"), "")).doesNotContain(PLATFORM);
    }

    @Test
    void requestTheKernelRefusesIsTold() throws IOException {
        try (Netlink kernel = Netlink.open()) {
            assertThatThrownBy(() -> kernel.request("no link", InstanceLink.delete("holt-no-such")))
                    .hasMessageContaining("no link failed, errno " + Netlink.ENODEV);
        }
    }
}
