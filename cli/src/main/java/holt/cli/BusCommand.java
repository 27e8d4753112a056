package holt.cli;

import picocli.CommandLine;
import picocli.CommandLine.Command;

/** {@code holt bus}: the bus for people. */
@Command(
        header = "Send and hear messages on the bus, and see how it does.",
        description = "The bus carries what the platform's parts say to each other, and what programs say that use it. "
                + "Subjects are tokens with dots between; to listen, * stands for one token and a last > for the rest. "
                + "Admins only.",
        synopsisSubcommandLabel = "COMMAND",
        footerHeading = "%nExamples:%n",
        footer = {
            "  holt bus sub 'orders.>'             hear all about orders",
            "  holt bus pub orders.new 'two teas'  say something",
            "  holt bus request time.now           ask and wait for the answer",
            "  holt bus top                        who says how much, right now",
            "  holt bus info                       where NATS clients connect"
        })
final class BusCommand extends Subcommand {
    BusCommand(HoltCommand holt) {
        super(holt);
    }

    @Override
    CommandLine register(String name, CommandLine parent) {
        CommandLine own = super.register(name, parent);
        new BusPubCommand(holt).register("pub", own);
        new BusSubCommand(holt).register("sub", own);
        new BusRequestCommand(holt).register("request", own);
        new BusTopCommand(holt).register("top", own);
        new BusInfoCommand(holt).register("info", own);
        return own;
    }

    @Override
    public Integer call() {
        throw usage("Missing: pub, sub, request, top or info.");
    }

    @Override
    int run(ApiClient api, Output output) {
        throw usage("Missing: pub, sub, request, top or info.");
    }
}
