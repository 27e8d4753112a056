package holt.cli;

import holt.model.Api;
import java.io.IOException;

/** A command that changes one app: it shows what the app is afterwards, for programs as the API's record. */
abstract class ChangeCommand extends Subcommand {

    ChangeCommand(HoltCommand holt) {
        super(holt);
    }

    /** Name of the app. */
    abstract String app();

    /** Asks the platform for the change. */
    abstract void change(ApiClient api) throws IOException;

    /** What was done, for people. */
    abstract String told(Api.AppView after);

    @Override
    final int run(ApiClient api, Output output) throws IOException {
        change(api);
        byte[] after = api.get(ApiPath.app(app()));
        if (output.isJson()) {
            output.json(after);
        } else {
            output.say(told(LeanJson.read(after, Api.AppView.class)));
        }
        return ExitCode.OK;
    }
}
