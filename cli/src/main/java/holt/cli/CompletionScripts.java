package holt.cli;

import java.util.List;
import java.util.stream.Collectors;

/** Writes completion scripts. Pure: the same commands give the same text. */
final class CompletionScripts {
    private CompletionScripts() {}

    static String bash(List<CompletionWords> commands) {
        return """
                # Completion of holt for bash.
                _holt() {
                    local word="${COMP_WORDS[COMP_CWORD]}" previous="${COMP_WORDS[COMP_CWORD-1]}"
                    local command="${COMP_WORDS[1]}" options="" words="" apps=""
                    COMPREPLY=()
                    case "$previous" in
                        --path|--from|--output|--home) COMPREPLY=($(compgen -f -- "$word")); return;;
                    esac
                    if [ "$COMP_CWORD" -eq 1 ]; then
                        COMPREPLY=($(compgen -W "NAMES --json --home --help --version" -- "$word"))
                        return
                    fi
                    case "$command" in
                CASES    esac
                    if [ -n "$apps" ] && [ "$COMP_CWORD" -eq 2 ] && [[ "$word" != -* ]]; then
                        words="$(holt apps --quiet 2>/dev/null)"
                    fi
                    COMPREPLY=($(compgen -W "$options $words" -- "$word"))
                }
                complete -o default -F _holt holt ./holt
                """.replace("NAMES", names(commands)).replace(
                "CASES", commands.stream().map(CompletionScripts::bashCase).collect(Collectors.joining()));
    }

    static String fish(List<CompletionWords> commands) {
        StringBuilder script = new StringBuilder("# Completion of holt for fish.\ncomplete -c holt -f\n");
        for (CompletionWords command : commands) {
            String here = "-n '__fish_seen_subcommand_from " + command.name() + "'";
            script.append("complete -c holt -n __fish_use_subcommand -a ")
                    .append(command.name())
                    .append(" -d ")
                    .append(quoted(command.header()))
                    .append('\n');
            for (String option : command.options()) {
                if (option.startsWith("--")) {
                    script.append("complete -c holt ")
                            .append(here)
                            .append(" -l ")
                            .append(option.substring(2));
                    script.append(isFile(option) ? " -r -F\n" : "\n");
                }
            }
            if (!command.words().isEmpty()) {
                script.append("complete -c holt ")
                        .append(here)
                        .append(" -a ")
                        .append(quoted(String.join(" ", command.words())))
                        .append('\n');
            }
            if (command.namesApp()) {
                script.append("complete -c holt ").append(here).append(" -a '(holt apps --quiet 2>/dev/null)'\n");
            }
        }
        return script.toString();
    }

    static String zsh(List<CompletionWords> commands) {
        return """
                #compdef holt
                # Completion of holt for zsh.
                _holt() {
                    local -a commands candidates
                    commands=(
                NAMES    )
                    if (( CURRENT == 2 )); then
                        _describe 'command' commands
                        return
                    fi
                    case "${words[CURRENT-1]}" in
                        --path|--from|--output|--home) _files; return;;
                    esac
                    case "${words[2]}" in
                CASES    esac
                    compadd -- $candidates
                }
                if [ "$funcstack[1]" = "_holt" ]; then
                    _holt "$@"
                else
                    compdef _holt holt
                fi
                """.replace(
                        "NAMES",
                        commands.stream()
                                .map(command -> "        " + quoted(command.name() + ":" + command.header()) + "\n")
                                .collect(Collectors.joining()))
                .replace(
                        "CASES",
                        commands.stream().map(CompletionScripts::zshCase).collect(Collectors.joining()));
    }

    private static String bashCase(CompletionWords command) {
        return "        " + command.name() + ") options=\"" + String.join(" ", command.options()) + "\" words=\""
                + String.join(" ", command.words()) + "\"" + (command.namesApp() ? " apps=yes" : "") + ";;\n";
    }

    private static String zshCase(CompletionWords command) {
        String plain = String.join(" ", command.options()) + " " + String.join(" ", command.words());
        String apps = command.namesApp()
                ? "; (( CURRENT == 3 )) && candidates+=(${(f)\"$(holt apps --quiet 2>/dev/null)\"})"
                : "";
        return "        " + command.name() + ") candidates=(" + plain.strip() + ")" + apps + ";;\n";
    }

    private static String names(List<CompletionWords> commands) {
        return commands.stream().map(CompletionWords::name).collect(Collectors.joining(" "));
    }

    private static boolean isFile(String option) {
        return List.of("--path", "--from", "--output", "--home").contains(option);
    }

    /** In single quotes, which all three shells read alike where the text has none itself. */
    private static String quoted(String text) {
        return "'" + text.replace("'", "") + "'";
    }
}
