package holt.bus.remote;

import static java.nio.charset.StandardCharsets.UTF_8;

import holt.model.ErrorCode;
import holt.model.Problem;
import holt.model.ProblemException;
import io.nats.client.AuthHandler;
import io.nats.client.NKey;
import io.nats.client.Nats;
import io.nats.client.Options;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermission;
import java.security.GeneralSecurityException;
import java.util.EnumSet;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;

/**
 * What a client says of itself, out of a file that only its owner can read. The file has lines {@code name = value}:
 * {@code user} and {@code password}, or {@code token}, or {@code nkey} with a seed; or it is a credentials file as the
 * tool {@code nsc} writes it. Read at each connection, so that a login can be changed while we run.
 */
final class Login {
    private static final long MAX_BYTES = 64 << 10;
    private static final String CREDENTIALS_START = "-----BEGIN NATS USER JWT-----";
    private static final Set<PosixFilePermission> OWNER_ONLY = EnumSet.of(
            PosixFilePermission.OWNER_READ, PosixFilePermission.OWNER_WRITE, PosixFilePermission.OWNER_EXECUTE);

    private Login() {}

    /**
     * Adds the login to the options of a connection.
     *
     * @throws ProblemException {@code parameter-invalid} where the file cannot be used; nothing of it is repeated
     */
    static void add(Options.Builder options, @Nullable Path file) {
        if (file == null) {
            return;
        }
        String text = read(file);
        if (text.contains(CREDENTIALS_START)) {
            options.authHandler(Nats.staticCredentials(text.getBytes(UTF_8)));
            return;
        }
        Map<String, String> values = values(file, text);
        String user = values.get("user");
        String password = values.get("password");
        String token = values.get("token");
        String nkey = values.get("nkey");
        if (user != null && password != null && values.size() == 2) {
            options.userInfo(user.toCharArray(), password.toCharArray());
        } else if (token != null && values.size() == 1) {
            options.token(token.toCharArray());
        } else if (nkey != null && values.size() == 1) {
            options.authHandler(new SeedLogin(seed(file, nkey)));
        } else {
            throw refusal(file, "it has the names " + values.keySet());
        }
    }

    private static String read(Path file) {
        try {
            Set<PosixFilePermission> permissions = Files.getPosixFilePermissions(file);
            if (!OWNER_ONLY.containsAll(permissions)) {
                throw Problem.of(
                                ErrorCode.PARAMETER_INVALID, "The login for the bus in " + file + " is open to others.")
                        .expected("a file that only its owner can read", permissions.toString())
                        .remedy("Close it: chmod 600 " + file)
                        .exception();
            }
            if (Files.size(file) > MAX_BYTES) {
                throw refusal(file, "it has " + Files.size(file) + " bytes");
            }
            return Files.readString(file);
        } catch (IOException fault) {
            throw new ProblemException(
                    Problem.of(ErrorCode.PARAMETER_INVALID, "The login for the bus cannot be read: " + fault + ".")
                            .remedy("Mend the file that bus.credentials names, or take that setting out."),
                    fault);
        }
    }

    private static Map<String, String> values(Path file, String text) {
        Map<String, String> values = new TreeMap<>();
        for (String line : text.lines().map(String::strip).toList()) {
            int equals = line.indexOf('=');
            if (line.isEmpty() || line.startsWith("#")) {
                continue;
            }
            if (equals < 1) {
                throw refusal(file, "a line without '='");
            }
            values.put(
                    line.substring(0, equals).strip(),
                    line.substring(equals + 1).strip());
        }
        return values;
    }

    private static NKey seed(Path file, String seed) {
        try {
            return NKey.fromSeed(seed.toCharArray());
        } catch (IllegalArgumentException fault) {
            throw refusal(file, "an nkey that is not a seed");
        }
    }

    private static ProblemException refusal(Path file, String found) {
        return Problem.of(ErrorCode.PARAMETER_INVALID, "The login for the bus in " + file + " cannot be used.")
                .expected(
                        "lines 'user = ...' and 'password = ...', or 'token = ...', or 'nkey = SU...', or a .creds file",
                        found)
                .exception();
    }

    /** Proves that it has a seed by signing what the server made up. */
    private record SeedLogin(NKey key) implements AuthHandler {
        @Override
        public byte[] sign(byte[] nonce) {
            try {
                return key.sign(nonce);
            } catch (GeneralSecurityException | IOException fault) {
                throw new IllegalStateException("Expected an nkey that can sign", fault);
            }
        }

        @Override
        public char[] getID() {
            try {
                return key.getPublicKey();
            } catch (GeneralSecurityException | IOException fault) {
                throw new IllegalStateException("Expected an nkey with a public part", fault);
            }
        }

        @Override
        public char @Nullable [] getJWT() {
            return null;
        }
    }
}
