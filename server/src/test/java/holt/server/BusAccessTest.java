package holt.server;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import holt.bus.server.BusUser;
import holt.model.ProblemException;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class BusAccessTest {
    @TempDir
    private Path home;

    private Path file(String text, String mode) throws IOException {
        Path file = home.resolve("users.json");
        Files.writeString(file, text);
        Files.setPosixFilePermissions(file, PosixFilePermissions.fromString(mode));
        return file;
    }

    @Test
    void theTokenIsMadeOnceAndForItsOwnerOnly() throws IOException {
        String token = BusAccess.token(home);
        assertThat(token).hasSizeGreaterThan(40);
        assertThat(BusAccess.token(home)).isEqualTo(token);
        assertThat(PosixFilePermissions.toString(Files.getPosixFilePermissions(BusAccess.tokenFile(home))))
                .isEqualTo("rw-------");
    }

    @Test
    void aTokenThatOthersCanReadIsRefused() throws IOException {
        BusAccess.token(home);
        Files.setPosixFilePermissions(BusAccess.tokenFile(home), PosixFilePermissions.fromString("rw-r--r--"));
        assertThatThrownBy(() -> BusAccess.token(home))
                .isInstanceOf(ProblemException.class)
                .hasMessageContaining("chmod 600");
    }

    @Test
    void usersHaveTheirRights() throws IOException {
        List<BusUser> users = BusAccess.users(file("""
                [{"name": "shop", "password": "secret", "publish": {"allow": ["shop.>"]},
                  "subscribe": {"deny": ["holt.>"]}, "answers": {"max": 2, "expiresMillis": 500}},
                 {"nkey": "UABC"}]
                """, "rw-------"));
        assertThat(users).hasSize(2);
        BusUser shop = users.getFirst();
        assertThat(shop.name()).isEqualTo("shop");
        assertThat(shop.permissions().publish().allow()).containsExactly("shop.>");
        assertThat(shop.permissions().subscribe().deny()).containsExactly("holt.>");
        assertThat(shop.permissions().responses()).isEqualTo(new BusUser.Responses(2, 500));
        assertThat(users.getLast().name()).isEqualTo("UABC");
        assertThat(users.getLast().password()).isNull();
        assertThat(users.toString()).doesNotContain("secret");
    }

    @ParameterizedTest
    @CsvSource(delimiter = '|', textBlock = """
                    []                                          | 1 to
                    {}                                          | JSON list
                    not JSON                                    | JSON list
                    [{"name": "a"}]                             | password
                    [{"password": "a"}]                         | name
                    [{"name": "a", "password": "x", "nkey": "U"}] | nkey
                    [{"name": "a", "password": "x"}, {"name": "a", "password": "y"}] | once
                    [{"name": "a", "pasword": "x"}]             | pasword
                    """)
    void whatIsNotAListOfUsersIsRefused(String text, String named) throws IOException {
        Path file = file(text, "rw-------");
        assertThatThrownBy(() -> BusAccess.users(file))
                .isInstanceOf(ProblemException.class)
                .hasMessageContaining("users.json")
                .hasMessageContaining(named);
    }

    @Test
    void usersThatOthersCanReadAreRefused() throws IOException {
        Path file = file("[{\"name\": \"a\", \"password\": \"x\"}]", "rw-r-----");
        assertThatThrownBy(() -> BusAccess.users(file))
                .isInstanceOf(ProblemException.class)
                .hasMessageContaining("chmod 600");
        assertThatThrownBy(() -> BusAccess.users(home.resolve("none")))
                .isInstanceOf(ProblemException.class)
                .hasMessageContaining("none");
    }
}
