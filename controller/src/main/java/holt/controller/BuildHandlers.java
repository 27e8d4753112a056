package holt.controller;

import holt.model.Api;
import holt.model.AppName;
import holt.model.ErrorCode;
import holt.model.Problem;
import holt.model.StageProgress;
import holt.model.Tree;
import holt.store.Blobs;
import holt.store.ZipPackage;
import java.io.IOException;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/** Builds: from a list of files that are here already, or from a whole package; and their logs. */
final class BuildHandlers {
    private final Builds builds;
    private final Blobs blobs;
    private final Path temporary;
    private final Streams streams;

    BuildHandlers(Builds builds, Blobs blobs, Path temporary, Streams streams) {
        this.builds = builds;
        this.blobs = blobs;
        this.temporary = temporary;
        this.streams = streams;
    }

    void create(Call call) throws IOException {
        Api.BuildRequest request = call.contentType().equals(ApiRoute.ZIP)
                ? new Api.BuildRequest(
                        unpacked(call),
                        call.query("command").orElse(null),
                        call.query("app").orElse(null))
                : json(call);
        if (request.app() != null) {
            AppName.check(request.app());
        }
        String command = request.command() == null || request.command().isBlank() ? null : request.command();
        Api.Build build = builds.start(request.tree(), command, request.app());
        call.answerHeader("Location", Api.BASE + "/builds/" + build.id());
        call.json(build);
    }

    private static Api.BuildRequest json(Call call) throws IOException {
        Api.BuildRequest request =
                call.body(Api.BuildRequest.class, call.limits().treeBytes());
        @Nullable Tree tree = request.tree();
        if (tree == null) {
            throw Problem.of(ErrorCode.BODY_INVALID, "The body has no 'tree'.")
                    .expected("the files of the package", "nothing")
                    .exception();
        }
        return request;
    }

    private Tree unpacked(Call call) throws IOException {
        long most = call.limits().uploadBytes();
        return new ZipPackage(blobs, temporary).read(call.stream(most), most);
    }

    void find(Call call) {
        call.json(builds.find(call.path("id")));
    }

    void follow(Call call) {
        String id = call.path("id");
        Optional<LiveBuild> live = builds.live(id);
        if (live.isPresent()) {
            streams.run(call, sse -> send(sse, live.get()));
        } else {
            Api.Build build = builds.find(id);
            streams.run(call, sse -> {
                lines(sse, id, build.log(), 0);
                done(sse, build);
            });
        }
    }

    private static void send(Sse sse, LiveBuild live) throws IOException, InterruptedException {
        int seen = 0;
        while (true) {
            boolean ended = live.ended();
            List<String> lines = live.linesFrom(seen, Sse.HEARTBEAT);
            seen = lines(sse, live.id(), lines, seen);
            if (ended) {
                done(sse, live.build());
                return;
            }
            if (lines.isEmpty() && !live.ended()) {
                sse.heartbeat();
            }
        }
    }

    private static int lines(Sse sse, String id, List<String> lines, int first) throws IOException {
        int next = first;
        for (String line : lines) {
            sse.event(Integer.toString(next++), "log", new StageProgress(id, line, null));
        }
        sse.flush();
        return next;
    }

    private static void done(Sse sse, Api.Build build) throws IOException {
        sse.event("", "done", build);
        sse.flush();
    }
}
