package holt.controller.images;

import holt.model.Digest;
import holt.model.Droplet;
import holt.model.ErrorCode;
import holt.model.ImageReference;
import holt.model.Json;
import holt.model.Problem;
import holt.model.ProblemException;
import holt.model.RootFileSystem;
import holt.model.StackReference;
import holt.model.StageProgress;
import holt.model.Tree;
import holt.store.Blobs;
import holt.store.LayerArchive;
import java.io.IOException;
import java.io.InputStream;
import java.util.ArrayList;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/**
 * Fetches one image into the blob store and makes a droplet of it. Each layer is a blob under its own digest: what is
 * there is not fetched again, and what was fetched before a failure is there the next time. One thread.
 */
public final class ImagePull {
    private static final int MAX_DOCUMENT_BYTES = 4 << 20;
    private static final long MAX_LAYER_BYTES = 4L << 30;
    private static final long MAX_BYTES = 8L << 30;
    private static final String SHA256 = "sha256:";

    private final ImageReference image;
    private final Registry.@Nullable Login login;
    private final Blobs blobs;
    private final Consumer<String> log;

    /**
     * @param user at the registry; null for anybody
     * @param log takes lines for people
     */
    public ImagePull(
            String reference, @Nullable String user, @Nullable String password, Blobs blobs, Consumer<String> log) {
        this.image = ImageReference.parse(reference);
        this.login = user == null ? null : new Registry.Login(user, password == null ? "" : password);
        this.blobs = blobs;
        this.log = log;
    }

    /**
     * Does it.
     *
     * @param command the user's own start command; null for the image's
     * @throws ProblemException {@code image-invalid}, {@code image-not-found}, {@code image-unauthorized},
     *     {@code registry-unreachable}, {@code storage-full}
     */
    public StageProgress.Result run(@Nullable String command) throws IOException, InterruptedException {
        String architecture = ImageParts.architecture(System.getProperty("os.arch"));
        log.accept("==> Image: " + image);
        try (Registry registry = new Registry(image, login)) {
            ImageParts.Manifest manifest = manifest(registry, architecture);
            checkSizes(manifest);
            RootFileSystem.Image program = ImageParts.program(small(registry, manifest.config()), architecture);
            for (ImageParts.Part layer : new LinkedHashSet<>(manifest.layers())) {
                fetch(registry, layer);
            }
            return droplet(manifest, program, command);
        }
    }

    private ImageParts.Manifest manifest(Registry registry, String architecture)
            throws IOException, InterruptedException {
        List<String> wanted = new ArrayList<>(ImageParts.MANIFESTS);
        wanted.addAll(ImageParts.INDEXES);
        Registry.Answer answer = checked(registry, image.version(), wanted);
        if (ImageParts.INDEXES.contains(answer.type())) {
            ImageParts.Part chosen = ImageParts.ofPlatform(answer.body(), architecture);
            answer = checked(registry, SHA256 + chosen.digest(), ImageParts.MANIFESTS);
        }
        if (!ImageParts.MANIFESTS.contains(answer.type())) {
            throw ImageParts.invalid("Its manifest is of a kind that is not known here.")
                    .expected(String.join(" or ", ImageParts.MANIFESTS), answer.type())
                    .remedy("Push it to the registry again with a present tool.")
                    .exception();
        }
        return ImageParts.manifest(answer.body());
    }

    private static Registry.Answer checked(Registry registry, String version, List<String> types)
            throws IOException, InterruptedException {
        Registry.Answer answer = registry.manifest(version, types, MAX_DOCUMENT_BYTES);
        if (version.startsWith(SHA256) && !version.equals(SHA256 + Digest.of(answer.body()))) {
            throw tampered("manifest", version, SHA256 + Digest.of(answer.body()));
        }
        return answer;
    }

    private static ProblemException tampered(String what, String expected, String found) {
        return ImageParts.invalid("The registry sent another " + what + " than the one it was asked for.")
                .expected(expected, found)
                .remedy("Somebody changed it, or it was damaged on its way: push the image to the registry again.")
                .exception();
    }

