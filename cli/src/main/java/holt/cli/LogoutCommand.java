package holt.cli;

import java.util.Map;
import picocli.CommandLine.Command;

/** {@code holt logout}: forgets the token of the platform in use. */
@Command(
        header = "Forget the token of the present platform.",
        description = "The token itself stays valid: 'holt token revoke' ends it.")
final class LogoutCommand extends Subcommand {
    LogoutCommand(HoltCommand holt) {
        super(holt);
    }

    @Override
    public Integer call() throws Exception {
        Credentials credentials = holt.credentials();
        String name = credentials
                .currentName()
                .orElseThrow(() -> new CommandFailure(ExitCode.DENIED, "You are not logged in to any platform."));
        String api = credentials.current().orElseThrow().api();
        credentials.save(name, api, null);
        Output output = holt.output();
        if (output.isJson()) {
            output.json(Map.of("profile", name, "api", api));
        } else {
            output.say("Logged out of " + api + ".");
        }
        return ExitCode.OK;
    }

    @Override
    int run(ApiClient api, Output output) {
        throw new IllegalStateException("A logout needs no platform");
    }
}
