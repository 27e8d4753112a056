package holt.controller;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import holt.bus.EmbeddedBus;
import holt.identity.Seal;
import holt.model.Api;
import holt.model.ErrorCode;
import holt.model.ProblemException;
import holt.store.FolderBlobs;
import holt.store.TruthStore;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.nio.file.Path;
import java.time.InstantSource;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class ControllerStartTest {
    @TempDir
    Path home;

    private Controller controller(EmbeddedBus bus, TruthStore store, int port) {
        return new Controller(
                ControllerSettings.of(home, "localhost", () -> "http://%s", "0.1.0")
                        .withApi("127.0.0.1", port),
                bus,
                store,
                new FolderBlobs(home.resolve("blobs")),
                Seal.open(home.resolve("secret.key")),
                InstantSource.system());
    }

    @Test
    void saysHowToChooseAnotherPortWhenItsPortIsTaken() throws Exception {
        try (EmbeddedBus bus = new EmbeddedBus();
                TruthStore store = TruthStore.open(home.resolve("truth.db"));
                ServerSocket other = new ServerSocket(0, 1, InetAddress.getByName("127.0.0.1"))) {
            Controller controller = controller(bus, store, other.getLocalPort());
            assertThatThrownBy(controller::start).isInstanceOfSatisfying(ProblemException.class, fault -> {
                assertThat(fault.problem().code()).isEqualTo(ErrorCode.PORT_TAKEN);
                assertThat(fault.problem().text()).contains("--api-port", Integer.toString(other.getLocalPort()));
            });
        }
    }

    @Test
    void makesTheFirstAdminsTokenOnce() {
        try (EmbeddedBus bus = new EmbeddedBus();
                TruthStore store = TruthStore.open(home.resolve("truth.db"))) {
            Controller controller = controller(bus, store, 0);
            assertThat(controller.bootstrapAdminToken()).isPresent();
            assertThat(controller.bootstrapAdminToken()).isEmpty();
        }
    }

    @Test
    void tellsAnybodyWhatPlatformItIsAndThatItIsReady() throws Exception {
        try (TestPlatform platform = new TestPlatform(home)) {
            assertThat(platform.read("/health").body()).isEqualTo("{\"status\":\"ready\"}");
            assertThat(platform.read("/info", Api.Info.class))
                    .isEqualTo(new Api.Info("holt", "0.1.0", "localhost", "http://%s:8080"));
        }
    }
}
