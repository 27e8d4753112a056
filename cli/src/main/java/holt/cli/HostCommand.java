package holt.cli;

import holt.model.Api;
import java.io.IOException;
import java.util.List;
import java.util.concurrent.TimeUnit;
import picocli.CommandLine;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/** {@code holt host}: empties a host, and takes it into use again. */
@Command(
        header = "Empty a host without a failed request, or take it into use again.",
        synopsisSubcommandLabel = "COMMAND",
        footerHeading = "%nExamples:%n",
        footer = {"  holt host drain node-2       move all away", "  holt host undrain node-2"})
final class HostCommand extends Subcommand {
    private static final String MISSING = "Missing: drain or undrain.";

    HostCommand(HoltCommand holt) {
        super(holt);
    }

    @Override
    CommandLine register(String name, CommandLine parent) {
        CommandLine own = super.register(name, parent);
        new Drain(holt).register("drain", own);
        new Undrain(holt).register("undrain", own);
        return own;
    }

    @Override
    public Integer call() {
        throw usage(MISSING);
    }

    @Override
    int run(ApiClient api, Output output) {
        throw usage(MISSING);
    }

    static String processes(int number) {
        return number + (number == 1 ? " process" : " processes");
    }

    private static String path(String host) {
        return "/hosts/" + ApiPath.encode(host) + "/drain";
    }

    /** {@code holt host drain}. */
    @Command(
            header = "Move all instances away from a host; nothing new is placed there.",
            description = {
                "Each instance runs and is routed elsewhere before it leaves. The platform goes on by itself, also after"
                        + " Ctrl-C and after a restart, until 'holt host undrain'.",
                "What finds no room elsewhere stays and is tried again. Processes that programs have forked cannot be"
                        + " moved: they stay until they end, unless --force ends them."
            },
            footerHeading = "%nExamples:%n",
            footer = {"  holt host drain node-2", "  holt host drain node-2 --force --no-wait"})
    static final class Drain extends Subcommand {
        private static final int LOOKS_BEFORE_STUCK = 3;

        @Parameters(index = "0", paramLabel = "HOST", description = "Name of the host, see 'holt hosts'.")
        String name = "";

        @Option(names = "--force", description = "End forked processes, which cannot be moved.")
        boolean force;

        @Option(names = "--no-wait", description = "Do not wait until it is empty.")
        boolean noWait;

        Drain(HoltCommand holt) {
            super(holt);
        }

        @Override
        int run(ApiClient api, Output output) throws IOException {
            Api.DrainView view = api.call("PUT", path(name), new Api.DrainBody(force), Api.DrainView.class);
            holt.context().interruption().means("The platform goes on draining " + name + " by itself.");
            if (noWait || isStuck(view)) {
                return end(view, output);
            }
            return end(await(view, api, output), output);
        }

        /** Shows how it goes on, until nothing is left or what is left does not move for a while. */
        private Api.DrainView await(Api.DrainView first, ApiClient api, Output output) throws IOException {
            Api.DrainView view = first;
            int left = -1;
            for (int looks = 0; view.left() > 0 && view.drained() && looks < LOOKS_BEFORE_STUCK; ) {
                if (view.left() != left && !output.isJson()) {
                    left = view.left();
                    output.say("Draining " + name + ": " + processes(left) + " left");
                }
                pause();
                view = api.get(path(name), Api.DrainView.class);
                looks = isStuck(view) ? looks + 1 : 0;
            }
            return view;
        }

        private static void pause() throws IOException {
            try {
                TimeUnit.SECONDS.sleep(1);
            } catch (InterruptedException stop) {
                Thread.currentThread().interrupt();
                throw new IOException("interrupted while a host is drained", stop);
            }
        }

        private static boolean isStuck(Api.DrainView view) {
            return view.left() > 0 && view.stuck().size() >= view.left();
        }

        private int end(Api.DrainView view, Output output) {
            if (output.isJson()) {
                output.json(LeanJson.bytes(view));
            } else if (view.left() == 0) {
                output.say(name + " is drained. 'holt host undrain " + name + "' takes it into use again.");
            } else if (view.stuck().isEmpty()) {
                output.say("Draining " + name + ": " + processes(view.left()) + " left. It goes on"
                        + " by itself; the same command shows how far it is.");
            } else {
                tell(view, output);
            }
            return view.left() == 0 || noWait ? ExitCode.OK : ExitCode.FAILED;
        }

        private void tell(Api.DrainView view, Output output) {
            output.say(
                    processes(view.stuck().size()) + " of " + view.left() + " on " + name + " cannot move at present:");
            List<Api.StuckView> stuck = view.stuck();
            stuck.forEach(each -> output.say("  " + label(each) + ": " + Text.printable(each.reason())));
            output.say("They stay and are tried again until 'holt host undrain " + name
                    + "'. Nothing new is placed there.");
        }

        private static String label(Api.StuckView each) {
            return (each.index() < 0 ? each.app() : each.app() + "/" + each.index()) + " (pid " + each.pid() + ")";
        }
    }

    /** {@code holt host undrain}. */
    @Command(
            header = "Let a host take processes again.",
            description = "What was moved away stays where it is; 'holt rebalance' spreads instances again.",
            footerHeading = "%nExample:%n",
            footer = "  holt host undrain node-2")
    static final class Undrain extends Subcommand {
        @Parameters(index = "0", paramLabel = "HOST", description = "Name of the host, see 'holt hosts'.")
        String name = "";

        Undrain(HoltCommand holt) {
            super(holt);
        }

        @Override
        int run(ApiClient api, Output output) throws IOException {
            byte[] answer = api.call("DELETE", path(name), null);
            if (output.isJson()) {
                output.json(answer);
            } else {
                output.say(name + " takes processes again. 'holt rebalance' would move some back.");
            }
            return ExitCode.OK;
        }
    }
}
