package holt.controller;

import holt.model.LogLine;
import java.io.IOException;
import java.io.OutputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.nio.file.attribute.FileAttribute;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Locale;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/**
 * The log lines of one app in a folder of segments. A segment is named by the number of its first line; lines are counted
 * from 0 and never renumbered. The oldest segments go when all together are too large. Its owner serialises the calls
 * that write; reading needs no lock, since a segment only grows or goes.
 */
final class AppLog {
    private static final int SEGMENTS = 8;
    private static final String SUFFIX = ".log";
    private static final FileAttribute<?> FOLDER =
            PosixFilePermissions.asFileAttribute(PosixFilePermissions.fromString("rwx------"));
    private static final FileAttribute<?> FILE =
            PosixFilePermissions.asFileAttribute(PosixFilePermissions.fromString("rw-------"));

    /** A line with its number. */
    record Numbered(long number, LogLine line) {}

    private final String app;
    private final Path folder;
    private final long segmentBytes;
    /** Null when the next line begins a new one. */
    private @Nullable Path segment;

    private long bytes;
    private long next;

    AppLog(String app, Path folder, long maxBytes) throws IOException {
        this.app = app;
        this.folder = folder;
        this.segmentBytes = Math.max(1, maxBytes / SEGMENTS);
        Files.createDirectories(folder, FOLDER);
        List<Path> segments = segments();
        if (!segments.isEmpty()) {
            Path last = segments.getLast();
            this.next = first(last) + count(last);
        }
    }

    /** Gives lines their numbers; to be written next. */
    List<Numbered> number(List<LogLine> lines) {
        List<Numbered> numbered = new ArrayList<>(lines.size());
        for (LogLine line : lines) {
            numbered.add(new Numbered(next++, line));
        }
        return numbered;
    }

    /** Writes what was just numbered. Where this fails, these lines are missing and the next ones are in a new segment. */
    void write(List<Numbered> lines) throws IOException {
        if (lines.isEmpty()) {
            return;
        }
        StringBuilder text = new StringBuilder();
        lines.forEach(each -> text.append(LogCodec.write(each.line())));
        byte[] content = text.toString().getBytes(StandardCharsets.UTF_8);
        Path file = segment;
        segment = null;
        if (file == null || bytes + content.length > segmentBytes) {
            file = begin(lines.getFirst().number());
            dropOldest();
        }
        try (OutputStream out = Files.newOutputStream(file, StandardOpenOption.APPEND)) {
            out.write(content);
        }
        bytes += content.length;
        segment = file;
    }

    private Path begin(long first) throws IOException {
        Path file = folder.resolve(String.format(Locale.ROOT, "%019d", first) + SUFFIX);
        Files.deleteIfExists(file);
        Files.createFile(file, FILE);
        bytes = 0;
        return file;
    }

    private void dropOldest() throws IOException {
        List<Path> segments = segments();
        long total = 0;
        for (int i = segments.size() - 1; i >= 0; i--) {
            total += i == segments.size() - 1 ? segmentBytes : Files.size(segments.get(i));
            if (total > segmentBytes * SEGMENTS) {
                Files.delete(segments.get(i));
            }
        }
    }

    /** The newest lines that match, oldest of them first. */
    List<Numbered> newest(LogQuery query) throws IOException {
        List<Numbered> found = new ArrayList<>();
        for (Path each : segments().reversed()) {
            List<Numbered> lines = lines(each);
            for (int i = lines.size() - 1; i >= 0 && found.size() < query.limit(); i--) {
                if (query.wants(lines.get(i).line())) {
                    found.add(lines.get(i));
                }
            }
            boolean allOlderHere =
                    !lines.isEmpty() && query.isBefore(lines.getFirst().line());
            if (found.size() >= query.limit() || allOlderHere) {
                break;
            }
        }
        Collections.reverse(found);
        return found;
    }

    void delete() throws IOException {
        for (Path each : segments()) {
            Files.deleteIfExists(each);
        }
        Files.deleteIfExists(folder);
    }

    private List<Numbered> lines(Path file) throws IOException {
        long number = first(file);
        List<Numbered> lines = new ArrayList<>();
        for (String line : content(file).split("\n")) {
            long own = number++;
            LogCodec.read(app, line).ifPresent(read -> lines.add(new Numbered(own, read)));
        }
        return lines;
    }

    private static long count(Path file) throws IOException {
        return content(file).lines().count();
    }

    private static String content(Path file) throws IOException {
        try {
            return new String(Files.readAllBytes(file), StandardCharsets.UTF_8);
        } catch (NoSuchFileException droppedMeanwhile) {
            return "";
        }
    }

    private List<Path> segments() throws IOException {
        try (Stream<Path> files = Files.list(folder)) {
            return files.filter(file -> file.getFileName().toString().matches("\\d{19}\\.log"))
                    .sorted()
                    .toList();
        } catch (NoSuchFileException deletedMeanwhile) {
            return List.of();
        }
    }

    private static long first(Path segment) {
        String name = segment.getFileName().toString();
        return Long.parseLong(name.substring(0, name.length() - SUFFIX.length()));
    }
}
