package holt.identity;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatCode;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import holt.model.ErrorCode;
import holt.model.ProblemException;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class AuthorizerTest {
    private static final String TABLE = """
            READ_PLATFORM_INFO | yes | yes | yes | yes
            READ_APPS          | yes | yes | yes | no
            READ_LOGS          | yes | yes | yes | no
            READ_HOSTS         | yes | yes | yes | no
            READ_FILES         | yes | yes | no  | no
            ENTER_INSTANCES    | yes | yes | no  | no
            READ_SECRETS       | yes | yes | no  | no
            UPLOAD             | yes | yes | no  | no
            BUILD              | yes | yes | no  | no
            CHANGE_APPS        | yes | yes | no  | no
            DELETE_APPS        | yes | yes | no  | no
            MANAGE_HOSTS       | yes | no  | no  | no
            MANAGE_STACKS      | yes | no  | no  | no
            MANAGE_TOKENS      | yes | no  | no  | no
            USE_BUS            | yes | no  | no  | no
            """;

    @ParameterizedTest
    @CsvSource(textBlock = TABLE, delimiter = '|')
    void eachRoleMayDoWhatTheTableSays(Action action, String admin, String developer, String reader, String anonymous) {
        assertThat(mayDo(Role.ADMIN, action)).isEqualTo(admin);
        assertThat(mayDo(Role.DEVELOPER, action)).isEqualTo(developer);
        assertThat(mayDo(Role.READER, action)).isEqualTo(reader);
        assertThat(mayDo(Role.ANONYMOUS, action)).isEqualTo(anonymous);
    }

    @Test
    void theTableLeavesOutNoAction() {
        assertThat(TABLE.lines().map(line -> line.split("\\|", 2)[0].strip()))
                .containsExactlyInAnyOrder(
                        java.util.Arrays.stream(Action.values()).map(Enum::name).toArray(String[]::new));
    }

    private static String mayDo(Role role, Action action) {
        return switch (Authorizer.decide(new Subject("id", "laptop", role), action)) {
            case Decision.Allowed allowed -> "yes";
            case Decision.Refused refused -> "no";
        };
    }

    @Test
    void somebodyWithoutATokenIsAskedForOne() {
        ProblemException refusal = catchThrowableOfType(
                ProblemException.class, () -> Authorizer.require(Subject.ANONYMOUS, Action.CHANGE_APPS));
        assertThat(refusal.problem().code()).isEqualTo(ErrorCode.UNAUTHORIZED);
        assertThat(refusal).hasMessageContaining("Authorization: Bearer");
    }

    @Test
    void aTokenThatMayNotIsToldWhichMay() {
        ProblemException refusal = catchThrowableOfType(
                ProblemException.class,
                () -> Authorizer.require(new Subject("t1", "laptop", Role.READER), Action.DELETE_APPS));
        assertThat(refusal.problem().code()).isEqualTo(ErrorCode.FORBIDDEN);
        assertThat(refusal)
                .hasMessageContaining("'laptop' may not delete apps")
                .hasMessageContaining("admin or developer")
                .hasMessageContaining("Found: reader");
    }

    @Test
    void whoMayIsLetThrough() {
        assertThatCode(() -> Authorizer.require(Subject.ANONYMOUS, Action.READ_PLATFORM_INFO))
                .doesNotThrowAnyException();
    }

    @ParameterizedTest
    @CsvSource({"admin,ADMIN", "developer,DEVELOPER", "reader,READER"})
    void rolesAreReadByTheirName(String text, Role role) {
        assertThat(Role.of(text)).isEqualTo(role);
        assertThat(role.text()).isEqualTo(text);
    }

    @ParameterizedTest
    @CsvSource({"anonymous", "ADMIN", "root", "''"})
    void noTokenCanHaveAnotherRole(String text) {
        ProblemException refusal = catchThrowableOfType(ProblemException.class, () -> Role.of(text));
        assertThat(refusal).hasMessageContaining("admin, developer or reader");
    }
}
