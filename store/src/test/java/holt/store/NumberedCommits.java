package holt.store;

import holt.model.Change;
import java.nio.file.Path;
import java.util.List;

/** A program that commits pairs of numbered changes and prints each number once it was committed, until it is killed. */
final class NumberedCommits {
    private NumberedCommits() {}

    public static void main(String[] arguments) {
        try (TruthStore store = TruthStore.open(Path.of(arguments[0]))) {
            for (long n = store.load().lastEventId() + 1; n > 0; n++) {
                store.commit(List.of(
                        new Change.PutProcess(TestData.process("shop", n + 1, 1)),
                        new Change.AddEvent(TestData.event(n, "shop"))));
                System.out.println(n);
                System.out.flush();
            }
        }
    }
}
