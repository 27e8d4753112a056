package holt.cli;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class LoginTest {
    @TempDir
    Path folder;

    private FakePlatform platform;
    private Cli cli;

    @BeforeEach
    void start() throws IOException {
        platform = FakePlatform.start();
        cli = new Cli(folder);
    }

    @AfterEach
    void stop() {
        platform.close();
    }

    @Test
    void aTokenFromStandardInputIsKeptForItsOwnerAlone() throws IOException {
        cli.input = FakePlatform.TOKEN + "\n";
        assertThat(cli.run("login", "--api", platform.url(), "--token-stdin").exitCode())
                .isZero();
        Path file = folder.resolve("home/client.json");
        assertThat(PosixFilePermissions.toString(Files.getPosixFilePermissions(file)))
                .isEqualTo("rw-------");
        assertThat(PosixFilePermissions.toString(Files.getPosixFilePermissions(file.getParent())))
                .isEqualTo("rwx------");
        assertThat(cli.run("apps").exitCode()).isZero();
    }

    @Test
    void aTypedTokenIsTakenToo() {
        cli.password = FakePlatform.TOKEN;
        assertThat(cli.run("login", "--api", platform.url() + "/api/v1/").out()).contains("Logged in");
        assertThat(cli.run("apps").exitCode()).isZero();
    }

    @Test
    void aWrongTokenIsNotKept() {
        cli.password = "wrong";
        Cli.Result result = cli.run("login", "--api", platform.url());
        assertThat(result.exitCode()).isEqualTo(ExitCode.DENIED);
        assertThat(folder.resolve("home/client.json")).doesNotExist();
    }

    @Test
    void whatIsNoTokenOrNoAddressIsRefused() {
        assertThat(cli.run("login", "--api", platform.url()).exitCode()).isEqualTo(ExitCode.USAGE);
        cli.password = "two words";
        assertThat(cli.run("login", "--api", platform.url()).exitCode()).isEqualTo(ExitCode.USAGE);
        assertThat(cli.run("login", "--api", "ftp://x").exitCode()).isEqualTo(ExitCode.FAILED);
        assertThat(cli.run("login").err()).contains("Missing: --api");
    }

    @Test
    void profilesCanBeChosenBetween() throws IOException {
        cli.password = FakePlatform.TOKEN;
        cli.run("login", "--api", platform.url());
        try (FakePlatform other = FakePlatform.start()) {
            cli.run("login", "--api", other.url(), "--profile", "work");
            assertThat(cli.run("target").out()).contains(other.url(), "default, work");
            assertThat(cli.run("target", "default").out()).contains(platform.url());
        }
        assertThat(cli.run("apps").exitCode()).isZero();
    }

    @Test
    void afterLogoutTheTokenIsGone() throws IOException {
        cli.password = FakePlatform.TOKEN;
        cli.run("login", "--api", platform.url());
        assertThat(cli.run("logout").out()).contains("Logged out");
        assertThat(Files.readString(folder.resolve("home/client.json"))).doesNotContain(FakePlatform.TOKEN);
        assertThat(cli.run("apps").exitCode()).isEqualTo(ExitCode.DENIED);
    }

    @Test
    void theTokenOfOnePlatformIsNotSentToAnother() throws IOException {
        cli.password = FakePlatform.TOKEN;
        cli.run("login", "--api", platform.url());
        try (FakePlatform other = FakePlatform.start()) {
            cli.environment.put("HOLT_API", other.url());
            assertThat(cli.run("apps").exitCode()).isEqualTo(ExitCode.DENIED);
        }
    }

    @Test
    void aBrokenFileIsToldWithItsRemedy() throws IOException {
        Files.createDirectories(folder.resolve("home"));
        Files.writeString(folder.resolve("home/client.json"), "{");
        Cli.Result result = cli.run("apps");
        assertThat(result.exitCode()).isEqualTo(ExitCode.DENIED);
        assertThat(result.err()).contains("client.json", "log in again");
    }

    @Test
    void addressesThatOthersCanListenToAreWarnedOf() {
        assertThat(ApiAddress.isExposed(ApiAddress.parse("http://api.example.org")))
                .isTrue();
        assertThat(ApiAddress.isExposed(ApiAddress.parse("https://api.example.org")))
                .isFalse();
        assertThat(ApiAddress.isExposed(ApiAddress.parse("localhost:80"))).isFalse();
        assertThat(ApiAddress.isExposed(ApiAddress.parse("http://127.0.0.1"))).isFalse();
        assertThat(ApiAddress.isExposed(ApiAddress.parse("http://[::1]:80"))).isFalse();
    }
}
