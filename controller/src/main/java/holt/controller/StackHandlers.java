package holt.controller;

import holt.controller.images.ImagePull;
import holt.model.Api;
import holt.model.AppName;
import holt.model.ErrorCode;
import holt.model.Problem;
import holt.model.StackName;
import holt.store.Blobs;
import java.io.IOException;
import java.net.URI;
import java.net.URISyntaxException;
import java.util.List;
import java.util.function.Consumer;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/** Root file systems: stacks that are made here, and images that come from a registry. */
final class StackHandlers {
    static final String USUAL_SUITE = "bookworm";
    private static final Pattern WORD = Pattern.compile("[a-z0-9][a-z0-9+.-]{0,99}");
    private static final int MAX_PACKAGES = 200;
    private static final int MAX_SECRET = 64 << 10;

    private final ControlLoop loop;
    private final Stacks stacks;
    private final Builds builds;
    private final Blobs blobs;

    StackHandlers(ControlLoop loop, Stacks stacks, Builds builds, Blobs blobs) {
        this.loop = loop;
        this.stacks = stacks;
        this.builds = builds;
        this.blobs = blobs;
    }

    void list(Call call) {
        call.json(stacks.all(loop.view()));
    }

    void create(Call call) throws IOException {
        Api.CreateStack body = call.body(Api.CreateStack.class);
        String name = StackName.check(AppHandlers.required(body.name(), "name"));
        String suite = word(body.suite() == null ? USUAL_SUITE : body.suite(), "suite");
        checkMirror(body.mirror());
        List<@Nullable String> include = body.include() == null ? List.of() : List.copyOf(body.include());
        if (include.size() > MAX_PACKAGES) {
            throw Problem.of(ErrorCode.PARAMETER_INVALID, "These are too many packages.")
                    .expected("at most " + MAX_PACKAGES, Integer.toString(include.size()))
                    .exception();
        }
        include.forEach(each -> word(String.valueOf(each), "package"));
        stacks.checkFree(name);
        String actor = call.actor();
        call.json(builds.stack(body, suite, result -> stacks.made(name, actor, result)));
    }

    private static String word(String text, String what) {
        if (!WORD.matcher(text).matches()) {
            throw Problem.of(ErrorCode.PARAMETER_INVALID, "This is no name of a " + what + ".")
                    .expected("a-z, 0-9, '+', '-' and '.'", Call.printable(text))
                    .exception();
        }
        return text;
    }

    private static void checkMirror(@Nullable String mirror) {
        if (mirror == null) {
            return;
        }
        try {
            URI uri = new URI(mirror);
            if (("http".equals(uri.getScheme()) || "https".equals(uri.getScheme())) && uri.getHost() != null) {
                return;
            }
        } catch (URISyntaxException broken) {
            throw noMirror(mirror).exception();
        }
        throw noMirror(mirror).exception();
    }

    private static Problem noMirror(String mirror) {
        return Problem.of(ErrorCode.PARAMETER_INVALID, "Packages cannot be fetched from this address.")
                .expected("an http or https URL", Call.printable(mirror));
    }

    void delete(Call call) {
        stacks.delete(call.path("name"), loop.view());
        call.nothing();
    }

    void image(Call call) throws IOException {
        Api.ImageRequest body = call.body(Api.ImageRequest.class, MAX_SECRET);
        String app = body.app();
        if (app != null) {
            AppName.check(app);
        }
        String command = body.command() == null || body.command().isBlank() ? null : body.command();
        Consumer<String> nobody = line -> {};
        String reference = AppHandlers.required(body.reference(), "reference");
        new ImagePull(reference, null, null, blobs, nobody); // refused before a build is begun
        call.json(builds.run(
                app, log -> new ImagePull(reference, body.user(), body.password(), blobs, log).run(command)));
    }
}
