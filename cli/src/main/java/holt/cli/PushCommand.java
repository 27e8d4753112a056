package holt.cli;

import holt.model.Api;
import holt.model.App;
import holt.model.AppName;
import holt.model.ErrorCode;
import holt.model.ImageReference;
import holt.model.MemorySize;
import holt.model.Placement;
import holt.model.Problem;
import holt.model.Readiness;
import holt.model.RouteName;
import holt.model.StackName;
import holt.model.StackReference;
import java.io.IOException;
import java.nio.file.InvalidPathException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/** {@code holt push}: what a person says about a push, checked before anything is sent. */
@Command(
        header = "Push code: upload, stage, start, get a URL.",
        description = {
            "Makes the app, or replaces its instances one by one without a failed request.",
            "Only files that the platform has not are uploaded. What .gitignore and .holtignore (same rules, its word"
                    + " goes first) name stays here.",
            "A new app that does not come up is removed again; one that was there keeps serving what it served."
        },
        footerHeading = "%nExamples:%n",
        footer = {
            "  holt push                              this folder, under its own name",
            "  holt push shop --instances 2 --memory 512M",
            "  holt push shop --cpu 0.5 --disk 2G --bandwidth 10M",
            "  holt push shop --path target/shop.jar --env STAGE=test",
            "  holt push site --path public --route www.example.org",
            "  holt push worker --command 'python3 work.py' --no-route",
            "  holt push shop --image registry.example.org/team/shop:1.4",
            "  holt push shop --stack bookworm"
        })
final class PushCommand extends Subcommand {
    @Parameters(
            index = "0",
            arity = "0..1",
            paramLabel = "NAME",
            description = "Name of the app; that of the folder where not given.")
    @Nullable
    String given;

    @Option(
            names = {"-p", "--path"},
            paramLabel = "PATH",
            description = "Folder, zip, jar or war to push; this folder where not given.")
    String path = "";

    @Option(
            names = {"-i", "--instances"},
            paramLabel = "N",
            description = "Number of instances; 1 for a new app.")
    @Nullable
    Integer instances;

    @Option(
            names = {"-m", "--memory"},
            paramLabel = "SIZE",
            description = "Memory limit of each instance: 256M, 1G. 256M for a new app.")
    @Nullable
    String memory;

    @Option(
            names = {"-c", "--command"},
            paramLabel = "COMMAND",
            description = "Start command, where it cannot be found out.")
    @Nullable
    String command;

    @Option(
            names = {"-r", "--route"},
            paramLabel = "ROUTE",
            description = "Host name that leads to the app. Can be repeated. NAME.domain for a new app.")
    List<String> routes = new ArrayList<>();

    @Option(names = "--no-route", description = "No route for a new app.")
    boolean noRoute;

    @Option(
            names = {"-e", "--env"},
            paramLabel = "KEY=VALUE",
            description = "Environment variable. Can be repeated. For secrets see 'holt env --from'.")
    List<String> environment = new ArrayList<>();

    @Mixin
    LimitOptions limits = new LimitOptions();

    @Option(
            names = "--image",
            paramLabel = "REFERENCE",
            description = "Push no files but an image of a registry: HOST/NAME:TAG. The platform fetches it.")
    @Nullable
    String image;

    @Option(
            names = "--stack",
            paramLabel = "NAME",
            description = "System that the instances see: see 'holt stack list'; 'host' for the host's own.")
    @Nullable
    String stack;

    @Option(names = "--registry-user", paramLabel = "USER", description = "With --image: who may have it.")
    @Nullable
    String registryUser;

    @Option(
            names = "--registry-password-stdin",
            description = "Read that user's password from standard input. The platform does not keep it.")
    boolean registryPassword;

    @Option(names = "--no-start", description = "Upload and stage only; 'holt start' does the rest.")
    boolean noStart;

    @Option(
            names = "--start-limit",
            paramLabel = "SECONDS",
            description = "How long an instance may take until it is ready; 60 for a new app.")
    @Nullable
    Integer startLimit;

    @Option(names = "--tag", paramLabel = "TAG", description = "Run only on hosts with this tag. Can be repeated.")
    List<String> tags = new ArrayList<>();

    @Option(names = "--apart", description = "Never two instances of the app on one host.")
    boolean apart;

    @Option(
            names = "--not-with",
            paramLabel = "APP",
            description = "Never on a host with an instance of this app. Can be repeated.")
    List<String> notWith = new ArrayList<>();

    @Option(names = "--anywhere", description = "Drop what earlier pushes said with --tag, --apart and --not-with.")
    boolean anywhere;

