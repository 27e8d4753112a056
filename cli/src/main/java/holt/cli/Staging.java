package holt.cli;

import holt.model.Api;
import holt.model.Tree;
import java.io.IOException;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** Has a droplet built and shows the log while that goes on. One thread. */
final class Staging {
    private final ApiClient api;
    private final Output output;

    Staging(ApiClient api, Output output) {
        this.api = api;
        this.output = output;
    }

    /**
     * Waits for the build's end.
     *
     * @return a build that succeeded
     * @throws CommandFailure where it did not
     */
    Api.Build build(Tree tree, @Nullable String command, String app) throws IOException {
        Api.Build begun = api.call("POST", "/builds", new Api.BuildRequest(tree, command, app), Api.Build.class);
        return follow(begun, "Staging");
    }

    /**
     * Waits for the end of a build that was begun.
     *
     * @param what it does, for people
     */
    Api.Build follow(Api.Build begun, String what) throws IOException {
        Api.Build build = begun;
        if (build.state().equals("staging")) {
            Log log = new Log("/builds/" + ApiPath.encode(build.id()) + "/stream");
            new Following(api, output).follow(log);
            Api.Build done = log.done;
            build = done != null ? done : api.get("/builds/" + ApiPath.encode(build.id()), Api.Build.class);
        } else {
            show(build.log());
        }
        if (!build.state().equals("succeeded")) {
            String detail = build.detail() == null ? "no reason was given" : build.detail();
            throw new CommandFailure(
                    ExitCode.FAILED,
                    what + " failed" + (build.failure() == null ? "" : " (" + build.failure() + ")") + ": " + detail);
        }
        return build;
    }

    private void show(List<String> lines) {
        lines.forEach(this::show);
    }

    private void show(String line) {
        output.say("  " + output.style(Style.DIM, LogText.forScreen(line)));
    }

    /** The log as it comes; opened anew, the stream begins at its first line again. */
    private final class Log implements Following.Reader {
        private final String path;
        private int shown;
        private int seen;
        private Api.@Nullable Build done;

        Log(String path) {
            this.path = path;
        }

        @Override
        public String path() {
            seen = 0;
            return path;
        }

        @Override
        public boolean take(SseStream.Message message) {
            if (message.event().equals("done")) {
                done = LeanJson.read(message.data(), Api.Build.class);
                return false;
            }
            seen++;
            if (seen > shown) {
                shown = seen;
                show(line(message.data()));
            }
            return true;
        }

        /** A line comes as text, or as a step of the build that has a line. */
        private static String line(String data) {
            Object value = JsonParser.parse(data);
            Object line = value instanceof Map<?, ?> step ? step.get("line") : value;
            return line == null ? "" : line.toString();
        }
    }
}
