package holt.kernel;

import static org.assertj.core.api.Assertions.assertThat;

import holt.model.Placement;
import holt.model.Resources;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;

class ObstaclesTest {
    private static final long M = 1L << 20;

    private final Estate estate = new Estate();

    @Test
    void namesTheNearestOfTheHostsThatLackMemory() {
        estate.host("h1", 100 * M);
        estate.host("h2", 384 * M);
        estate.host("h3", 384 * M);

        assertThat(texts(need(512 * M, Placement.ANYWHERE)))
                .containsExactly("3 hosts lack memory, the closest is h2, 128M of memory short");
    }

    @Test
    void countsEachHostUnderTheFirstKindOfObstacleItHas() {
        estate.host("h1", 384 * M);
        estate.host("h2", Resources.ofMemory(384 * M), "", "gpu");
        estate.host("h3", Resources.ofMemory(1024 * M), "", "gpu");
        estate.host("h4", Resources.ofMemory(1024 * M), "", "gpu");
        estate.host("h5", Resources.ofMemory(1024 * M), "", "gpu").lose();
        estate.run("x", memory(M), "h3");
        estate.run("greedy", memory(M), "h4");

        assertThat(texts(need(512 * M, new Placement(List.of("gpu"), true, List.of("greedy")))))
                .containsExactly(
                        "1 host is silent",
                        "1 host lacks the tag gpu",
                        "1 host holds an instance of this app already, and it asks to be apart",
                        "1 host runs greedy, with which it must not share a host",
                        "1 host lacks memory, the closest is h2, 128M of memory short");
    }

    @Test
    void saysWhatWouldHaveToChange() {
        estate.host("h1", Resources.ofMemory(384 * M), "", "gpu");
        estate.host("h2", 1024 * M);

        assertThat(Advice.remedies(obstacles(need(512 * M, new Placement(List.of("gpu"), false, List.of())))))
                .containsExactly(
                        "give a host the tag gpu (its setting host.tags)",
                        "free 128M of memory on h1",
                        "push with --memory 384M or less",
                        "add a host with 512M of memory free and the tag gpu");
    }

    @Test
    void namesEveryResourceThatIsLacking() {
        estate.host("h1", new Resources(512 * M, 500, M, 10), "");
        Need need = estate.need("x", new Resources(256 * M, 1000, 2 * M, 20), Placement.ANYWHERE, Map.of());

        assertThat(texts(need))
                .containsExactly(
                        "1 host lacks cpu, the closest is h1, 0.5 cores short",
                        "1 host lacks disk, the closest is h1, 1M of disk short",
                        "1 host lacks pids, the closest is h1, 10 pids short");
        assertThat(Advice.remedies(obstacles(need)))
                .last()
                .isEqualTo("add a host with 256M of memory, 1 core, 2M of disk, 20 pids free");
    }

    @Test
    void tellsWhoRefusedAndUntilWhen() {
        estate.host("h1", 512 * M);
        Need.Refusal refusal = new Need.Refusal(Estate.NOW.plusSeconds(5), "disk broken");
        Need need = estate.need("x", memory(M), Placement.ANYWHERE, Map.of("h1", refusal));

        assertThat(texts(need)).containsExactly("h1 refused it until 12:00:05 UTC: disk broken");
    }

    @Test
    void theShortFormOfNoHostAtAllSaysSo() {
        assertThat(Advice.brief(obstacles(need(M, Placement.ANYWHERE)))).isEqualTo("no host is connected");
        assertThat(Advice.remedies(obstacles(need(M, Placement.ANYWHERE))))
                .containsExactly("add a host with 1M of memory free");
    }

    private Need need(long bytes, Placement rule) {
        return estate.need("x", memory(bytes), rule, Map.of());
    }

    private Obstacles obstacles(Need need) {
        return Obstacles.of(need, estate.hosts.all(), Estate.NOW);
    }

    private List<String> texts(Need need) {
        return obstacles(need).list().stream().map(Advice::text).toList();
    }

    private static Resources memory(long bytes) {
        return new Resources(bytes, 0, 0, 0);
    }
}
