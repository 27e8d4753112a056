import java.util.ArrayList;
import java.util.List;

/** push: Enter to the first 200 of a small new application, and a push in which nothing changed. */
final class Push {
    public static void main(String[] arguments) {
        int rounds = Bench.quick(arguments) ? 5 : 20;
        List<Double> first = new ArrayList<>();
        List<Double> again = new ArrayList<>();
        String example = Bench.ROOT.resolve("examples/hello").toString();
        try (Bench bench = new Bench().up()) {
            for (int round = 0; round < rounds; round++) {
                String app = "push" + round;
                first.add(seconds(() -> {
                    bench.holt("push", app, "--path", example);
                    bench.awaitAnswer(app);
                }));
                again.add(seconds(() -> bench.holt("push", app, "--path", example)));
                bench.holt("delete", app, "--yes");
                System.out.printf("round %d: first 200 after %.2f s, again %.2f s%n", round + 1, first.getLast(), again.getLast());
            }
        }
        Bench.figure("push.first", Bench.percentile(first, 0.5), "s", 2);
        Bench.figure("push.again", Bench.percentile(again, 0.5), "s", 1);
    }

    private static double seconds(Runnable work) {
        long start = System.nanoTime();
        work.run();
        return (System.nanoTime() - start) / 1e9;
    }
}
