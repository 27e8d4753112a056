package holt.cli;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class CompletionTest {
    @TempDir
    Path folder;

    @Test
    void bashUnderstandsItsScript() throws Exception {
        assertThat(bash(script("bash") + "\ntrue")).isEmpty();
    }

    @Test
    void bashCompletesCommandsOptionsAndApps() throws Exception {
        assertThat(complete("holt sc")).containsExactly("scale");
        assertThat(complete("holt logs --fo")).containsExactly("--follow");
        assertThat(complete("holt token cr")).containsExactly("create");
        assertThat(complete("holt completion z")).containsExactly("zsh");
        assertThat(complete("holt logs s")).containsExactly("shop", "site");
    }

    @Test
    void zshAndFishNameEveryCommand() {
        for (String shell : new String[] {"zsh", "fish"}) {
            String script = script(shell);
            HoltCommand.create(new Cli(folder).context())
                    .getSubcommands()
                    .values()
                    .forEach(line -> assertThat(script).as(shell).contains(line.getCommandName()));
        }
    }

    @Test
    void zshScriptsAreBalanced() {
        String script = script("zsh");
        assertThat(script).startsWith("#compdef holt\n").contains("commands=(", "esac");
        assertThat(script.chars().filter(c -> c == '\'').count() % 2).isZero();
    }

    @Test
    void otherShellsAreRefused() {
        Cli.Result result = new Cli(folder).run("completion", "tcsh");
        assertThat(result.exitCode()).isEqualTo(ExitCode.USAGE);
        assertThat(result.err()).contains("bash, zsh or fish");
    }

    private String script(String shell) {
        Cli.Result result = new Cli(folder).run("completion", shell);
        assertThat(result.exitCode()).isZero();
        return result.out();
    }

    /** What bash would offer at the end of a line, with a holt that knows two apps. */
    private java.util.List<String> complete(String line) throws Exception {
        String[] words = line.split(" ");
        StringBuilder script = new StringBuilder(script("bash"));
        script.append("holt() { echo shop; echo site; }\nCOMP_WORDS=(")
                .append(line)
                .append(")\n");
        script.append("COMP_CWORD=").append(words.length - 1).append("\n_holt\nprintf '%s\\n' \"${COMPREPLY[@]}\"\n");
        return bash(script.toString()).lines().toList();
    }

    private String bash(String script) throws IOException, InterruptedException {
        Path file = Files.writeString(folder.resolve("script.sh"), script);
        Process process = new ProcessBuilder("bash", "--norc", file.toString())
                .redirectErrorStream(true)
                .start();
        String output = new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
        assertThat(process.waitFor(20, TimeUnit.SECONDS)).isTrue();
        assertThat(process.exitValue()).as(output).isZero();
        return output;
    }
}
