package holt.controller;

import holt.bus.Bus;
import holt.kernel.AppStatus;
import holt.kernel.ProcessStatus;
import holt.model.AgentReply;
import holt.model.AgentRequest;
import holt.model.Api;
import holt.model.ErrorCode;
import holt.model.Json;
import holt.model.Problem;
import holt.model.ProblemException;
import holt.model.Process;
import holt.model.Subjects;
import java.io.IOException;
import java.io.OutputStream;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.CompletionException;
import java.util.regex.Pattern;

/** Files of instances, read through the agent that runs them, a piece at a time. */
final class FileHandlers {
    private static final Duration PATIENCE = Duration.ofSeconds(10);
    private static final int MAX_PATH = 4096;
    private static final Pattern ERROR_NUMBER = Pattern.compile("\\s*\\([^()]*errno \\d+\\)\\.?$");

    private final ControlLoop loop;
    private final Bus bus;

    FileHandlers(ControlLoop loop, Bus bus) {
        this.loop = loop;
        this.bus = bus;
    }

    /** One file or folder of one incarnation of a process. */
    private record Place(String host, long pid, int incarnation, String path) {
        AgentRequest.Files request(long offset) {
            return new AgentRequest.Files(pid, incarnation, path, offset, AgentRequest.Files.MAX_LENGTH);
        }
    }

    void read(Call call) throws IOException {
        AppStatus app = AppHandlers.known(loop.view(), call.app());
        int index = (int) call.number("instance", 0, 0, 999);
        String path = path(call.query("path").orElse(""));
        Process process = app.instance(index)
                .map(ProcessStatus::process)
                .filter(found -> found.host() != null)
                .orElseThrow(() -> noInstance(app.app().name(), index));
        String host = process.host();
        Place place = new Place(host == null ? "" : host, process.pid(), process.incarnation(), path);
        switch (ask(place, 0)) {
            case AgentReply.Listing listing -> call.json(new Api.Files(path, listing.files()));
            case AgentReply.Content content -> send(call, place, content);
            case AgentReply.Refused refused -> throw notThere(path, refused.reason());
            case AgentReply.Accepted accepted -> throw notThere(path, "its agent sent no content");
        }
    }

    /** As much as the file had when it was first looked at: a log that grows meanwhile would never end. */
    private void send(Call call, Place place, AgentReply.Content first) throws IOException {
        call.response().setStatus(200);
        call.response().setContentType(ApiRoute.BYTES);
        call.response().setHeader("X-Content-Type-Options", "nosniff");
        call.response().setContentLengthLong(first.size());
        if (call.headOnly()) {
            return;
        }
        OutputStream out = call.response().getOutputStream();
        AgentReply.Content piece = first;
        long left = first.size();
        while (left > 0) {
            int count = (int) Math.min(left, piece.bytes().length);
            out.write(piece.bytes(), 0, count);
            left -= count;
            piece = left == 0 ? piece : next(place, first.size() - left);
        }
        out.flush();
    }

    private AgentReply.Content next(Place place, long offset) throws IOException {
        if (ask(place, offset) instanceof AgentReply.Content content && content.bytes().length > 0) {
            return content;
        }
        throw new IOException("The file became shorter while it was read");
    }

    private AgentReply ask(Place place, long offset) {
        try {
            byte[] answer = bus.request(Subjects.agent(place.host()), Json.bytes(place.request(offset)), PATIENCE)
                    .join();
            return Json.read(answer, AgentReply.class);
        } catch (CompletionException fault) {
            throw new ProblemException(
                    Problem.of(
                            ErrorCode.UNAVAILABLE,
                            "The files of the instance cannot be read: " + Asker.refusal(null, fault) + "."),
                    fault);
        }
    }

    /** Slashes around it and {@code .} mean nothing; the agent sees to it that the rest stays where it belongs. */
    private static String path(String given) {
        String path = given.replaceAll("^/+|/+$", "");
        if (path.equals(".")) {
            return "";
        }
        boolean leadsOut = List.of(path.split("/")).contains("..");
        if (leadsOut || path.length() > MAX_PATH || path.chars().anyMatch(c -> c < 0x20)) {
            throw Problem.of(ErrorCode.PARAMETER_INVALID, "The parameter 'path' cannot be used.")
                    .expected("a path below the instance's folder, without '..'", Call.printable(given))
                    .exception();
        }
        return path;
    }

    private static ProblemException noInstance(String app, int index) {
        return Problem.of(
                        ErrorCode.INSTANCE_NOT_FOUND, "The app '" + app + "' has no instance " + index + " on a host.")
                .remedy("'holt app " + app + "' shows its instances.")
                .exception();
    }

    /** Agents say it in a sentence of their own, sometimes with the number of a kernel's error behind it. */
    private static ProblemException notThere(String path, String reason) {
        String opening = "'" + path + "' cannot be read: ";
        String why = ERROR_NUMBER.matcher(reason).replaceFirst("");
        return Problem.of(ErrorCode.FILE_NOT_FOUND, (why.startsWith(opening) ? "" : opening) + why + ".")
                .exception();
    }
}
