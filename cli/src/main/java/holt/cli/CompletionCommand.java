package holt.cli;

import java.util.List;
import java.util.Locale;
import picocli.CommandLine.Command;
import picocli.CommandLine.Parameters;

/** {@code holt completion SHELL}: a script that lets a shell complete our commands, options and app names. */
@Command(
        header = "Print a script for the shell's completion.",
        footerHeading = "%nExamples:%n",
        footer = {
            "  source <(holt completion bash)                             now, in bash",
            "  holt completion bash > /etc/bash_completion.d/holt         from now on",
            "  holt completion zsh > \"$${fpath[1]}/_holt\"",
            "  holt completion fish > ~/.config/fish/completions/holt.fish"
        })
final class CompletionCommand extends Subcommand {
    @Parameters(index = "0", paramLabel = "SHELL", description = "bash, zsh or fish.")
    String shell = "";

    CompletionCommand(HoltCommand holt) {
        super(holt);
    }

    @Override
    public Integer call() {
        List<CompletionWords> commands = CompletionWords.of(spec.root());
        String script = switch (shell.toLowerCase(Locale.ROOT)) {
            case "bash" -> CompletionScripts.bash(commands);
            case "zsh" -> CompletionScripts.zsh(commands);
            case "fish" -> CompletionScripts.fish(commands);
            default ->
                throw usage(
                        "There is no completion for '" + Text.printable(shell, 40) + "'. Expected: bash, zsh or fish.");
        };
        holt.context().out().print(script);
        return ExitCode.OK;
    }

    @Override
    int run(ApiClient api, Output output) {
        return call();
    }
}
