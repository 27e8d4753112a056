import java.io.BufferedInputStream;
import java.io.IOException;
import java.net.Socket;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicLong;

/** repush: a steady 1,000 requests a second through the router while releases follow one another. */
final class Repush {
    private static final int CLIENTS = 20;
    private static final int PER_SECOND = 1000;

    private static final AtomicLong answered = new AtomicLong();
    private static final AtomicLong failed = new AtomicLong();
    private static final AtomicBoolean done = new AtomicBoolean();

    public static void main(String[] arguments) throws IOException, InterruptedException {
        int pushes = Bench.quick(arguments) ? 8 : 50;
        try (Bench bench = new Bench().up()) {
            Path folder = copy(bench);
            bench.holt("push", "repush", "--path", folder.toString(), "--instances", "2");
            List<Thread> clients = new ArrayList<>();
            for (int client = 0; client < CLIENTS; client++) {
                clients.add(Thread.ofPlatform().start(() -> load(bench)));
            }
            long start = System.nanoTime();
            for (int push = 1; push <= pushes; push++) {
                Files.writeString(folder.resolve("version.txt"), Integer.toString(push));
                bench.holt("push", "repush", "--path", folder.toString());
            }
            double seconds = (System.nanoTime() - start) / 1e9;
            done.set(true);
            for (Thread client : clients) {
                client.join();
            }
            System.out.printf("%d pushes in %.1f s, %d answered (%.0f a second), %d failed%n",
                    pushes, seconds, answered.get(), answered.get() / seconds, failed.get());
            Bench.figure("repush.failed", failed.get(), "requests", 0);
            Bench.figure("repush.missed_rate", Math.max(0, PER_SECOND - answered.get() / seconds), "requests/s", 50);
        }
    }

    private static Path copy(Bench bench) throws IOException {
        Path example = Bench.ROOT.resolve("examples/native");
        bench.run(List.of("make", "-s", "-C", example.toString()));
        Path folder = Files.createDirectories(bench.home().resolve("bench-app"));
        bench.run(List.of("cp", "-a", example + "/.", folder.toString()));
        return folder;
    }

    /** Sends at fixed moments, whatever the answers take: a stall shows as failed or missed, never as fewer requests. */
    private static void load(Bench bench) {
        long interval = 1_000_000_000L * CLIENTS / PER_SECOND;
        long next = System.nanoTime();
        while (!done.get()) {
            try (Socket socket = bench.connect()) {
                BufferedInputStream in = new BufferedInputStream(socket.getInputStream());
                while (!done.get()) {
                    int status = Bench.exchange(socket, in, "repush");
                    (status == 200 ? answered : failed).incrementAndGet();
                    next += interval;
                    long wait = next - System.nanoTime();
                    if (wait > 0) {
                        java.util.concurrent.locks.LockSupport.parkNanos(wait);
                    }
                }
            } catch (IOException fault) {
                if (!done.get()) {
                    failed.incrementAndGet();
                }
            }
        }
    }
}
