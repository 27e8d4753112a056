package holt.stager;

import com.github.luben.zstd.ZstdOutputStream;
import holt.model.Digest;
import holt.model.ErrorCode;
import holt.model.Json;
import holt.model.Problem;
import holt.model.ProblemException;
import holt.model.RootFileSystem;
import holt.model.StackRequest;
import holt.model.StageProgress;
import holt.store.Blobs;
import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.DigestOutputStream;
import java.time.Duration;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import java.util.function.Consumer;
import java.util.stream.Stream;

/**
 * Makes a root file system of Debian packages with debootstrap, and packs it into the blob store as one layer. What it
 * makes on the way is in a folder that is deleted in any case. One thread.
 */
final class StackBuilder {
    private static final Duration LIMIT = Duration.ofMinutes(30);
    private static final int LEVEL = 6;
    private static final int LINES_KEPT = 5;
    private static final Path SOURCES = Path.of("/etc/apt");
    /** Given by the platform, or of the machine it was made on. */
    private static final List<String> LEFT_OUT =
            List.of("./dev/*", "./proc/*", "./sys/*", "./var/cache/apt/*", "./var/lib/apt/lists/*", "./etc/hostname");

    private final Path temporary;
    private final Blobs blobs;
    private final Consumer<String> log;

    /**
     * @param temporary folder to work in
     * @param log takes lines for people
     */
    StackBuilder(Path temporary, Blobs blobs, Consumer<String> log) {
        this.temporary = temporary;
        this.blobs = blobs;
        this.log = log;
    }

    /**
     * Does it.
     *
     * @throws ProblemException {@code staging-failed}, {@code unavailable}, {@code storage-full}
     */
    StageProgress.Result run(StackRequest request) throws IOException, InterruptedException {
        Path program = program().orElseThrow(() -> missing().exception());
        String mirror = request.mirror() == null ? ownMirror(request.suite()) : request.mirror();
        Files.createDirectories(temporary);
        Path work = Files.createTempDirectory(temporary, "stack-");
        try {
            log.accept("==> Making " + request.suite() + " from " + mirror);
            Path root = work.resolve("root");
            bootstrap(program, request, mirror, root);
            log.accept("==> Packing");
            RootFileSystem.Layer layer = pack(root, work.resolve("layer"));
            String origin = "debootstrap " + request.suite()
                    + (request.include().isEmpty() ? "" : " with " + String.join(",", request.include()));
            RootFileSystem made = new RootFileSystem(origin, List.of(layer), null);
            String digest = blobs.putBytes(Json.bytes(made));
            log.accept("==> Stack " + digest.substring(0, 12) + " is ready, " + (layer.bytes() >> 20) + " MiB packed");
            return new StageProgress.Result(digest, "stack", "", null, null);
        } finally {
            delete(work);
        }
    }

    private static Optional<Path> program() {
        return Stream.of("/usr/sbin/debootstrap", "/usr/bin/debootstrap", "/usr/local/sbin/debootstrap")
                .map(Path::of)
                .filter(Files::isExecutable)
                .findFirst();
    }

    private static Problem missing() {
        return Problem.of(ErrorCode.UNAVAILABLE, "This machine has no debootstrap.")
                .remedy("Install the package debootstrap where the server of Holt runs.");
    }

    /** Where this machine's own packages come from. */
    private static String ownMirror(String suite) throws IOException {
        List<Path> files = new ArrayList<>(List.of(SOURCES.resolve("sources.list")));
        Path more = SOURCES.resolve("sources.list.d");
        if (Files.isDirectory(more)) {
            try (Stream<Path> found = Files.list(more)) {
                found.filter(file -> file.toString().matches(".*\\.(list|sources)"))
                        .sorted()
                        .forEach(files::add);
            }
        }
        for (Path file : files) {
            Optional<String> found =
                    Files.isRegularFile(file) ? PackageSources.mirror(Files.readString(file), suite) : Optional.empty();
            if (found.isPresent()) {
                return found.get();
            }
        }
        throw Problem.of(ErrorCode.STAGING_FAILED, "This machine's own sources of packages have no " + suite + ".")
                .remedy("Name one: --mirror URL.")
                .exception();
    }

