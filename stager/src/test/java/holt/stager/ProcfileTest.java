package holt.stager;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.Map;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class ProcfileTest {
    private static Plan plan(String text) {
        return ((Finding.Found) Procfile.parse(text)).plan();
    }

    private static String fault(String text) {
        return ((Finding.Faulty) Procfile.parse(text)).problem().detail();
    }

    @Test
    void webIsTakenAndTheOthersAreKept() {
        Plan plan = plan("# ours\r\n\r\nworker: ./work\r\n web : java -jar a.jar :80 \r\n");
        assertThat(plan.webCommand()).isEqualTo("java -jar a.jar :80");
        assertThat(plan.processTypes()).isEqualTo(Map.of("web", "java -jar a.jar :80", "worker", "./work"));
    }

    @Test
    void aSingleTypeIsTakenWhateverItsName() {
        assertThat(plan("server: ./serve").webCommand()).isEqualTo("./serve");
        assertThat(plan("server: ./serve").processTypes()).containsEntry("web", "./serve");
    }

    @ParameterizedTest
    @CsvSource(delimiter = '|', textBlock = """
                    web ./run            | line 1 has no ':' ('web ./run')
                    'web:'               | line 1 has no command after 'web:'
                    a b: x               | line 1 names the process type 'a b'
                    ': x'                | line 1 names the process type ''
                    ''                   | it names no process type
                    '# only a comment'   | it names no process type
                    """)
    void faultsAreToldWithTheirLine(String text, String fault) {
        assertThat(fault(text)).contains(fault);
    }

    @Test
    void allFaultsAreToldAtOnce() {
        assertThat(fault("web: a\nnope\nweb: b\n")).contains("line 2 has no ':'", "line 3 names", "a second time");
    }

    @Test
    void severalTypesWithoutWebAreTold() {
        assertThat(fault("one: a\ntwo: b\n")).contains("one, two, and none of them is 'web'");
    }

    @Property
    void anyTextIsEitherUsedOrRefusedWithASentence(@ForAll String text) {
        switch (Procfile.parse(text)) {
            case Finding.Found found -> assertThat(found.plan().webCommand()).isNotBlank();
            case Finding.Faulty faulty -> assertThat(faulty.problem().detail()).endsWith(".");
            case Finding.Nothing nothing -> throw new AssertionError("A Procfile is never nothing");
            case Finding.NearMiss miss -> throw new AssertionError("A Procfile is never nearly one");
        }
    }
}
