package holt.agent;

import holt.model.ProcessSpec;
import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStream;
import java.io.InputStreamReader;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/**
 * Runs commands inside instances as guests of theirs. Any thread. What they write is read on platform threads: a read of a
 * pipe would keep one of the few threads that carry all virtual ones.
 */
final class GuestCommand implements InsideCommand {
    private static final System.Logger LOG = System.getLogger(GuestCommand.class.getName());

    private final Backend backend;
    private final Surroundings surroundings;

    /** Knows what a program of a process is given. */
    @FunctionalInterface
    interface Surroundings {
        Backend.Start of(ProcessSpec spec) throws IOException;
    }

    GuestCommand(Backend backend, Surroundings surroundings) {
        this.backend = backend;
        this.surroundings = surroundings;
    }

    @Override
    public int run(ProcessSpec spec, String command, Duration limit, Consumer<String> output)
            throws IOException, InterruptedException {
        Guest.Wish wish = new Guest.Wish(
                surroundings.of(spec),
                List.of("/bin/sh", "-c", command),
                Map.of(),
                "",
                null,
                UUID.randomUUID().toString());
        try (Guest guest = backend.enter(wish)) {
            guest.endInput();
            List<Thread> readers = readers(guest, output);
            int status = await(guest, limit);
            for (Thread reader : readers) {
                reader.join();
            }
            return status;
        }
    }

    private static int await(Guest guest, Duration limit) throws IOException, InterruptedException {
        CompletableFuture<Integer> status = new CompletableFuture<>();
        Thread.startVirtualThread(() -> {
            try {
                status.complete(guest.waitFor());
            } catch (InterruptedException stop) {
                status.completeExceptionally(stop);
            }
        });
        try {
            return status.get(limit.toMillis(), TimeUnit.MILLISECONDS);
        } catch (TimeoutException late) {
            guest.end();
            throw new TimedOut(limit);
        } catch (ExecutionException fault) {
            throw new IOException("its end could not be seen", fault.getCause());
        }
    }

    private static List<Thread> readers(Guest guest, Consumer<String> output) {
        List<Thread> readers = new ArrayList<>();
        for (@Nullable InputStream stream : new InputStream[] {guest.output(), guest.errors()}) {
            if (stream != null) {
                readers.add(
                        Thread.ofPlatform().daemon().name("holt-agent-inside").start(() -> read(stream, output)));
            }
        }
        return readers;
    }

    /** What is more than the bound is read and forgotten, so that nobody waits to be read. */
    private static void read(InputStream stream, Consumer<String> output) {
        try {
            byte[] kept = stream.readNBytes(MAX_OUTPUT_BYTES);
            try (BufferedReader lines = new BufferedReader(
                    new InputStreamReader(new java.io.ByteArrayInputStream(kept), StandardCharsets.UTF_8))) {
                lines.lines().forEach(output);
            }
            stream.transferTo(java.io.OutputStream.nullOutputStream());
        } catch (IOException ended) {
            LOG.log(System.Logger.Level.DEBUG, "event=inside-output-cut", ended);
        }
    }
}
