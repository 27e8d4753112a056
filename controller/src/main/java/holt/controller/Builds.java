package holt.controller;

import holt.bus.Bus;
import holt.model.AgentReply;
import holt.model.Api;
import holt.model.ErrorCode;
import holt.model.Json;
import holt.model.Problem;
import holt.model.ProblemException;
import holt.model.StackRequest;
import holt.model.StageProgress;
import holt.model.StageRequest;
import holt.model.Subjects;
import holt.model.Tree;
import holt.model.TreeEntry;
import holt.store.Blobs;
import holt.store.BuildRow;
import holt.store.TruthStore;
import java.io.IOException;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.UUID;
import java.util.concurrent.ConcurrentHashMap;
import java.util.function.Consumer;
import java.util.function.UnaryOperator;
import org.jspecify.annotations.Nullable;

/**
 * Has packages staged. Each build is in the store from its beginning and again from its end; in between it lives here. A
 * build whose stager falls silent, or that a restart of the server cut off, has failed. Safe for use by any thread.
 */
final class Builds {
    private static final System.Logger LOG = System.getLogger(Builds.class.getName());
    private static final Duration STAGER_ANSWER = Duration.ofSeconds(10);
    private static final int MAX_NAMED = 5;

    /** What a live build was made with. */
    private record Started(LiveBuild live, @Nullable String app, String tree, Instant createdAt) {}

    private final Bus bus;
    private final TruthStore store;
    private final Blobs blobs;
    private final InstantSource clock;
    private final Map<String, Started> live = new ConcurrentHashMap<>();

    Builds(Bus bus, TruthStore store, Blobs blobs, InstantSource clock) {
        this.bus = bus;
        this.store = store;
        this.blobs = blobs;
        this.clock = clock;
    }

    /** Begins a build of a package whose contents are all there. */
    Api.Build start(Tree tree, @Nullable String command, @Nullable String app) {
        check(tree);
        String digest = blobs.putBytes(Json.bytes(tree));
        Started started = begin(app, digest);
        StageRequest request = new StageRequest(started.live().id(), started.tree(), command);
        Thread.ofVirtual()
                .name("build-" + started.live().id())
                .start(() -> stage(started, Subjects.STAGE, Json.bytes(request), UnaryOperator.identity()));
        return started.live().build();
    }

    /** Begins a build that is done here, and not by a stager. */
    Api.Build run(@Nullable String app, Work work) {
        Started started = begin(app, "");
        Thread.ofVirtual().name("build-" + started.live().id()).start(() -> work(started, work));
        return started.live().build();
    }

    /** What a build is, where it is no package's. */
    @FunctionalInterface
    interface Work {
        /** @param log takes the lines of the build's log */
        StageProgress.Result run(Consumer<String> log) throws IOException, InterruptedException;
    }

    private void work(Started started, Work work) {
        LiveBuild build = started.live();
        try {
            build.end(work.run(build::line));
        } catch (ProblemException refusal) {
            build.end(BuildProgress.failed(
                    refusal.problem().code(), refusal.problem().text()));
        } catch (InterruptedException interrupted) {
            Thread.currentThread().interrupt();
        } catch (IOException | RuntimeException fault) {
            // a fault of Holt: the asker gets a sentence, the log what is needed to mend it
            LOG.log(System.Logger.Level.ERROR, "event=build-broke build=" + build.id(), fault);
            build.end(BuildProgress.failed(ErrorCode.INTERNAL, "The build broke off: " + fault + "."));
        } finally {
            build.end(BuildProgress.failed(ErrorCode.UNAVAILABLE, "The build was broken off."));
            finish(started);
        }
    }

    /** Begins a build of a stack; its end is what is made of the stager's. */
    Api.Build stack(Api.CreateStack stack, String suite, UnaryOperator<StageProgress.Result> made) {
        Started started = begin(null, "");
        List<String> include = stack.include() == null ? List.of() : stack.include();
        StackRequest request = new StackRequest(started.live().id(), suite, stack.mirror(), include);
        Thread.ofVirtual()
                .name("build-" + started.live().id())
                .start(() -> stage(started, Subjects.STACK, Json.bytes(request), made));
        return started.live().build();
    }

    private Started begin(@Nullable String app, String tree) {
        String id = UUID.randomUUID().toString();
        Started started = new Started(new LiveBuild(id), app, tree, clock.instant());
        save(started);
        live.put(id, started);
        return started;
    }

