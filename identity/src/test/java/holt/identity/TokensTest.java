package holt.identity;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;

class TokensTest {
    @Test
    void aTokenIsRecognisedByItsHashAlone() {
        Tokens.Created token = Tokens.create();
        assertThat(token.text()).matches("holt_[A-Za-z0-9_-]{43}");
        assertThat(token.hash()).isEqualTo(Tokens.hash(token.text())).matches("[0-9a-f]{64}");
        assertThat(Tokens.matches(token.text(), token.hash())).isTrue();
        assertThat(Tokens.matches(token.text() + "x", token.hash())).isFalse();
        assertThat(Tokens.matches("", token.hash())).isFalse();
    }

    @Test
    void noTwoTokensAreAlike() {
        Tokens.Created one = Tokens.create();
        Tokens.Created other = Tokens.create();
        assertThat(one.text()).isNotEqualTo(other.text());
        assertThat(one.id()).isNotEqualTo(other.id());
    }

    @Test
    void aTokenDoesNotTellItsTextToALog() {
        Tokens.Created token = Tokens.create();
        assertThat(token.toString()).doesNotContain(token.text()).contains(token.id());
    }
}
