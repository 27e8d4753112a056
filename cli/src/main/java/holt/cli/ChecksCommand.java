package holt.cli;

import holt.model.Api;
import java.io.IOException;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/** {@code holt checks NAME}: shows and changes how an app's instances are checked and ended. */
@Command(
        header = "Show or change how an app's instances are checked and ended.",
        description = {
            "Without options it shows them. A change is a new release: instances are replaced one by one.",
            "A check is port, none, http:/path (a status of 200 to 399 is good) or command:COMMAND (run in the instance;"
                    + " 0 is good)."
        },
        footerHeading = "%nExamples:%n",
        footer = {
            "  holt checks shop                             show them",
            "  holt checks shop --check http:/ready --liveness http:/healthz",
            "  holt checks shop --liveness 'command:pgrep worker' --liveness-interval 30s",
            "  holt checks shop --grace 30s --before-stop './drain.sh'"
        })
final class ChecksCommand extends Subcommand {
    @Parameters(index = "0", paramLabel = "NAME", description = "Name of the app.")
    String name = "";

    @Mixin
    CheckOptions options = new CheckOptions();

    @Option(
            names = "--start-limit",
            paramLabel = "SECONDS",
            description = "How long an instance may take until it is ready.")
    @Nullable
    Integer startLimit;

    ChecksCommand(HoltCommand holt) {
        super(holt);
    }

    @Override
    int run(ApiClient api, Output output) throws IOException {
        String path = ApiPath.app(name) + "/checks";
        Api.ChecksBody body = options.body(startLimit);
        if (body != null) {
            Api.Checks after = api.call("PATCH", path, body, Api.Checks.class);
            if (output.isJson()) {
                output.json(LeanJson.bytes(after));
                return ExitCode.OK;
            }
            output.say(name + ": changed. 'holt events " + name + " -f' shows the instances being replaced.");
            show(after, output);
            return ExitCode.OK;
        }
        byte[] answer = api.get(path);
        if (output.isJson()) {
            output.json(answer);
        } else {
            show(LeanJson.read(answer, Api.Checks.class), output);
        }
        return ExitCode.OK;
    }

    private static void show(Api.Checks checks, Output output) {
        output.say("ready         " + Text.printable(checks.check()) + ", within " + checks.startLimitSeconds() + " s");
        String often = checks.liveness().equals("none")
                ? ""
                : ", every " + checks.livenessInterval() + " s for at most " + checks.livenessTimeout() + " s, "
                        + Text.count(checks.livenessFailures(), "failure") + " in a row end it";
        output.say("alive         " + Text.printable(checks.liveness()) + often);
        output.say("grace         "
                + (checks.graceSeconds() == 0 ? "the platform's own" : checks.graceSeconds() + " s")
                + " from SIGTERM to SIGKILL");
        if (!checks.beforeStop().isEmpty()) {
            output.say("before stop   " + Text.printable(checks.beforeStop()));
        }
    }
}
