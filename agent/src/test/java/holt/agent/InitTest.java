package holt.agent;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.constraints.CharRange;
import net.jqwik.api.constraints.Size;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** What process 1 of an instance does, run by this machine's shell without a container. */
class InitTest {
    private static final String INIT = Shim.resource("init.sh");
    private static final String SHOW = "env -0; for word; do printf 'word=%s\\0' \"$word\"; done";

    @TempDir
    Path folder;

    private Process start(String when, String... words) throws IOException {
        // Whoever runs the tests in the background has signals ignored, which would be inherited.
        List<String> line = new java.util.ArrayList<>(List.of(
                "env",
                "--default-signal=INT,QUIT",
                "/bin/sh",
                "-c",
                INIT,
                "holt-init",
                folder.resolve("notes").toString(),
                when,
                "/bin/sh",
                "-c"));
        line.addAll(List.of(words));
        ProcessBuilder builder = new ProcessBuilder(line);
        builder.environment().clear();
        builder.environment().put("PATH", "/usr/bin:/bin");
        return builder.start();
    }

    private ContainerNotes notes() throws IOException {
        return ContainerNotes.of(Files.readString(folder.resolve("notes")));
    }

    /** What a program says of its variables and arguments when it was started with these. */
    private Map<String, String> told(Map<String, String> variables, String... arguments)
            throws IOException, InterruptedException {
        Process process = start("later");
        List<String> words = new java.util.ArrayList<>(List.of(SHOW, "show"));
        words.addAll(List.of(arguments));
        try (var stream = process.getOutputStream()) {
            stream.write(StartRecord.of(variables, words));
        }
        Map<String, String> told = new LinkedHashMap<>();
        for (String each : new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8).split("\0")) {
            int cut = each.indexOf('=');
            told.merge(each.substring(0, cut), each.substring(cut + 1), (one, two) -> one + "," + two);
        }
        assertThat(process.waitFor()).isZero();
        return told;
    }

    @Test
    void variablesArriveAsTheyAre() throws IOException, InterruptedException {
        Map<String, String> variables = new TreeMap<>(Map.of(
                "LINES", "one\ntwo\n\n+three\nend:\nv:X=1\n",
                "QUOTES", "'\"`$(touch " + folder + "/made)`\\ \\\\ $HOME ${x} ;&|<>*?[]~!#",
                "ENDS", "ends with a newline\n",
                "EMPTY", "",
                "SPACES", "  \t leading and trailing \t ",
                "UMLAUT", "äöüÁÂéàßœ€ 日本語 \u0081\u0088",
                "text", "no variable of process 1",
                "notes", "neither"));
        variables.put("PATH", "/usr/bin:/bin");
        Map<String, String> told = told(variables);
        assertThat(told).containsAllEntriesOf(variables);
        assertThat(told.keySet()).noneMatch(name -> name.startsWith("__holt"));
        assertThat(folder.resolve("made")).doesNotExist();
    }

    @Test
    void argumentsArriveAsTheyAre() throws IOException, InterruptedException {
        assertThat(told(Map.of(), "a b", "", "*", "two\nlines\n", "end:"))
                .containsEntry("word", "a b,,*,two\nlines\n,end:");
    }

    @Test
    void nameThatNoShellKnowsIsLeftOut() throws IOException, InterruptedException {
        assertThat(told(Map.of("spring.profile", "x", "1A", "y", "GOOD", "z")))
                .containsEntry("GOOD", "z")
                .doesNotContainKeys("spring.profile", "1A");
    }

    @Property(tries = 25)
    void anyValueArrivesAsItIs(@ForAll @Size(max = 5) List<@CharRange(from = '\u0001', to = '\u04FF') String> values)
            throws Exception {
        folder = Files.createTempDirectory("holt-init");
        try {
            Map<String, String> variables = new TreeMap<>();
            for (int each = 0; each < values.size(); each++) {
                variables.put("V" + each, values.get(each));
            }
            assertThat(told(variables)).containsAllEntriesOf(variables);
        } finally {
            Folders.delete(folder);
        }
    }

    @Test
    void withoutItsStartItEndsAndRunsNothing() throws IOException, InterruptedException {
        Process process = start("later");
        byte[] record = StartRecord.of(Map.of("A", "b"), List.of("touch " + folder.resolve("made"), "show"));
        try (var stream = process.getOutputStream()) {
            stream.write(record, 0, record.length - 1 - "end:\n".length());
        }
        assertThat(process.waitFor()).isZero();
        assertThat(folder.resolve("made")).doesNotExist();
        assertThat(folder.resolve("notes")).doesNotExist();
    }

    @Test
    void exitOfTheProgramIsNotedAndHandedOn() throws IOException, InterruptedException {
        assertThat(start("now", "exit 42").waitFor()).isEqualTo(42);
        assertThat(notes().started()).isTrue();
        assertThat(notes().exit()).hasValue(42);
        assertThat(start("now", "kill -9 $$").waitFor()).isEqualTo(137);
        assertThat(notes().exit()).hasValue(137);
    }

    @Test
    void programsSignalsAreAsUsualAndItsEndAddsNothingToItsOutput() throws IOException, InterruptedException {
        Process process = start("now", "kill -INT $$; echo lives on >&2");
        assertThat(process.errorReader().readLine()).isNull();
        assertThat(process.waitFor()).isEqualTo(130);
        assertThat(notes().exit()).hasValue(130);
    }

    @Test
    void notesOfAProgramThatWritesThereItselfAreNotBelievedBlindly() {
        assertThat(ContainerNotes.of("")).isEqualTo(new ContainerNotes(false, java.util.OptionalInt.empty()));
        assertThat(ContainerNotes.of("started\nexit 3").exit()).isEmpty();
        assertThat(ContainerNotes.of("started\nexit 99999999999\n").exit()).isEmpty();
        assertThat(ContainerNotes.of("started\nexit 3\nrubbish\n").exit()).isEmpty();
        assertThat(ContainerNotes.of("started\nexit 3\nexit 4\n").exit()).hasValue(4);
    }
}
