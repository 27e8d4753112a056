package holt.agent;

import holt.bus.stream.BusStream;
import holt.model.AccessApi;
import holt.model.AgentReply;
import holt.model.AgentRequest;
import holt.model.Frame;
import holt.model.Json;
import holt.model.Problem;
import holt.model.ProcessSpec;
import holt.model.Subjects;
import java.io.ByteArrayOutputStream;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.UUID;

/** Somebody who works inside an instance: the other side of a session, as a controller has it. */
final class Visitor implements AutoCloseable {
    final BusStream stream;
    final ByteArrayOutputStream output = new ByteArrayOutputStream();
    final ByteArrayOutputStream errors = new ByteArrayOutputStream();
    final AgentReply reply;
    boolean outputEnded;

    private Visitor(Platform platform, ProcessSpec spec, AgentRequest.Errand errand) {
        String id = UUID.randomUUID().toString();
        stream = new BusStream(platform.bus, Subjects.session(id, false), Subjects.session(id, true), () -> {});
        reply = platform.ask(new AgentRequest.Enter(spec.pid(), spec.incarnation(), id, errand));
    }

    static Visitor runs(Platform platform, ProcessSpec spec, String... command) {
        return new Visitor(
                platform, spec, new AgentRequest.Run(List.of(command), environment(platform), "", true, null));
    }

    static Visitor runsIn(Platform platform, ProcessSpec spec, String directory, String... command) {
        return new Visitor(
                platform, spec, new AgentRequest.Run(List.of(command), environment(platform), directory, false, null));
    }

    static Visitor onTerminal(Platform platform, ProcessSpec spec, String... command) {
        AccessApi.Window window = new AccessApi.Window(91, 17, "xterm");
        return new Visitor(
                platform, spec, new AgentRequest.Run(List.of(command), environment(platform), "", true, window));
    }

    static Visitor connects(Platform platform, ProcessSpec spec, int port) {
        return new Visitor(platform, spec, new AgentRequest.Connect(port));
    }

    private static String environment(Platform platform) {
        return platform.seal.sealEnvironment(Map.of("EXTRA", "one more"));
    }

    void send(Frame frame) {
        try {
            stream.send(frame.bytes());
        } catch (Exception broken) {
            throw new AssertionError("The session broke", broken);
        }
    }

    void type(String text) {
        send(new Frame(Frame.Kind.INPUT, text.getBytes(StandardCharsets.UTF_8)));
    }

    void endInput() {
        send(Frame.of(Frame.Kind.INPUT_END));
    }

    /** The next frame, with what it brings kept. */
    Frame next() {
        try {
            Frame frame = Frame.read(stream.receive(Platform.PATIENCE).orElseThrow());
            switch (frame.kind()) {
                case OUTPUT -> output.writeBytes(frame.content());
                case ERROR_OUTPUT -> errors.writeBytes(frame.content());
                case OUTPUT_END -> outputEnded = true;
                default -> {}
            }
            return frame;
        } catch (Exception broken) {
            throw new AssertionError("The session broke; so far: " + output + errors, broken);
        }
    }

    /** Reads on until a text was shown. */
    void awaitOutput(String text) {
        while (!output.toString(StandardCharsets.UTF_8).contains(text)) {
            Frame frame = next();
            if (frame.kind() == Frame.Kind.EXITED) {
                throw new AssertionError("It ended with " + frame.status() + " after: " + output);
            }
        }
    }

    int exit() {
        while (true) {
            Frame frame = next();
            if (frame.kind() == Frame.Kind.EXITED) {
                return frame.status();
            }
            if (frame.kind() == Frame.Kind.FAILED) {
                throw new AssertionError(new String(frame.content(), StandardCharsets.UTF_8));
            }
        }
    }

    Problem problem() {
        Frame frame = next();
        if (frame.kind() != Frame.Kind.FAILED) {
            throw new AssertionError("expected a problem, found " + frame.kind() + Arrays.toString(frame.content()));
        }
        return Json.read(frame.content(), Problem.class);
    }

    String out() {
        return output.toString(StandardCharsets.UTF_8);
    }

    String err() {
        return errors.toString(StandardCharsets.UTF_8);
    }

    /** Leaves without a word, as somebody whose machine loses its power. */
    void vanish() throws InterruptedException {
        stream.end("the other side is gone");
    }

    @Override
    public void close() {
        stream.close();
    }

    static Duration patience() {
        return Platform.PATIENCE;
    }
}
