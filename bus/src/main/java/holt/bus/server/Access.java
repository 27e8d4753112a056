package holt.bus.server;

import at.favre.lib.crypto.bcrypt.BCrypt;
import at.favre.lib.crypto.bcrypt.LongPasswordStrategies;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.util.HashMap;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** Decides who may connect. Immutable; any thread. */
final class Access {
    private static final BusUser ANYBODY = new BusUser("", null, BusUser.Permissions.ALL);

    /** Of a password it knows 72 bytes, and longer ones are not worth a fault. */
    private static final BCrypt.Verifyer BCRYPT =
            BCrypt.verifyer(BCrypt.Version.VERSION_2A, LongPasswordStrategies.truncate(BCrypt.Version.VERSION_2A));

    private final Map<String, BusUser> users = new HashMap<>();
    private final @Nullable String token;
    private final @Nullable BusUser noAuthUser;
    private final boolean signing;

    Access(BusSettings settings) {
        settings.users().forEach(user -> users.put(user.name(), user));
        this.token = settings.token();
        this.noAuthUser = settings.noAuthUser() == null ? null : users.get(settings.noAuthUser());
        this.signing = settings.users().stream().anyMatch(user -> user.password() == null);
        if (settings.noAuthUser() != null && noAuthUser == null) {
            throw new IllegalArgumentException(
                    "Expected no_auth_user to be one of the users, found: " + settings.noAuthUser());
        }
    }

    /** Whether clients have to say who they are. */
    boolean isRequired() {
        return (!users.isEmpty() || token != null) && noAuthUser == null;
    }

    /** The user somebody is before they say anything; null where that is nobody in particular. */
    @Nullable
    BusUser atFirst() {
        return noAuthUser;
    }

    /** Whether clients may sign a nonce. */
    boolean usesNonce() {
        return signing;
    }

    /** Whether to check it takes long enough to be done elsewhere than on the thread that serves everybody. */
    boolean isSlow(ConnectOptions.Claim claim) {
        BusUser user = claim.user() == null ? null : users.get(claim.user());
        return claim.nkey() != null || (user != null && isHashed(user)) || (token != null && isHash(token));
    }

    private static boolean isHashed(BusUser user) {
        return user.password() != null && isHash(user.password());
    }

    private static boolean isHash(String secret) {
        return secret.startsWith("$2a$") || secret.startsWith("$2b$") || secret.startsWith("$2y$");
    }

    /** The user somebody is; null where they are not who they say. */
    @Nullable
    BusUser check(ConnectOptions.Claim claim, byte[] nonce) {
        if (users.isEmpty() && token == null) {
            return ANYBODY;
        }
        if (claim.isEmpty()) {
            return noAuthUser;
        }
        if (claim.nkey() != null) {
            BusUser signer = users.get(claim.nkey());
            return signer != null
                            && signer.password() == null
                            && Nkeys.verifies(signer.name(), claim.signature(), nonce)
                    ? signer
                    : null;
        }
        if (token != null) {
            return claim.token() != null && isSame(token, claim.token()) ? ANYBODY : null;
        }
        BusUser user = claim.user() == null ? null : users.get(claim.user());
        String password = user == null ? null : user.password();
        return password != null && claim.password() != null && isSame(password, claim.password()) ? user : null;
    }

    private static boolean isSame(String secret, String told) {
        byte[] given = told.getBytes(StandardCharsets.UTF_8);
        return isHash(secret)
                ? BCRYPT.verify(given, secret.getBytes(StandardCharsets.US_ASCII)).verified
                : MessageDigest.isEqual(secret.getBytes(StandardCharsets.UTF_8), given);
    }
}