    private void bootstrap(Path program, StackRequest request, String mirror, Path root)
            throws IOException, InterruptedException {
        List<String> command = new ArrayList<>(List.of(program.toString(), "--variant=minbase"));
        if (!request.include().isEmpty()) {
            command.add("--include=" + String.join(",", request.include()));
        }
        command.addAll(List.of(request.suite(), root.toString(), mirror));
        Deque<String> last = new ArrayDeque<>();
        int status = follow(command, line -> {
            log.accept("    " + line);
            last.addLast(line);
            if (last.size() > LINES_KEPT) {
                last.removeFirst();
            }
        });
        if (status != 0) {
            throw Problem.of(ErrorCode.STAGING_FAILED, "debootstrap ended with " + status + ".")
                    .expected("a suite of the mirror " + mirror, String.join(" | ", last))
                    .remedy("Check --suite, --mirror and --include.")
                    .exception();
        }
    }

    private static int follow(List<String> command, Consumer<String> lines) throws IOException, InterruptedException {
        ProcessBuilder builder = new ProcessBuilder(command).redirectErrorStream(true);
        builder.environment().put("LC_ALL", "C.UTF-8");
        builder.environment().put("DEBIAN_FRONTEND", "noninteractive");
        builder.redirectInput(Path.of("/dev/null").toFile());
        Process process = builder.start();
        try (Watch _ = new Watch(process);
                BufferedReader reader = process.inputReader()) {
            for (String line = reader.readLine(); line != null; line = reader.readLine()) {
                lines.accept(line);
            }
            return process.waitFor();
        }
    }

    private RootFileSystem.Layer pack(Path root, Path file) throws IOException, InterruptedException {
        List<String> command = new ArrayList<>(List.of("tar", "--numeric-owner", "--sort=name", "--one-file-system"));
        LEFT_OUT.forEach(each -> command.add("--exclude=" + each));
        command.addAll(List.of("-C", root.toString(), "-cf", "-", "."));
        Process tar = new ProcessBuilder(command)
                .redirectError(ProcessBuilder.Redirect.DISCARD)
                .redirectInput(Path.of("/dev/null").toFile())
                .start();
        var computation = Digest.sha256();
        try (Watch _ = new Watch(tar);
                InputStream input = tar.getInputStream();
                OutputStream output =
                        new ZstdOutputStream(new DigestOutputStream(Files.newOutputStream(file), computation), LEVEL)) {
            input.transferTo(output);
        }
        if (tar.waitFor() != 0) {
            throw new IOException("tar ended with " + tar.exitValue());
        }
        String digest = Digest.hex(computation);
        long bytes = Files.size(file);
        try (InputStream packed = Files.newInputStream(file)) {
            blobs.put(digest, packed, bytes);
        }
        return new RootFileSystem.Layer(digest, bytes);
    }

    /** Ends a program that takes too long, or whose reader has gone, with all that it started. */
    private record Watch(Process process, CompletableFuture<Process> limit) implements AutoCloseable {
        Watch(Process process) {
            this(
                    process,
                    process.onExit()
                            .orTimeout(LIMIT.toMillis(), TimeUnit.MILLISECONDS)
                            .exceptionally(late -> {
                                end(process);
                                return process;
                            }));
        }

        private static void end(Process process) {
            process.descendants().forEach(ProcessHandle::destroyForcibly);
            process.destroyForcibly();
        }

        @Override
        public void close() {
            if (process.isAlive()) {
                end(process);
            }
        }
    }

    /** By a program of the system, which stays on this file system: debootstrap may have left something mounted. */
    private static void delete(Path work) throws IOException, InterruptedException {
        for (String each : List.of("sys", "proc")) {
            Path mounted = work.resolve("root").resolve(each);
            if (Files.exists(mounted)) {
                new ProcessBuilder("umount", "--quiet", mounted.toString())
                        .redirectErrorStream(true)
                        .redirectOutput(ProcessBuilder.Redirect.DISCARD)
                        .start()
                        .waitFor();
            }
        }
        int status = new ProcessBuilder("rm", "-rf", "--one-file-system", work.toString())
                .start()
                .waitFor();
        if (status != 0) {
            throw new IOException("The folder " + work + " cannot be deleted");
        }
    }

    /** Deletes what a builder that was killed has left. */
    static void removeLeftovers(Path temporary) throws IOException, InterruptedException {
        if (!Files.isDirectory(temporary)) {
            return;
        }
        try (Stream<Path> left = Files.list(temporary)) {
            for (Path each : left.filter(path -> path.getFileName().toString().startsWith("stack-"))
                    .toList()) {
                delete(each);
            }
        }
    }
}
