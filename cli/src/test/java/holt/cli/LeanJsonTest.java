package holt.cli;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import holt.model.AgentReply;
import holt.model.Api;
import holt.model.Event;
import holt.model.Exit;
import holt.model.Json;
import holt.model.LogLine;
import holt.model.Tree;
import holt.model.TreeEntry;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import org.junit.jupiter.api.Test;
import tools.jackson.core.JacksonException;

class LeanJsonTest {
    private static final Instant NOW = Instant.parse("2026-11-21T12:00:00.123456789Z");
    private static final String DIGEST = "0123456789abcdef".repeat(4);

    private static final Api.ProcessView PROCESS = new Api.ProcessView(
            7,
            2,
            "instance",
            "shop",
            0,
            3,
            "exited",
            "box",
            null,
            8080,
            1L << 40,
            0,
            12.5,
            2,
            NOW,
            NOW,
            new Exit(Exit.Reason.OUT_OF_MEMORY, 137, "killed \"hard\"", List.of("a\tb", "ü\u2028")),
            "note");

    private static final List<Object> VALUES = List.of(
            new Api.Info("holt", "1", "localhost", "http://%s"),
            new Api.MatchRequest(List.of(DIGEST)),
            new Api.BuildRequest(
                    new Tree(List.of(
                            TreeEntry.file("a/b", true, DIGEST, 5), TreeEntry.folder("c"), TreeEntry.link("d", "c"))),
                    null,
                    "shop"),
            new Api.Build("b1", "staging", null, null, null, null, null, List.of("x")),
            new Api.PutApp("b1", 2, null, List.of(), Map.of("K", "v=\\"), null, false),
            new Api.PutApp(
                    "b1",
                    2,
                    null,
                    List.of(),
                    Map.of(),
                    null,
                    null,
                    new Api.PlacementBody(List.of("gpu"), true, List.of("loud"))),
            new Api.Why(7, "it waits", List.of("x"), List.of()),
            new Api.Rebalance(true),
            new Api.Moves(List.of(new Api.MoveView(7, "shop", 0, "a", "b", "why"))),
            new Api.PatchEnvironment(Map.of("A", ""), List.of("B")),
            new Api.Apps(List.of(new Api.AppView(
                    "shop",
                    "started",
                    "running",
                    1,
                    1,
                    256L << 20,
                    List.of("r"),
                    List.of("u"),
                    3,
                    2,
                    null,
                    "c",
                    null,
                    null,
                    NOW,
                    NOW,
                    List.of(PROCESS)))),
            new Api.Files("", List.of(new AgentReply.FileInfo("x", false, 3))),
            new Event(9, NOW, "shop", "release.live", "It's live \u0001 \ud83d\ude00", Map.of("version", "3")),
            new LogLine(NOW, "shop", -1, 0, "holt", ""));

    @Test
    void readsWhatThePlatformWrites() {
        for (Object value : VALUES) {
            assertThat((Object) LeanJson.read(Json.bytes(value), value.getClass()))
                    .isEqualTo(value);
        }
    }

    @Test
    void writesWhatThePlatformReads() {
        for (Object value : VALUES) {
            assertThat((Object) Json.readStrictly(LeanJson.bytes(value), value.getClass()))
                    .isEqualTo(value);
        }
    }

    /** As the commands of other packages have them. */
    private record Hidden(int number, List<Deeper> list) {}

    private record Deeper(String text) {}

    @Test
    void writesRecordsThatOnlyTheirOwnerSees() {
        assertThat(LeanJson.text(new Hidden(1, List.of(new Deeper("a")))))
                .isEqualToIgnoringWhitespace("{\"number\":1,\"list\":[{\"text\":\"a\"}]}");
    }

    @Test
    void ignoresMembersItDoesNotKnow() {
        assertThat(LeanJson.read("{\"lines\":[],\"next\":{\"a\":[1,null]}}", Api.Logs.class))
                .isEqualTo(new Api.Logs(List.of()));
    }

    @Test
    void takesMissingListsAsEmpty() {
        assertThat(LeanJson.read("{}", Api.Apps.class)).isEqualTo(new Api.Apps(List.of()));
    }

    @Test
    void saysWhereItIsNotJson() {
        assertThatThrownBy(() -> JsonParser.parse("{\"a\":[1,]}"))
                .isInstanceOf(JsonParser.Fault.class)
                .hasMessageContaining("character 9");
    }

    @Test
    void refusesBottomlessNesting() {
        assertThatThrownBy(() -> JsonParser.parse("[".repeat(100_000)))
                .isInstanceOf(JsonParser.Fault.class)
                .hasMessageContaining("levels");
    }

    @Test
    void refusesTheWrongShape() {
        assertThatThrownBy(() -> LeanJson.read("{\"apps\":\"none\"}", Api.Apps.class))
                .isInstanceOf(JsonParser.Fault.class);
        assertThatThrownBy(() -> LeanJson.read("null", Api.Apps.class)).isInstanceOf(JsonParser.Fault.class);
        assertThatThrownBy(() -> LeanJson.read("{\"lines\":[{\"at\":\"yesterday\"}]}", Api.Logs.class))
                .isInstanceOf(JsonParser.Fault.class);
    }

    @Property(tries = 300)
    void textSurvivesTheJourney(@ForAll String text) {
        String whole = text.chars().anyMatch(c -> Character.isSurrogate((char) c)) ? "surrogates aside" : text;
        Api.Scale value = new Api.Scale(whole);
        assertThat(Json.read(LeanJson.bytes(value), Api.Scale.class)).isEqualTo(value);
        assertThat(LeanJson.read(Json.bytes(value), Api.Scale.class)).isEqualTo(value);
    }

    @Property(tries = 300)
    void numbersSurviveTheJourney(@ForAll long number, @ForAll double fraction) {
        String json = "[" + number + "," + fraction + "]";
        if (Double.isFinite(fraction)) {
            assertThat(JsonParser.parse(json)).isEqualTo(List.of(number, fraction));
        }
    }

    @Property(tries = 300)
    void neverFailsInAnotherWayThanByAFault(@ForAll String text) {
        try {
            JsonParser.parse(text);
        } catch (JsonParser.Fault expected) {
            assertThat(expected).hasMessageContaining("expected");
        }
    }

    @Property(tries = 300)
    void refusesWhatJacksonRefuses(@ForAll("fragments") String text) {
        boolean jackson = true;
        try {
            Json.tree(text.getBytes(java.nio.charset.StandardCharsets.UTF_8));
        } catch (JacksonException notJson) {
            jackson = false;
        }
        boolean own = true;
        try {
            JsonParser.parse(text);
        } catch (JsonParser.Fault notJson) {
            own = false;
        }
        if (jackson && !text.isBlank()) {
            assertThat(own).as(text).isTrue();
        }
    }

    @net.jqwik.api.Provide
    net.jqwik.api.Arbitrary<String> fragments() {
        return net.jqwik.api.Arbitraries.of("{", "}", "[", "]", ",", ":", "\"a\"", "1", "-2.5e3", "true", "null", " ")
                .list()
                .ofMaxSize(8)
                .map(parts -> String.join("", parts));
    }
}
