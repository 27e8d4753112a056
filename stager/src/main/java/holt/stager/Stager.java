package holt.stager;

import holt.bus.Bus;
import holt.bus.Message;
import holt.model.AgentReply;
import holt.model.ErrorCode;
import holt.model.Json;
import holt.model.Problem;
import holt.model.ProblemException;
import holt.model.StackRequest;
import holt.model.StageProgress;
import holt.model.StageRequest;
import holt.model.Subjects;
import holt.store.Blobs;
import java.io.IOException;
import java.nio.file.Path;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Semaphore;
import java.util.concurrent.TimeUnit;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;
import tools.jackson.core.JacksonException;

/**
 * Turns packages into droplets, as asked on the bus. Each build has a virtual thread; four run at once and some more
 * wait. Whatever happens to a build it took, the asker gets a result on {@link Subjects#stageProgress}.
 */
public final class Stager implements AutoCloseable {
    static final String QUEUE = "stagers";

    private static final System.Logger LOG = System.getLogger(Stager.class.getName());
    private static final int MAX_RUNNING = 4;
    private static final int MAX_TAKEN = 100;
    private static final int PATIENCE_SECONDS = 5;

    private final Bus bus;
    private final Blobs blobs;
    private final Path temporary;
    private final Semaphore running = new Semaphore(MAX_RUNNING, true);
    private final Semaphore taken = new Semaphore(MAX_TAKEN);
    private final ExecutorService builds = Executors.newThreadPerTaskExecutor(
            Thread.ofVirtual().name("build-", 1).factory());

    /** Set once by {@link #start}, read by {@link #close}: both on the thread of the composition root. */
    private Bus.@Nullable Subscription subscription;

    private Bus.@Nullable Subscription stacks;

    /** @param temporary folder in which stacks are made, of nobody else */
    public Stager(Bus bus, Blobs blobs, Path temporary) {
        this.bus = bus;
        this.blobs = blobs;
        this.temporary = temporary;
    }

    /** Begins to take requests. */
    public void start() {
        removeLeftovers();
        subscription = bus.subscribe(Subjects.STAGE, QUEUE, message -> take(message, StageRequest.class));
        stacks = bus.subscribe(Subjects.STACK, QUEUE, message -> take(message, StackRequest.class));
    }

    private void removeLeftovers() {
        try {
            StackBuilder.removeLeftovers(temporary);
        } catch (IOException fault) {
            LOG.log(System.Logger.Level.WARNING, "event=leftovers-not-removed folder=" + temporary, fault);
        } catch (InterruptedException ending) {
            Thread.currentThread().interrupt();
        }
    }

    /** Takes no more requests, and ends builds that do not finish soon as failed. */
    @Override
    public void close() {
        if (subscription != null && stacks != null) {
            subscription.close();
            stacks.close();
        }
        builds.shutdown();
        try {
            if (!builds.awaitTermination(PATIENCE_SECONDS, TimeUnit.SECONDS)) {
                builds.shutdownNow();
            }
        } catch (InterruptedException hurry) {
            builds.shutdownNow();
            Thread.currentThread().interrupt();
        }
    }

    private void take(Message message, Class<?> kind) {
        Object request;
        try {
            request = Json.read(message.payload(), kind);
        } catch (JacksonException fault) {
            refuse(message, "The request is not a " + kind.getSimpleName() + ": " + fault.getOriginalMessage());
            return;
        }
        if (!taken.tryAcquire()) {
            refuse(message, "The stager has " + MAX_TAKEN + " builds to do already. Push again later.");
            return;
        }
        message.reply(Json.bytes(new AgentReply.Accepted()));
        builds.execute(() -> {
            if (request instanceof StackRequest stack) {
                build(stack.build(), log -> new StackBuilder(temporary, blobs, log).run(stack));
            } else if (request instanceof StageRequest stage) {
                build(stage.build(), log -> new Staging(blobs, log).run(stage));
            }
        });
    }

    /** What is done for a request; its lines go to the log it is given. */
    @FunctionalInterface
    private interface Work {
        StageProgress.Result run(Consumer<String> log) throws IOException, InterruptedException;
    }

    private static void refuse(Message message, String reason) {
        message.reply(Json.bytes(new AgentReply.Refused(reason)));
    }

    private void build(String build, Work work) {
        long startNanos = System.nanoTime();
        StageProgress.Result result = resultOf(build, work);
        taken.release();
        String failure = result.failure() == null ? "" : result.failure();
        LOG.log(
                System.Logger.Level.INFO,
                "event=build-ended build={0} failure={1} millis={2}",
                build,
                failure,
                Long.toString((System.nanoTime() - startNanos) / 1_000_000));
        publish(new StageProgress(build, null, result));
    }

    private StageProgress.Result resultOf(String build, Work work) {
        try {
            running.acquire();
            try {
                return work.run(line -> publish(new StageProgress(build, line, null)));
            } finally {
                running.release();
            }
        } catch (ProblemException refusal) {
            return failed(refusal.problem());
        } catch (InterruptedException ending) {
            return failed(Problem.of(ErrorCode.STAGING_FAILED, "The stager was stopped during this build.")
                    .remedy("Push again."));
        } catch (IOException | RuntimeException fault) {
            // a fault of Holt, not of the package: the asker gets a sentence, the log what is needed to mend it
            LOG.log(System.Logger.Level.ERROR, "event=build-broke build=" + build, fault);
            return failed(Problem.of(ErrorCode.INTERNAL, "Staging broke off: " + fault + "."));
        }
    }

    private static StageProgress.Result failed(Problem problem) {
        return new StageProgress.Result(null, null, null, problem.code().code(), problem.text());
    }

    private void publish(StageProgress progress) {
        bus.publish(Subjects.stageProgress(progress.build()), Json.bytes(progress));
    }
}