    private static void checkSizes(ImageParts.Manifest manifest) {
        long sum = 0;
        for (ImageParts.Part layer : manifest.layers()) {
            sum += Math.min(layer.bytes(), MAX_BYTES);
            if (layer.bytes() > MAX_LAYER_BYTES || sum > MAX_BYTES) {
                throw ImageParts.invalid("It is too large.")
                        .expected(
                                "layers of at most " + (MAX_LAYER_BYTES >> 30) + " GiB each and " + (MAX_BYTES >> 30)
                                        + " GiB together",
                                "more")
                        .exception();
            }
        }
    }

    private byte[] small(Registry registry, ImageParts.Part part) throws IOException, InterruptedException {
        try (InputStream body = registry.blob(SHA256 + part.digest())) {
            byte[] bytes = body.readNBytes(MAX_DOCUMENT_BYTES);
            if (!Digest.of(bytes).equals(part.digest())) {
                throw tampered("configuration", SHA256 + part.digest(), SHA256 + Digest.of(bytes));
            }
            return bytes;
        }
    }

    private void fetch(Registry registry, ImageParts.Part layer) throws IOException, InterruptedException {
        String name = layer.digest().substring(0, 12);
        if (blobs.has(layer.digest())) {
            log.accept("    Layer " + name + " is here already");
        } else {
            log.accept("    Layer " + name + ", " + size(layer.bytes()));
            try (InputStream body = registry.blob(SHA256 + layer.digest())) {
                blobs.put(layer.digest(), body, layer.bytes());
            } catch (ProblemException refusal) {
                throw told(refusal, layer);
            } catch (IOException cut) {
                throw new ProblemException(
                        Problem.of(
                                        ErrorCode.REGISTRY_UNREACHABLE,
                                        "The layer " + name + " of " + image + " broke off: " + cut.getMessage() + ".")
                                .remedy("Push again: what came whole is not fetched again."),
                        cut);
            }
        }
        try (InputStream packed = blobs.open(layer.digest())) {
            LayerArchive.check(packed, LayerArchive.MAX_BYTES);
        }
    }

    private static ProblemException told(ProblemException refusal, ImageParts.Part layer) {
        Problem problem = refusal.problem();
        return switch (problem.code()) {
            case CONTENT_MISMATCH -> tampered("layer", SHA256 + layer.digest(), String.valueOf(problem.found()));
            case BODY_TOO_LARGE -> tampered("layer", layer.bytes() + " bytes", "more");
            default -> refusal;
        };
    }

    private StageProgress.Result droplet(
            ImageParts.Manifest manifest, RootFileSystem.Image program, @Nullable String command) {
        if (program.program().isEmpty() && command == null) {
            throw ImageParts.invalid("It names no program to start.")
                    .remedy("Say which with --command.")
                    .exception();
        }
        List<RootFileSystem.Layer> layers = manifest.layers().stream()
                .map(part -> new RootFileSystem.Layer(part.digest(), part.bytes()))
                .toList();
        String root = blobs.putBytes(Json.bytes(new RootFileSystem(image.toString(), layers, program)));
        String line = command == null ? program.commandLine() : command;
        Droplet droplet = new Droplet(
                new Tree(List.of()),
                Droplet.IMAGE,
                line,
                Map.of("web", line),
                program.environment(),
                new StackReference(image.toString(), root).toString());
        tell(program, line);
        return new StageProgress.Result(blobs.putBytes(droplet.bytes()), Droplet.IMAGE, line, null, null);
    }

    private void tell(RootFileSystem.Image program, String line) {
        log.accept("==> Start command: " + line);
        if (program.port() > 0) {
            log.accept("==> It listens on port " + program.port() + ", as it says");
        }
        if (!program.user().isEmpty()) {
            log.accept("    It wants to run as " + program.user()
                    + "; it runs as the instance's own user, who may write what that one may");
        }
    }

    private static String size(long bytes) {
        return bytes < 1 << 20 ? Math.max(1, bytes >> 10) + " KiB" : (bytes >> 20) + " MiB";
    }
}
