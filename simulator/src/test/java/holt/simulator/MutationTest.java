package holt.simulator;

import static org.assertj.core.api.Assertions.assertThat;

import java.lang.reflect.Method;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.DynamicTest;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestFactory;

/**
 * The simulator is itself tested: mistakes made in the compiled rules, one at a time, must be found in one of a few small
 * histories. The rules as they are break nothing in the same histories, or the search would prove nothing.
 */
final class MutationTest {
    private static final int HISTORIES = 9;

    @TestFactory
    Stream<DynamicTest> eachMistakeIsFound() {
        return Mutations.all().stream()
                .map(mutation ->
                        DynamicTest.dynamicTest("it is found that " + mutation.name(), () -> isFound(mutation)));
    }

    private static void isFound(Mutation mutation) throws ReflectiveOperationException {
        MutantLoader loader = new MutantLoader(mutation, MutationTest.class.getClassLoader());
        loader.loadClass(mutation.type()); // fails where there is no such place any more
        Method run = entry(loader);
        for (int history = 0; history < HISTORIES; history++) {
            String found = (String) run.invoke(null, history);
            if (!found.isEmpty()) {
                System.out.printf("%s: history %d, %s%n", mutation.name(), history, found.replaceAll(":.*", ""));
                return;
            }
        }
        assertThat(List.of())
                .as("what is found in %d histories when %s", HISTORIES, mutation.name())
                .isNotEmpty();
    }

    @Test
    void withoutAMistakeNothingIsFound() throws ReflectiveOperationException {
        Mutation none = new Mutation("nothing is wrong", "none", "none", new Mutation.Answers(0));
        Method run = entry(new MutantLoader(none, MutationTest.class.getClassLoader()));
        for (int history = 0; history < HISTORIES; history++) {
            assertThat(run.invoke(null, history)).as("history %d", history).isEqualTo("");
        }
    }

    @Test
    void theRulesRunAreThoseOfTheLoader() throws ReflectiveOperationException {
        Mutation none = new Mutation("nothing is wrong", "none", "none", new Mutation.Answers(0));
        MutantLoader loader = new MutantLoader(none, MutationTest.class.getClassLoader());
        assertThat(loader.loadClass("holt.kernel.Cluster").getClassLoader()).isSameAs(loader);
    }

    private static Method entry(MutantLoader loader) throws ReflectiveOperationException {
        return loader.loadClass(MutantRun.class.getName()).getMethod("run", int.class);
    }
}
