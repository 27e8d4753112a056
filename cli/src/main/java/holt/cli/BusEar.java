package holt.cli;

import holt.model.BusApi;
import java.io.IOException;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.atomic.AtomicReference;
import org.jspecify.annotations.Nullable;

/** Hears everything that is said on the bus and counts it. One thread listens, another one checks. */
final class BusEar implements Following.Reader {
    private final BusSubjects subjects;
    private final CountDownLatch ready = new CountDownLatch(1);
    private final AtomicReference<@Nullable Exception> fault = new AtomicReference<>();

    BusEar(BusSubjects subjects) {
        this.subjects = subjects;
    }

    void listen(ApiClient api, Output output) {
        try {
            new Following(api, output).follow(this);
        } catch (IOException | RuntimeException failed) {
            fault.set(failed);
        } finally {
            ready.countDown();
        }
    }

    /** Waits until it hears, or cannot. */
    void awaitReady() throws InterruptedException {
        ready.await();
    }

    /** Throws what ended the listening, if something did. */
    void check() throws Exception {
        Exception failed = fault.get();
        if (failed != null) {
            throw failed;
        }
    }

    @Override
    public String path() {
        return ApiPath.query("/bus/messages", "subject", ">", "payload", "no");
    }

    @Override
    public boolean take(SseStream.Message event) {
        switch (event.event()) {
            case "listening" -> ready.countDown();
            case "lost" ->
                subjects.lost(LeanJson.read(event.data(), BusApi.BusLost.class).messages());
            case "message" -> {
                BusApi.BusMessage message = LeanJson.read(event.data(), BusApi.BusMessage.class);
                subjects.add(message.subject(), message.size(), System.nanoTime());
            }
            default -> {
                // What a newer platform may tell besides is not for us.
            }
        }
        return true;
    }
}
