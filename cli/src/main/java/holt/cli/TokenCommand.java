package holt.cli;

import holt.model.Api;
import java.io.IOException;
import java.time.Instant;
import picocli.CommandLine;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/** {@code holt token}: who may use the platform. */
@Command(
        header = "Create, list and revoke access tokens.",
        synopsisSubcommandLabel = "COMMAND",
        footerHeading = "%nExamples:%n",
        footer = {"  holt token create ci --role developer", "  holt token list", "  holt token revoke 3f2a"})
final class TokenCommand extends Subcommand {
    TokenCommand(HoltCommand holt) {
        super(holt);
    }

    @Override
    CommandLine register(String name, CommandLine parent) {
        CommandLine own = super.register(name, parent);
        new Create(holt).register("create", own);
        new All(holt).register("list", own);
        new Revoke(holt).register("revoke", own);
        return own;
    }

    @Override
    public Integer call() {
        throw usage("Missing: create, list or revoke.");
    }

    @Override
    int run(ApiClient api, Output output) {
        throw usage("Missing: create, list or revoke.");
    }

    /** {@code holt token create}. */
    @Command(
            header = "Create a token; its text is shown this once.",
            footerHeading = "%nExample:%n",
            footer = "  holt token create ci --role developer")
    static final class Create extends Subcommand {
        @Parameters(index = "0", paramLabel = "NAME", description = "What it is for; appears in events.")
        String name = "";

        @Option(
                names = "--role",
                paramLabel = "ROLE",
                description = "admin, developer or reader; developer where this is not given.")
        String role = "developer";

        Create(HoltCommand holt) {
            super(holt);
        }

        @Override
        int run(ApiClient api, Output output) throws IOException {
            byte[] answer = api.call("POST", "/tokens", new Api.CreateToken(name, role));
            if (output.isJson()) {
                output.json(answer);
                return ExitCode.OK;
            }
            Api.CreatedToken token = LeanJson.read(answer, Api.CreatedToken.class);
            output.say(token.token());
            holt.context()
                    .err()
                    .println("Token " + token.id() + " for " + token.name() + ", role " + token.role()
                            + ". Its text is not kept and cannot be shown again.");
            return ExitCode.OK;
        }
    }

    /** {@code holt token list}. */
    @Command(header = "List the tokens, without their texts.")
    static final class All extends Subcommand {
        All(HoltCommand holt) {
            super(holt);
        }

        @Override
        int run(ApiClient api, Output output) throws IOException {
            byte[] answer = api.get("/tokens");
            if (output.isJson()) {
                output.json(answer);
                return ExitCode.OK;
            }
            Instant now = holt.context().clock().instant();
            Table table = new Table("ID", "NAME", "ROLE", "->CREATED", ">LAST USED");
            for (Api.TokenView token : LeanJson.read(answer, Api.Tokens.class).tokens()) {
                Instant used = token.lastUsedAt();
                table.row(
                        token.id(),
                        token.name(),
                        token.role(),
                        Times.ago(token.createdAt(), now),
                        used == null ? "never" : Times.ago(used, now));
            }
            output.table(table);
            return ExitCode.OK;
        }
    }

    /** {@code holt token revoke}. */
    @Command(
            header = "Revoke a token: it is worth nothing from now on.",
            footerHeading = "%nExample:%n",
            footer = "  holt token revoke 3f2a")
    static final class Revoke extends Subcommand {
        @Parameters(index = "0", paramLabel = "ID", description = "Of the token, see 'holt token list'.")
        String id = "";

        Revoke(HoltCommand holt) {
            super(holt);
        }

        @Override
        int run(ApiClient api, Output output) throws IOException {
            api.call("DELETE", "/tokens/" + ApiPath.encode(id), null);
            if (output.isJson()) {
                output.json(java.util.Map.of("id", id, "revoked", true));
            } else {
                output.say("Token " + id + " is revoked.");
            }
            return ExitCode.OK;
        }
    }
}
