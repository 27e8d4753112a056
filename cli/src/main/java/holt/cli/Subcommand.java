package holt.cli;

import java.util.concurrent.Callable;
import picocli.CommandLine;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Spec;

/** One command below {@code holt}. Made for one call. */
abstract class Subcommand implements Callable<Integer> {
    final HoltCommand holt;

    @Spec
    @SuppressWarnings("NullAway.Init") // set by picocli
    CommandSpec spec;

    Subcommand(HoltCommand holt) {
        this.holt = holt;
    }

    /** What the command does with the platform. */
    abstract int run(ApiClient api, Output output) throws Exception;

    @Override
    public Integer call() throws Exception {
        try (ApiClient api = holt.api()) {
            return told(api);
        }
    }

    private int told(ApiClient api) throws Exception {
        try {
            return run(api, holt.output());
        } catch (RefusedException refused) {
            throw NearApp.named(refused, api);
        }
    }

    /** Adds itself, and what is below it, to a command line. */
    CommandLine register(String name, CommandLine parent) {
        CommandLine own = new CommandLine(this);
        parent.addSubcommand(name, own);
        return CommandLines.configured(own, holt.context());
    }

    /** A mistake in the arguments that picocli cannot see. */
    RuntimeException usage(String message) {
        return new CommandLine.ParameterException(spec.commandLine(), message);
    }
}
