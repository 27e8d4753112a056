package holt.controller;

import holt.kernel.Cluster;
import holt.kernel.Effect;
import holt.kernel.IdSource;
import holt.model.ErrorCode;
import holt.model.Problem;
import holt.model.ProblemException;
import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.io.RandomAccessFile;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.util.ArrayDeque;
import java.util.List;
import java.util.Queue;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;
import tools.jackson.core.JacksonException;

/**
 * Goes through a recording again: gives each brain that was recorded the same truth, ids, inputs and times, and compares
 * what it decides now with what it decided then, effect by effect. Used once, by one thread.
 */
public final class Replay {
    private static final int MAX_FOUND = 200;
    private static final String EXPECTED = "a line of JSON as the recorder writes it";

    /**
     * What a replay came to.
     *
     * @param brains number of brains that began
     * @param inputs number of inputs they were given
     * @param effects number of effects that were compared and found equal
     * @param torn whether the last line is cut off, as a killed server leaves it; it was left out
     * @param difference the first decision that is another one now; null where there is none
     */
    public record Result(
            int brains,
            long inputs,
            long effects,
            boolean torn,
            @Nullable Difference difference) {}

    /**
     * A decision that is not the recorded one.
     *
     * @param line where in the recording, from 1
     * @param input what the brain was told, as JSON
     * @param recorded what came of it then, as JSON or in words
     * @param now what comes of it now
     */
    public record Difference(long line, String input, String recorded, String now) {}

    private final Path file;
    private final Queue<String> ids = new ArrayDeque<>();
    private @Nullable Cluster brain;
    private boolean idMissing;
    private int brains;
    private long inputs;
    private long effects;

    private Replay(Path file) {
        this.file = file;
    }

    /**
     * Goes through a recording up to the first difference.
     *
     * @throws ProblemException {@code parameter-invalid} for a file that cannot be read, or a line that is none of a
     *     recording, with its number
     */
    public static Result of(Path file) {
        // Bytes that are no text are found in their line, as text that is no JSON or is another one.
        try (BufferedReader lines =
                new BufferedReader(new InputStreamReader(Files.newInputStream(file), StandardCharsets.UTF_8))) {
            return new Replay(file).run(lines);
        } catch (NoSuchFileException missing) {
            throw Problem.of(ErrorCode.PARAMETER_INVALID, "There is no recording '" + file + "'.")
                    .remedy("A name given to --debug-record is that of a file in the home folder of the platform.")
                    .exception();
        } catch (IOException fault) {
            throw new ProblemException(
                    Problem.of(ErrorCode.PARAMETER_INVALID, "The recording '" + file + "' cannot be read: " + fault)
                            .expected("a file that `holt up --debug-record FILE` wrote", null),
                    fault);
        }
    }

    private Result run(BufferedReader lines) throws IOException {
        boolean torn = isTorn();
        long number = 0;
        String next = lines.readLine();
        while (next != null) {
            String text = next;
            next = lines.readLine();
            number++;
            if (next == null && torn) {
                return new Result(brains, inputs, effects, true, null);
            }
            Difference difference = replay(read(text, number), number);
            if (difference != null) {
                return new Result(brains, inputs, effects, torn, difference);
            }
        }
        return new Result(brains, inputs, effects, false, null);
    }

    private boolean isTorn() throws IOException {
        try (RandomAccessFile bytes = new RandomAccessFile(file.toFile(), "r")) {
            if (bytes.length() == 0) {
                return false;
            }
            bytes.seek(bytes.length() - 1);
            return bytes.read() != '\n';
        }
    }

    private RecordedLine read(String text, long number) {
        try {
            RecordedLine line = RecordingCodec.read(text, RecordedLine.class);
            if (line == null) {
                throw damaged(number, EXPECTED, "null").exception();
            }
            return line;
        } catch (JacksonException fault) {
            throw new ProblemException(damaged(number, EXPECTED, shortened(fault.getOriginalMessage())), fault);
        }
    }

    private @Nullable Difference replay(RecordedLine line, long number) {
        ids.clear();
        ids.addAll(line.ids());
        idMissing = false;
        return switch (line) {
            case RecordedLine.Begin begin -> begin(begin, number);
            case RecordedLine.Step step -> step(step, number);
        };
    }

    private @Nullable Difference begin(RecordedLine.Begin begin, long number) {
        if (begin.format() != RecordedLine.FORMAT) {
            throw damaged(number, "a recording of format " + RecordedLine.FORMAT, "format " + begin.format())
                    .exception();
        }
        brains++;
        Cluster made = new Cluster(begin.truth(), begin.epoch(), begin.settings(), recordedIds());
        brain = made;
        return compare(begin, number, "the beginning", () -> made.start(begin.at()));
    }

    private @Nullable Difference step(RecordedLine.Step step, long number) {
        Cluster present = brain;
        if (present == null) {
            throw damaged(number, "the beginning of a brain first", "an input").exception();
        }
        inputs++;
        return compare(step, number, RecordingCodec.text(step.input()), () -> present.handle(step.input(), step.at()));
    }

    private IdSource recordedIds() {
        return () -> {
            String id = ids.poll();
            idMissing |= id == null;
            return id == null ? "not-recorded" : id;
        };
    }

    private @Nullable Difference compare(
            RecordedLine line, long number, String input, Supplier<List<Effect>> decision) {
        List<Effect> now;
        try {
            now = decision.get();
        } catch (RuntimeException fault) {
            brain = null;
            return line.fault() != null
                    ? null
                    : new Difference(number, input, RecordingCodec.text(line.effects()), fault.toString());
        }
        if (line.fault() != null) {
            return new Difference(number, input, line.fault(), RecordingCodec.text(now));
        }
        return compare(line, number, input, now);
    }

    private @Nullable Difference compare(RecordedLine line, long number, String input, List<Effect> now) {
        List<Effect> then = line.effects();
        for (int i = 0; i < Math.max(then.size(), now.size()); i++) {
            Effect recorded = i < then.size() ? then.get(i) : null;
            Effect decided = i < now.size() ? now.get(i) : null;
            if (recorded == null || !recorded.equals(decided)) {
                return new Difference(number, input, told(recorded), told(decided));
            }
            effects++;
        }
        if (idMissing || !ids.isEmpty()) {
            return new Difference(
                    number, input, line.ids().size() + " ids drawn", idMissing ? "more" : ids.size() + " fewer");
        }
        return null;
    }

    private static String told(@Nullable Effect effect) {
        return effect == null ? "no further effect" : RecordingCodec.text(effect);
    }

    private Problem damaged(long number, String expected, String found) {
        return Problem.of(ErrorCode.PARAMETER_INVALID, file + " line " + number + " cannot be replayed.")
                .expected(expected, found);
    }

    private static String shortened(String message) {
        String line = message.lines().findFirst().orElse("");
        return line.length() <= MAX_FOUND ? line : line.substring(0, MAX_FOUND) + "...";
    }
}
