package holt.cli;

import holt.model.ErrorCode;
import holt.model.MemorySize;
import holt.model.Problem;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Parameters;

/** {@code holt cp}: files and folders into an instance and out of it. */
@Command(
        header = "Copy files and folders into an instance, or out of it.",
        description = {
            "Paths in an instance are below its own folder, or begin with a slash. Permissions and times are kept. What "
                    + "is copied to a folder that is there goes into it, as with 'cp -r'.",
            "A link that leads out of what is copied is left out when it comes from an instance."
        },
        footerHeading = "%nExamples:%n",
        footer = {
            "  holt cp shop/0:logs ./logs",
            "  holt cp shop:data/shop.db backup.db",
            "  holt cp ./fixtures shop/1:/tmp"
        })
final class CopyCommand extends Subcommand {
    private static final Pattern REMOTE = Pattern.compile("([^:]*):(.*)", Pattern.DOTALL);

    @Parameters(index = "0", paramLabel = "SOURCE", description = "A file or folder, or NAME[/INDEX]:PATH.")
    String source = "";

    @Parameters(index = "1", paramLabel = "TARGET", description = "The same; one of both is in an instance.")
    String target = "";

    CopyCommand(HoltCommand holt) {
        super(holt);
    }

    /** A path in an instance. */
    record Remote(InstanceName instance, String path) {
        /** Its last name; empty where that names nothing. */
        String baseName() {
            String trimmed = path.replaceAll("/+$", "");
            String last = trimmed.substring(trimmed.lastIndexOf('/') + 1);
            return last.equals(".") || last.equals("..") ? "" : last;
        }

        @Override
        public String toString() {
            return instance + ":" + path;
        }
    }

    /** A path in an instance; null for one of this machine. */
    static @Nullable Remote remote(String text) {
        Matcher shape = REMOTE.matcher(text);
        if (!shape.matches()) {
            return null;
        }
        Optional<InstanceName> instance = InstanceName.find(shape.group(1));
        String path = shape.group(2).isEmpty() ? "." : shape.group(2);
        return instance.map(found -> new Remote(found, path)).orElse(null);
    }

    @Override
    int run(ApiClient api, Output output) throws Exception {
        Remote from = remote(source);
        Remote to = remote(target);
        if ((from == null) == (to == null)) {
            throw usage(
                    (from == null ? "Neither of both is" : "Both are") + " in an instance. Expected: one of them as "
                            + "NAME[/INDEX]:PATH, such as shop/0:data; a file here whose name has a colon as ./NAME.");
        }
        CopyProgress progress = new CopyProgress(output, System::nanoTime);
        try {
            String place = from != null
                    ? new CopyOut(api, from, progress, output).to(local(target))
                    : new CopyIn(api, java.util.Objects.requireNonNull(to), progress, output).of(source(local(source)));
            progress.clear();
            if (output.isJson()) {
                output.json(Map.of("files", progress.files(), "bytes", progress.bytes(), "target", place));
            } else {
                output.say("Copied " + Text.count(progress.files(), "file") + ", " + MemorySize.format(progress.bytes())
                        + ", to " + Text.printable(place) + ".");
            }
            return ExitCode.OK;
        } finally {
            progress.clear();
        }
    }

    private Path local(String text) throws IOException {
        try {
            return holt.context().folder().resolve(text);
        } catch (java.nio.file.InvalidPathException strange) {
            throw new IOException("'" + Text.printable(text, 60) + "' is no path of this machine.", strange);
        }
    }

    private static Path source(Path path) {
        if (!Files.exists(path)) {
            throw Problem.of(ErrorCode.FILE_NOT_FOUND, "There is no file or folder " + path + ".")
                    .exception();
        }
        return path;
    }
}
