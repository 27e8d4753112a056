package holt.agent;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import holt.model.Json;
import holt.model.ProcessSpec;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.Set;
import java.util.TreeMap;
import java.util.concurrent.ConcurrentHashMap;
import org.junit.jupiter.api.Test;

/**
 * Kills the agent at random while processes start, run and stop, and asks again for what it was not known to have taken,
 * as the kernel does. In the end every process is accounted for, and nothing is left. {@code -Dholt.storm=100} kills it a
 * hundred times.
 */
class RestartStormTest {
    private static final int KILLS = Integer.getInteger("holt.storm", 6);
    private static final Duration PATIENCE = Duration.ofSeconds(60);

    private final Random random = new Random(20_261_121);
    private final Map<Long, ProcessSpec> asked = new TreeMap<>();
    private final Set<Long> accepted = ConcurrentHashMap.newKeySet();
    private final Map<Long, String> exits = new ConcurrentHashMap<>();
    private final Set<String> contradictions = ConcurrentHashMap.newKeySet();

    /** An agent that runs, and what it is asked; answers come in the order of questions. */
    private final class Child {
        final Process process;
        final List<Long> starts = new java.util.concurrent.CopyOnWriteArrayList<>();

        Child(Path home) throws IOException {
            Path log = Files.createTempFile("holt-storm", ".log");
            process = new ProcessBuilder(
                            Path.of(System.getProperty("java.home"), "bin", "java")
                                    .toString(),
                            "-Xmx128m",
                            "-XX:TieredStopAtLevel=1",
                            "-XX:+UseSerialGC",
                            "--enable-native-access=ALL-UNNAMED",
                            "-cp",
                            System.getProperty("java.class.path"),
                            StormAgent.class.getName(),
                            home.toString())
                    .redirectError(log.toFile())
                    .start();
            String first = process.inputReader().readLine();
            assertThat(first)
                    .as("first word of an agent that said: %s", Files.readString(log))
                    .isEqualTo("ready");
            Files.delete(log);
            Thread.ofPlatform().daemon().start(this::listen);
        }

        void ask(String line) {
            try {
                process.outputWriter().write(line + "\n");
                process.outputWriter().flush();
            } catch (IOException gone) {
                starts.clear(); // it was killed: what it did not answer is asked again
            }
        }

        private void listen() {
            try {
                int answered = 0;
                for (String line = process.inputReader().readLine();
                        line != null;
                        line = process.inputReader().readLine()) {
                    String[] words = line.split(" ");
                    if (words[0].equals("report")) {
                        told(Long.parseLong(words[1]), words[2], words[3]);
                    } else if (words[1].equals("start") && words[2].equals("true")) {
                        accepted.add(starts.get(answered++));
                    } else if (words[1].equals("start")) {
                        answered++;
                    }
                }
            } catch (IOException killed) {
                process.destroyForcibly();
            }
        }
    }

    private void told(long pid, String state, String code) {
        accepted.add(pid);
        if (state.equals("EXITED")) {
            String before = exits.putIfAbsent(pid, code);
            if (before != null && !before.equals(code)) {
                contradictions.add(pid + " ended with " + before + " and with " + code);
            }
        }
    }

    @Test
    void everyProcessIsAccountedForHoweverOftenTheAgentIsKilled() throws IOException, InterruptedException {
        Path home = Files.createTempDirectory("holt-agent-test");
        Platform maker = new Platform(home, settings -> settings);
        maker.agent.close();
        for (int kill = 0; kill < KILLS; kill++) {
            Child child = new Child(home);
            trouble(child, maker);
            child.process.waitFor(random.nextInt(300), java.util.concurrent.TimeUnit.MILLISECONDS);
            child.process.destroyForcibly().waitFor();
        }
        Child last = new Child(home);
        asked.keySet().stream().filter(pid -> !accepted.contains(pid)).forEach(pid -> start(last, pid));
        await().atMost(PATIENCE).until(() -> accepted.containsAll(asked.keySet()));
        asked.keySet().forEach(pid -> last.ask("stop " + pid));
        await().atMost(PATIENCE).until(() -> exits.keySet().containsAll(asked.keySet()));
        last.process.destroyForcibly().waitFor();
        assertThat(contradictions).isEmpty();
        for (long pid : asked.keySet()) {
            long begun = begun(home, pid);
            assertThat(begun).as("lives of process " + pid).isLessThanOrEqualTo(1);
        }
        maker.startAgent();
        maker.close();
        KernelLeftovers.assertNone(maker);
    }

    /** How often the program wrote that it began: its output is in its folder as long as that is kept. */
    private static long begun(Path home, long pid) throws IOException {
        Path output = InstanceFolder.in(home.resolve("agent"), new InstanceKey(pid, 1))
                .output("out");
        return Files.exists(output)
                ? Files.readAllLines(output, StandardCharsets.UTF_8).stream()
                        .filter("begun"::equals)
                        .count()
                : 0;
    }

    /** Starts some, asks again for what may not have been taken, and stops some. */
    private void trouble(Child child, Platform maker) {
        asked.keySet().stream().filter(pid -> !accepted.contains(pid)).forEach(pid -> start(child, pid));
        for (int some = 1 + random.nextInt(3); some > 0; some--) {
            ProcessSpec spec = maker.spec("echo begun; " + (random.nextBoolean() ? "sleep 1000" : "sleep 0.2; exit 5"));
            asked.put(spec.pid(), spec);
            start(child, spec.pid());
        }
        Set<Long> running = new HashSet<>(accepted);
        running.removeAll(exits.keySet());
        running.stream().filter(pid -> random.nextInt(3) == 0).forEach(pid -> child.ask("stop " + pid));
    }

    private void start(Child child, long pid) {
        child.starts.add(pid);
        child.ask("start " + Json.text(asked.get(pid)));
    }
}
