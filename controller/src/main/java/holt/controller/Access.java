package holt.controller;

import holt.identity.Role;
import holt.identity.Subject;
import holt.identity.Tokens;
import holt.model.Api;
import holt.model.ErrorCode;
import holt.model.Problem;
import holt.model.ProblemException;
import holt.store.TokenRow;
import holt.store.TruthStore;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.locks.ReentrantLock;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/** Knows callers by their tokens, and keeps the tokens. Safe for use by any thread. */
final class Access {
    private static final System.Logger LOG = System.getLogger(Access.class.getName());
    private static final Duration TOUCH_AFTER = Duration.ofMinutes(1);
    private static final String SCHEME = "bearer ";
    private static final Pattern NAME = Pattern.compile("[\\p{L}\\p{N}][\\p{L}\\p{N} ._@-]{0,63}");

    private final TruthStore store;
    private final InstantSource clock;
    /** Held while tokens are made and deleted, so that an admin is always left. */
    private final ReentrantLock lock = new ReentrantLock();

    Access(TruthStore store, InstantSource clock) {
        this.store = store;
        this.clock = clock;
    }

    /** Makes the first admin's token where there is no token at all; its text is told this once. */
    Optional<String> bootstrap() {
        lock.lock();
        try {
            return store.tokens().isEmpty()
                    ? Optional.of(create("admin", Role.ADMIN).token())
                    : Optional.empty();
        } finally {
            lock.unlock();
        }
    }

    /**
     * Who shows this {@code Authorization} header.
     *
     * @throws ProblemException {@code unauthorized} for a header that is not the one of a token we know
     */
    Subject subject(@Nullable String header) {
        if (header == null) {
            return Subject.ANONYMOUS;
        }
        if (!header.regionMatches(true, 0, SCHEME, 0, SCHEME.length())) {
            throw refused("The Authorization header has another scheme than Bearer.");
        }
        String text = header.substring(SCHEME.length()).strip();
        TokenRow row = store.tokenByHash(Tokens.hash(text))
                .filter(found -> Tokens.matches(text, found.hash()))
                .orElseThrow(() -> refused("The token is not known here; it may have been deleted."));
        touch(row);
        return new Subject(row.id(), row.name(), Role.of(row.role()));
    }

    private static ProblemException refused(String detail) {
        return Problem.of(ErrorCode.UNAUTHORIZED, detail)
                .expected("the header 'Authorization: Bearer TOKEN' with a token of this platform", null)
                .remedy("Log in with 'holt login', or ask an admin for a token.")
                .exception();
    }

    /** When a token was last used is good to know, and not worth refusing anybody when it cannot be written. */
    private void touch(TokenRow row) {
        Instant now = clock.instant();
        Instant last = row.lastUsedAt();
        if (last != null && now.isBefore(last.plus(TOUCH_AFTER))) {
            return;
        }
        try {
            store.touchToken(row.id(), now);
        } catch (ProblemException fault) {
            LOG.log(
                    System.Logger.Level.WARNING,
                    "event=token-use-not-noted id={0} reason=\"{1}\"",
                    row.id(),
                    fault.problem().detail());
        }
    }

    Api.Tokens list() {
        return new Api.Tokens(store.tokens().stream()
                .map(row -> new Api.TokenView(row.id(), row.name(), row.role(), row.createdAt(), row.lastUsedAt()))
                .toList());
    }

    Api.CreatedToken create(String name, Role role) {
        if (!NAME.matcher(name).matches()) {
            throw Problem.of(ErrorCode.PARAMETER_INVALID, "The token cannot have this name.")
                    .expected(
                            "1 to 64 letters, digits, blanks and . _ @ -, a letter or digit first",
                            Call.printable(name))
                    .exception();
        }
        Tokens.Created created = Tokens.create();
        store.insertToken(new TokenRow(created.id(), name, role.text(), created.hash(), clock.instant(), null));
        return new Api.CreatedToken(created.id(), name, role.text(), created.text());
    }

    void delete(String id) {
        lock.lock();
        try {
            if (isLastAdmin(id)) {
                throw Problem.of(
                                ErrorCode.CONFLICT,
                                "This is the last admin's token; without it nobody could manage tokens.")
                        .remedy("Make another admin's token first.")
                        .exception();
            }
            if (!store.deleteToken(id)) {
                throw Problem.of(
                                ErrorCode.TOKEN_NOT_FOUND,
                                "There is no token with the id '" + Call.printable(id) + "'.")
                        .remedy("'holt tokens' lists them.")
                        .exception();
            }
        } finally {
            lock.unlock();
        }
    }

    private boolean isLastAdmin(String id) {
        List<TokenRow> admins = store.tokens().stream()
                .filter(row -> row.role().equals(Role.ADMIN.text()))
                .toList();
        return admins.size() == 1 && admins.getFirst().id().equals(id);
    }
}
