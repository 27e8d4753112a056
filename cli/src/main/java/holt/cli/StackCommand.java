package holt.cli;

import holt.model.Api;
import holt.model.StackName;
import java.io.IOException;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/** {@code holt stack}: systems that apps can see instead of the host's. */
@Command(
        header = "Create, list and delete stacks: systems that apps run on.",
        description = "Without a stack, an app sees the host's own system, read-only.",
        synopsisSubcommandLabel = "COMMAND",
        footerHeading = "%nExamples:%n",
        footer = {
            "  holt stack create bookworm",
            "  holt stack create py --suite bookworm --include python3,ca-certificates",
            "  holt push shop --stack py",
            "  holt stack list",
            "  holt stack delete py"
        })
final class StackCommand extends Subcommand {
    StackCommand(HoltCommand holt) {
        super(holt);
    }

    @Override
    CommandLine register(String name, CommandLine parent) {
        CommandLine own = super.register(name, parent);
        new Create(holt).register("create", own);
        new All(holt).register("list", own);
        new Delete(holt).register("delete", own);
        return own;
    }

    @Override
    public Integer call() {
        throw usage("Missing: create, list or delete.");
    }

    @Override
    int run(ApiClient api, Output output) {
        throw usage("Missing: create, list or delete.");
    }

    /** {@code holt stack create}. */
    @Command(
            header = "Create a stack of Debian packages; takes a minute or so.",
            description = "For admins. A stack never changes: for newer packages, create another one.",
            footerHeading = "%nExample:%n",
            footer = "  holt stack create py --include python3,ca-certificates")
    static final class Create extends Subcommand {
        @Parameters(index = "0", paramLabel = "NAME", description = "Name of the new stack.")
        String name = "";

        @Option(names = "--suite", paramLabel = "SUITE", description = "Debian's; bookworm where this is not given.")
        @Nullable
        String suite;

        @Option(
                names = "--mirror",
                paramLabel = "URL",
                description = "Where packages come from; as the server's own where this is not given.")
        @Nullable
        String mirror;

        @Option(
                names = "--include",
                paramLabel = "PACKAGE",
                split = ",",
                description = "Packages besides the smallest system, with commas between. Can be repeated.")
        List<String> include = new ArrayList<>();

        Create(HoltCommand holt) {
            super(holt);
        }

        @Override
        int run(ApiClient api, Output output) throws IOException {
            Api.CreateStack wish = new Api.CreateStack(StackName.check(name), suite, mirror, include);
            Api.Build begun = api.call("POST", "/stacks", wish, Api.Build.class);
            Api.Build build = new Staging(api, output).follow(begun, "Creating the stack");
            if (output.isJson()) {
                output.json(java.util.Map.of("name", name, "digest", String.valueOf(build.droplet())));
            } else {
                output.say(
                        output.style(Style.GREEN, "Stack " + name + " is ready") + ": holt push APP --stack " + name);
            }
            return ExitCode.OK;
        }
    }

    /** {@code holt stack list}. */
    @Command(header = "List the stacks.")
    static final class All extends Subcommand {
        All(HoltCommand holt) {
            super(holt);
        }

        @Override
        int run(ApiClient api, Output output) throws IOException {
            byte[] answer = api.get("/stacks");
            if (output.isJson()) {
                output.json(answer);
                return ExitCode.OK;
            }
            Instant now = holt.context().clock().instant();
            List<Api.StackView> stacks = LeanJson.read(answer, Api.Stacks.class).stacks();
            if (stacks.isEmpty()) {
                output.say("No stacks: apps see the host's own system. 'holt stack create NAME' makes one.");
                return ExitCode.OK;
            }
            Table table = new Table("NAME", "MADE OF", ">SIZE", "->CREATED", "DIGEST", "~APPS");
            for (Api.StackView stack : stacks) {
                table.row(
                        stack.name(),
                        stack.origin(),
                        (stack.bytes() >> 20) + "M",
                        Times.ago(stack.createdAt(), now),
                        stack.digest().substring(0, 12),
                        String.join(" ", stack.apps()));
            }
            output.table(table);
            return ExitCode.OK;
        }
    }

    /** {@code holt stack delete}. */
    @Command(
            header = "Delete a stack that no app uses.",
            footerHeading = "%nExample:%n",
            footer = "  holt stack delete py")
    static final class Delete extends Subcommand {
        @Parameters(index = "0", paramLabel = "NAME", description = "Of the stack, see 'holt stack list'.")
        String name = "";

        Delete(HoltCommand holt) {
            super(holt);
        }

        @Override
        int run(ApiClient api, Output output) throws IOException {
            api.call("DELETE", "/stacks/" + ApiPath.encode(name), null);
            if (output.isJson()) {
                output.json(java.util.Map.of("name", name, "deleted", true));
            } else {
                output.say("Stack " + name + " is deleted.");
            }
            return ExitCode.OK;
        }
    }
}
