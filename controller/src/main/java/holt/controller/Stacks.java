package holt.controller;

import holt.kernel.AppStatus;
import holt.kernel.ClusterView;
import holt.model.Api;
import holt.model.Droplet;
import holt.model.ErrorCode;
import holt.model.Json;
import holt.model.Nearest;
import holt.model.Problem;
import holt.model.ProblemException;
import holt.model.Release;
import holt.model.RootFileSystem;
import holt.model.StackReference;
import holt.model.StageProgress;
import holt.store.Blobs;
import holt.store.StackRow;
import holt.store.TruthStore;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.time.InstantSource;
import java.util.List;
import java.util.Optional;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/** The stacks there are: their names, what they are, who uses them. Any thread. */
final class Stacks {
    private final TruthStore store;
    private final Blobs blobs;
    private final InstantSource clock;

    Stacks(TruthStore store, Blobs blobs, InstantSource clock) {
        this.store = store;
        this.blobs = blobs;
        this.clock = clock;
    }

    Api.Stacks all(ClusterView view) {
        return new Api.Stacks(store.stacks().stream()
                .map(row -> new Api.StackView(
                        row.name(),
                        row.origin(),
                        row.digest(),
                        row.bytes(),
                        row.createdAt(),
                        row.createdBy(),
                        users(row.name(), view)))
                .toList());
    }

    /** The apps whose newest or serving release is to run on it. */
    private static List<String> users(String name, ClusterView view) {
        return view.apps().values().stream()
                .filter(status -> releases(status)
                        .anyMatch(release -> !release.buildpack().equals(Droplet.IMAGE)
                                && !release.stack().isEmpty()
                                && StackReference.nameOf(release.stack()).equals(name)))
                .map(status -> status.app().name())
                .toList();
    }

    private static Stream<Release> releases(AppStatus status) {
        return Stream.of(
                        Optional.ofNullable(status.target()),
                        Optional.ofNullable(status.latest()),
                        Optional.ofNullable(status.live()))
                .flatMap(Optional::stream);
    }

    /** @throws ProblemException {@code stack-exists} */
    void checkFree(String name) {
        if (find(name).isPresent()) {
            throw exists(name).exception();
        }
    }

    private static Problem exists(String name) {
        return Problem.of(ErrorCode.STACK_EXISTS, "There is a stack '" + name + "' already, and stacks never change.")
                .remedy("Take another name, or delete it first: 'holt stack delete " + name + "'.");
    }

    private Optional<StackRow> find(String name) {
        return store.stacks().stream().filter(row -> row.name().equals(name)).findFirst();
    }

    /** Takes up what a stager has made. */
    StageProgress.Result made(String name, String actor, StageProgress.Result result) {
        String digest = result.droplet();
        if (digest == null) {
            return result;
        }
        try {
            RootFileSystem root = Json.read(blobs.bytes(digest), RootFileSystem.class);
            long bytes = root.layers().stream()
                    .mapToLong(RootFileSystem.Layer::bytes)
                    .sum();
            boolean kept = store.insertStack(new StackRow(name, digest, root.origin(), bytes, clock.instant(), actor));
            return kept
                    ? result
                    : BuildProgress.failed(ErrorCode.STACK_EXISTS, exists(name).text());
        } catch (IOException fault) {
            return BuildProgress.failed(ErrorCode.INTERNAL, "The stack cannot be read back: " + fault.getMessage());
        } catch (ProblemException fault) {
            return BuildProgress.failed(fault.problem().code(), fault.problem().text());
        }
    }

    /** @throws ProblemException {@code stack-not-found}, {@code stack-in-use} */
    void delete(String name, ClusterView view) {
        if (find(name).isEmpty()) {
            throw unknown(name);
        }
        List<String> users = users(name, view);
        if (!users.isEmpty()) {
            throw Problem.of(ErrorCode.STACK_IN_USE, "Apps use the stack '" + name + "'.")
                    .expected("none", String.join(", ", users))
                    .remedy("Push them with another one first: 'holt push APP --stack host'.")
                    .exception();
        }
        store.deleteStack(name);
    }

    /** What is kept with a release for the name that a person said. */
    String resolve(String name) {
        if (name.equals(StackReference.HOST)) {
            return "";
        }
        return find(name)
                .map(row -> new StackReference(row.name(), row.digest()).toString())
                .orElseThrow(() -> unknown(name));
    }

    private ProblemException unknown(String name) {
        List<String> known = Stream.concat(
                        Stream.of(StackReference.HOST), store.stacks().stream().map(StackRow::name))
                .toList();
        String remedy = Nearest.to(name, known)
                .map(near -> "Do you mean '" + near + "'?")
                .orElse("'holt stack list' lists those there are; 'holt stack create' makes one.");
        return Problem.of(ErrorCode.STACK_NOT_FOUND, "There is no stack '" + Call.printable(name) + "'.")
                .expected(String.join(", ", known), Call.printable(name))
                .remedy(remedy)
                .exception();
    }

    /**
     * The stack of a release that is made of a build.
     *
     * @param said what the caller says; null for nothing
     * @return null to carry over what the release before has
     */
    @Nullable
    String ofBuild(Api.Build build, @Nullable String said, Optional<Release> before) {
        if (Droplet.IMAGE.equals(build.buildpack())) {
            if (said != null) {
                throw Problem.of(ErrorCode.PARAMETER_INVALID, "An image is its own root file system.")
                        .expected("no stack with an image", Call.printable(said))
                        .exception();
            }
            return droplet(build).stack();
        }
        if (said != null) {
            return resolve(said);
        }
        boolean wasImage =
                before.map(release -> release.buildpack().equals(Droplet.IMAGE)).orElse(false);
        return wasImage ? "" : null;
    }

    /** The stack of a release that runs what the one before ran; null to carry over. */
    @Nullable
    String ofBase(Release base, @Nullable String said) {
        if (said == null) {
            return null;
        }
        if (base.buildpack().equals(Droplet.IMAGE)) {
            throw Problem.of(ErrorCode.PARAMETER_INVALID, "The app is an image, which is its own root file system.")
                    .remedy("Push files to run on a stack.")
                    .exception();
        }
        return resolve(said);
    }

    private Droplet droplet(Api.Build build) {
        try {
            return Json.read(blobs.bytes(String.valueOf(build.droplet())), Droplet.class);
        } catch (IOException fault) {
            throw new UncheckedIOException("The droplet of the build " + build.id() + " cannot be read", fault);
        }
    }
}
