package holt.cli;

import holt.model.Api;
import java.io.IOException;
import java.util.LinkedHashMap;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Parameters;

/** {@code holt target}: which platform the commands go to. */
@Command(
        header = "Show or choose the platform that commands go to.",
        aliases = "info",
        footerHeading = "%nExamples:%n",
        footer = {"  holt target           show it", "  holt target work      use the one of that profile"})
final class TargetCommand extends Subcommand {
    @Parameters(index = "0", arity = "0..1", paramLabel = "PROFILE", description = "Use this one from now on.")
    @Nullable
    String profile;

    TargetCommand(HoltCommand holt) {
        super(holt);
    }

    @Override
    public Integer call() throws Exception {
        if (profile != null) {
            choose(profile);
        }
        return super.call();
    }

    @Override
    int run(ApiClient api, Output output) throws IOException {
        Api.Info info = api.get("/info", Api.Info.class);
        String own = VersionCommand.version();
        if (output.isJson()) {
            Map<String, Object> members = new LinkedHashMap<>();
            members.put("api", api.address().toString());
            members.put("info", info);
            members.put("clientVersion", own);
            members.put("profiles", java.util.List.copyOf(holt.credentials().names()));
            output.json(members);
            return ExitCode.OK;
        }
        Credentials credentials = holt.credentials();
        output.say("api       " + api.address());
        output.say("platform  " + info.name() + " " + info.version());
        output.say("client    " + own);
        output.say("domain    " + info.domain() + "  (apps are at "
                + info.urlPattern().replace("%s", "NAME." + info.domain()) + ")");
        if (credentials.names().size() > 1) {
            output.say("profiles  " + String.join(", ", credentials.names()) + "  (now: "
                    + credentials.currentName().orElse("none") + ")");
        }
        return ExitCode.OK;
    }

    private void choose(String name) throws IOException {
        Credentials credentials = holt.credentials();
        if (credentials.profile(name).isEmpty()) {
            String known = credentials.names().isEmpty() ? "none" : String.join(", ", credentials.names());
            throw new CommandFailure(
                    ExitCode.FAILED,
                    "There is no profile '" + Text.printable(name, 40) + "'. Expected: one of " + known
                            + ". Make one with 'holt login --api URL --profile NAME'.");
        }
        credentials.use(name);
    }
}