    private void check(Tree tree) {
        if (tree.fileCount() == 0) {
            throw Problem.of(ErrorCode.PACKAGE_EMPTY, "The package holds no file.")
                    .expected("at least one file", null)
                    .remedy("Check the folder that is pushed, and its .holtignore.")
                    .exception();
        }
        List<String> missing = tree.entries().stream()
                .filter(entry -> entry.kind() == TreeEntry.Kind.FILE)
                .filter(entry -> entry.digest() != null && !blobs.has(entry.digest()))
                .map(TreeEntry::path)
                .toList();
        if (!missing.isEmpty()) {
            String named = String.join(", ", missing.subList(0, Math.min(MAX_NAMED, missing.size())));
            throw Problem.of(ErrorCode.CONTENT_MISSING, missing.size() + " files of the package were not uploaded.")
                    .expected("all contents to be sent before the build", named)
                    .remedy("Ask POST /api/v1/blobs/match what is missing, and send that first.")
                    .exception();
        }
    }

    private void stage(Started started, String subject, byte[] request, UnaryOperator<StageProgress.Result> made) {
        LiveBuild build = started.live();
        try (Bus.Subscription progress = bus.subscribe(
                Subjects.stageProgress(build.id()), message -> progress(build, message.payload(), made))) {
            bus.request(subject, request, STAGER_ANSWER)
                    .thenApply(answer -> Json.read(answer, AgentReply.class))
                    .whenComplete((reply, fault) -> taken(build, reply, fault));
            build.awaitEnd();
        } catch (InterruptedException interrupted) {
            Thread.currentThread().interrupt();
        } finally {
            build.end(BuildProgress.failed(ErrorCode.UNAVAILABLE, "Staging was broken off."));
            finish(started);
        }
    }

    private void progress(LiveBuild build, byte[] payload, UnaryOperator<StageProgress.Result> made) {
        StageProgress step = Json.read(payload, StageProgress.class);
        if (step.line() != null) {
            build.line(step.line());
        }
        if (step.result() != null) {
            build.end(made.apply(step.result()));
        }
    }

    private static void taken(LiveBuild build, @Nullable AgentReply reply, @Nullable Throwable fault) {
        if (fault != null) {
            build.end(BuildProgress.failed(
                    ErrorCode.UNAVAILABLE,
                    "No stager took the build: " + Problems.unwrapped(fault).getMessage()));
        } else if (reply instanceof AgentReply.Refused refused) {
            build.end(BuildProgress.failed(
                    ErrorCode.UNAVAILABLE, "The stager did not take the build: " + refused.reason()));
        }
    }

    private void finish(Started started) {
        try {
            save(started);
            live.remove(started.live().id());
        } catch (ProblemException fault) {
            // It stays live, so that its end can be seen as long as this server runs.
            LOG.log(
                    System.Logger.Level.ERROR,
                    "event=build-not-saved id={0} reason=\"{1}\"",
                    started.live().id(),
                    fault.problem().text());
        }
    }

    private void save(Started started) {
        store.saveBuild(new BuildRow(started.live().build(), started.app(), started.tree(), started.createdAt()));
    }

    /** The build if it is under way. */
    Optional<LiveBuild> live(String id) {
        return Optional.ofNullable(live.get(id)).map(Started::live);
    }

    /** @throws ProblemException {@code build-not-found} */
    Api.Build find(String id) {
        Started started = live.get(id);
        if (started != null) {
            return started.live().build();
        }
        BuildRow row = store.loadBuild(id).orElseThrow(() -> unknown(id));
        return row.build().state().equals(BuildRow.STAGING) ? cutOff(row) : row.build();
    }

    /** A build that is neither live nor at its end was under way when a server died. */
    private Api.Build cutOff(BuildRow row) {
        Api.Build build = new Api.Build(
                row.build().id(),
                BuildRow.FAILED,
                null,
                null,
                null,
                ErrorCode.UNAVAILABLE.code(),
                "The server was restarted while this was staged. Push again.",
                row.build().log());
        store.saveBuild(new BuildRow(build, row.app(), row.tree(), row.createdAt()));
        return build;
    }

    /** @throws ProblemException {@code build-not-found} or {@code build-not-finished} */
    Api.Build succeeded(String id) {
        Api.Build build = find(id);
        if (!build.state().equals(BuildRow.SUCCEEDED)) {
            throw Problem.of(ErrorCode.BUILD_NOT_FINISHED, "The build '" + id + "' has no droplet.")
                    .expected("a build that succeeded", build.state())
                    .exception();
        }
        return build;
    }

    private static ProblemException unknown(String id) {
        return Problem.of(ErrorCode.BUILD_NOT_FOUND, "There is no build '" + Call.printable(id) + "'.")
                .remedy("Make one with POST /api/v1/builds.")
                .exception();
    }
}