    @Mixin
    CheckOptions checks = new CheckOptions();

    @Option(names = "--keep", description = "Keep a new app that does not come up, to look at it.")
    boolean keep;

    PushCommand(HoltCommand holt) {
        super(holt);
    }

    /** Checks all that can be checked here before the platform is asked for. */
    @Override
    public Integer call() throws Exception {
        Path source = source();
        String name = given == null ? AppName.propose(proposal(source)) : AppName.check(given);
        check();
        ImagePush.@Nullable Wish wanted = image();
        Map<String, String> variables = variables();
        List<String> wantedRoutes = noRoute ? List.of() : routes.isEmpty() ? null : routes;
        Push.Wish wish = new Push.Wish(
                name,
                source,
                instances,
                memory,
                command,
                wantedRoutes,
                variables.isEmpty() ? null : variables,
                startLimit,
                noStart,
                keep,
                placement(),
                limits.body(),
                checks.body(null),
                stack);
        Output output = holt.output();
        if (wanted != null) {
            try (ApiClient api = holt.api()) {
                return new Push(wish, api, output, holt.context()).run(new ImagePush(wanted, api, output));
            } finally {
                holt.context().interruption().ended();
            }
        }
        try (PackageFiles files = PackageFiles.read(source);
                ApiClient api = holt.api()) {
            return new Push(wish, api, output, holt.context()).run(files);
        } finally {
            holt.context().interruption().ended();
        }
    }

    @Override
    int run(ApiClient api, Output output) throws IOException {
        throw new IllegalStateException("A push opens its client itself, after its checks");
    }

    private String proposal(Path source) {
        if (image == null) {
            return baseName(source);
        }
        String repository = ImageReference.parse(image).repository();
        return repository.substring(repository.lastIndexOf('/') + 1);
    }

    private ImagePush.@Nullable Wish image() throws IOException {
        if (image == null) {
            if (registryUser != null || registryPassword) {
                throw usage("--registry-user and --registry-password-stdin belong to --image.");
            }
            if (stack != null && !stack.equals(StackReference.HOST)) {
                StackName.check(stack);
            }
            return null;
        }
        if (stack != null || !path.isEmpty()) {
            throw usage("--image excludes --path and --stack: an image has its own files and system.");
        }
        if ((registryUser == null) == registryPassword) {
            throw usage("--registry-user and --registry-password-stdin are used together.");
        }
        String password = registryPassword ? ImagePush.password(holt.context().in()) : null;
        return new ImagePush.Wish(ImageReference.parse(image).toString(), registryUser, password);
    }

    /** What is said of the placement is said as a whole; nothing said keeps what the app has. */
    private Api.@Nullable PlacementBody placement() {
        boolean bound = !tags.isEmpty() || apart || !notWith.isEmpty();
        if (bound && anywhere) {
            throw usage("--anywhere excludes --tag, --apart and --not-with.");
        }
        if (!bound && !anywhere) {
            return null;
        }
        new Placement(tags, apart, notWith).check();
        return new Api.PlacementBody(tags, apart, notWith);
    }

    private Path source() {
        try {
            return holt.context().folder().resolve(path).normalize();
        } catch (InvalidPathException broken) {
            throw Problem.of(ErrorCode.PACKAGE_INVALID, "'" + Text.printable(path) + "' is no path.")
                    .exception();
        }
    }

    private void check() {
        if (memory != null) {
            MemorySize.parse(memory);
        }
        if (instances != null && (instances < 0 || instances > App.MAX_INSTANCES)) {
            throw Problem.of(ErrorCode.INSTANCES_INVALID, "An app cannot have " + instances + " instances.")
                    .expected("0 to " + App.MAX_INSTANCES, instances.toString())
                    .exception();
        }
        if (startLimit != null && startLimit < 1) {
            throw Problem.of(ErrorCode.PARAMETER_INVALID, startLimit + " cannot be a start limit.")
                    .expected("seconds, at least 1; " + Readiness.DEFAULT_LIMIT_SECONDS + " is usual", null)
                    .exception();
        }
        if (noRoute && !routes.isEmpty()) {
            throw usage("--route and --no-route exclude each other.");
        }
        routes.forEach(route -> RouteName.check(route, "localhost"));
    }

    private Map<String, String> variables() {
        try {
            return Assignments.parse(environment);
        } catch (IllegalArgumentException mistake) {
            throw usage(String.valueOf(mistake.getMessage()));
        }
    }

    private static String baseName(Path source) {
        return PackageFiles.fileName(source).replaceFirst("(?i)\\.(zip|jar|war)$", "");
    }
}
