package holt.cli;

import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;

/** {@code holt login}: keeps the address of a platform and a token for it. */
@Command(
        header = "Log in to a platform with a token.",
        description = {
            "Asks for the token, or reads it from standard input; never as an argument, which others could read.",
            "Kept in client.json in the home folder, readable by you alone.",
            "The variables HOLT_API and HOLT_TOKEN go before it."
        },
        footerHeading = "%nExamples:%n",
        footer = {
            "  holt login --api https://api.example.org",
            "  holt login --api https://api.example.org --profile work",
            "  holt login --api http://127.0.0.1:8080 --token-stdin < token"
        })
final class LoginCommand extends Subcommand {
    @Option(
            names = "--api",
            paramLabel = "URL",
            description = "Address of the platform; the present one where not given.")
    @Nullable
    String address;

    @Option(names = "--token-stdin", description = "Read the token from standard input.")
    boolean fromInput;

    @Option(
            names = "--profile",
            paramLabel = "NAME",
            description = "Name to keep it under, see 'holt target'; 'default' where not given.")
    @Nullable
    String profile;

    LoginCommand(HoltCommand holt) {
        super(holt);
    }

    @Override
    public Integer call() throws Exception {
        Credentials credentials = holt.credentials();
        URI chosen = ApiAddress.parse(address(credentials));
        try (ApiClient open = new ApiClient(chosen, null)) {
            open.get("/info");
        }
        if (ApiAddress.isExposed(chosen)) {
            holt.output().warn("the token goes to " + chosen + " without encryption.");
        }
        String token = token();
        try (ApiClient api = new ApiClient(chosen, token)) {
            api.get("/apps");
        }
        String name = profile != null ? profile : Credentials.DEFAULT_PROFILE;
        credentials.save(name, chosen.toString(), token);
        Output output = holt.output();
        if (output.isJson()) {
            output.json(java.util.Map.of("profile", name, "api", chosen.toString()));
        } else {
            output.say("Logged in to " + chosen + ".");
        }
        return ExitCode.OK;
    }

    @Override
    int run(ApiClient api, Output output) {
        throw new IllegalStateException("A login has no platform yet");
    }

    private String address(Credentials credentials) {
        if (address != null) {
            return address;
        }
        String named = holt.context().environment().getOrDefault("HOLT_API", "");
        if (!named.isEmpty()) {
            return named;
        }
        return credentials
                .current()
                .map(Credentials.Profile::api)
                .orElseThrow(() -> usage("Missing: --api, the address of the platform."));
    }

    private String token() throws IOException {
        String token;
        if (fromInput) {
            token = new BufferedReader(new InputStreamReader(holt.context().in(), StandardCharsets.UTF_8)).readLine();
        } else {
            char[] typed = holt.context().password().read("Token: ");
            token = typed == null ? null : new String(typed);
        }
        if (token == null || token.isBlank()) {
            throw new CommandFailure(
                    ExitCode.USAGE,
                    "No token was given. Expected: one line, typed at the question or sent with --token-stdin.");
        }
        if (!token.strip().matches("[!-~]+")) {
            throw new CommandFailure(
                    ExitCode.USAGE, "The token has characters that no token has: is it the right text?");
        }
        return token.strip();
    }
}
