package holt.server;

import holt.bus.server.BusUser;
import holt.model.ErrorCode;
import holt.model.Json;
import holt.model.Problem;
import holt.model.ProblemException;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.nio.file.attribute.PosixFilePermission;
import java.nio.file.attribute.PosixFilePermissions;
import java.security.SecureRandom;
import java.util.Base64;
import java.util.EnumSet;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/** Who may use the bus's port: the users of a file, or whoever has the token that is made at the first start. Stateless. */
final class BusAccess {
    private static final int TOKEN_BYTES = 32;
    private static final int MAX_USERS = 10_000;
    private static final Set<PosixFilePermission> FOR_OTHERS = EnumSet.of(
            PosixFilePermission.GROUP_READ,
            PosixFilePermission.GROUP_WRITE,
            PosixFilePermission.OTHERS_READ,
            PosixFilePermission.OTHERS_WRITE);

    private BusAccess() {}

    /** One user as the file has it. */
    record Entry(
            @Nullable String name,
            @Nullable String password,
            @Nullable String nkey,
            @Nullable Patterns publish,
            @Nullable Patterns subscribe,
            @Nullable Answers answers) {

        private BusUser user(Path file) {
            boolean signs = nkey != null;
            String who = signs ? nkey : name;
            if (who == null || who.isBlank() || signs == (password != null) || (signs && name != null)) {
                throw refusal(file, "users with a name and a password, or with an nkey (U...)", String.valueOf(who));
            }
            return new BusUser(
                    who,
                    password,
                    new BusUser.Permissions(
                            subjects(publish),
                            subjects(subscribe),
                            answers == null ? null : new BusUser.Responses(answers.max(), answers.expiresMillis())));
        }

        private static BusUser.Subjects subjects(@Nullable Patterns patterns) {
            return patterns == null
                    ? BusUser.Subjects.ALL
                    : new BusUser.Subjects(orNone(patterns.allow()), orNone(patterns.deny()));
        }

        private static List<String> orNone(@Nullable List<String> patterns) {
            return patterns == null ? List.of() : patterns;
        }

        /** Secrets do not belong in a log. */
        @Override
        public String toString() {
            return "Entry[" + name + "]";
        }
    }

    /** Subjects in a user's rights. */
    record Patterns(@Nullable List<String> allow, @Nullable List<String> deny) {}

    /** Leave to answer requests. */
    record Answers(int max, long expiresMillis) {}

    /**
     * The users of a file: a JSON list.
     *
     * @throws ProblemException {@code parameter-invalid} for a file that others can read, or that is not such a list
     */
    static List<BusUser> users(Path file) throws IOException {
        checkPrivate(file);
        Entry[] entries;
        try {
            entries = Json.readStrictly(Files.readAllBytes(file), Entry[].class);
        } catch (ProblemException bad) {
            throw new ProblemException(
                    Problem.of(
                                    ErrorCode.PARAMETER_INVALID,
                                    "The users of the bus in " + file + " cannot be used: "
                                            + bad.problem().detail())
                            .expected("a JSON list of users", "something else"),
                    bad);
        }
        if (entries.length == 0 || entries.length > MAX_USERS) {
            throw refusal(file, "1 to " + MAX_USERS + " users", Integer.toString(entries.length));
        }
        Set<String> names = new HashSet<>();
        return List.of(entries).stream()
                .map(entry -> entry.user(file))
                .peek(user -> {
                    if (!names.add(user.name())) {
                        throw refusal(file, "each user once", user.name());
                    }
                })
                .toList();
    }

    private static void checkPrivate(Path file) throws IOException {
        if (!Files.isRegularFile(file)) {
            throw refusal(file, "a file", "none");
        }
        Set<PosixFilePermission> given = Files.getPosixFilePermissions(file);
        if (given.stream().anyMatch(FOR_OTHERS::contains)) {
            throw refusal(
                    file, "a file that only its owner can read (chmod 600)", PosixFilePermissions.toString(given));
        }
    }

    private static ProblemException refusal(Path file, String expected, String found) {
        return Problem.of(ErrorCode.PARAMETER_INVALID, "The users of the bus in " + file + " cannot be used.")
                .expected(expected, found)
                .exception();
    }

    /** The token in the home folder, made where there is none; only its owner can read it. */
    static String token(Path home) throws IOException {
        Path file = tokenFile(home);
        if (!Files.exists(file, LinkOption.NOFOLLOW_LINKS)) {
            byte[] random = new byte[TOKEN_BYTES];
            new SecureRandom().nextBytes(random);
            Files.createDirectories(
                    file.getParent(),
                    PosixFilePermissions.asFileAttribute(PosixFilePermissions.fromString("rwx------")));
            Files.createFile(file, PosixFilePermissions.asFileAttribute(PosixFilePermissions.fromString("rw-------")));
            Files.writeString(
                    file,
                    Base64.getUrlEncoder().withoutPadding().encodeToString(random) + "\n",
                    StandardOpenOption.TRUNCATE_EXISTING);
        }
        checkPrivate(file);
        String token = Files.readString(file).strip();
        if (token.isEmpty()) {
            throw refusal(file, "a token; delete the file for a new one", "nothing");
        }
        return token;
    }

    static Path tokenFile(Path home) {
        return home.resolve("secret").resolve("bus.token");
    }
}
