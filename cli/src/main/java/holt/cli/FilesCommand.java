package holt.cli;

import holt.model.AgentReply;
import holt.model.Api;
import holt.model.ErrorCode;
import holt.model.MemorySize;
import holt.model.Problem;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.util.Comparator;
import java.util.List;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/** {@code holt files NAME [PATH]}: looks into an instance. */
@Command(
        header = "List or print files of an instance.",
        footerHeading = "%nExamples:%n",
        footer = {
            "  holt files shop                         its folder",
            "  holt files shop logs/access.log         a file",
            "  holt files shop data.db --output data.db --instance 1"
        })
final class FilesCommand extends Subcommand {
    @Parameters(index = "0", paramLabel = "NAME", description = "Name of the app.")
    String name = "";

    @Parameters(index = "1", arity = "0..1", paramLabel = "PATH", description = "Folder or file, below the app's own.")
    String path = "";

    @Option(
            names = {"-i", "--instance"},
            paramLabel = "INDEX",
            description = "Which instance; the first one where this is not given.")
    @Nullable
    Integer instance;

    @Option(
            names = {"-o", "--output"},
            paramLabel = "FILE",
            description = "Write the file there instead of showing it.")
    @Nullable
    String target;

    FilesCommand(HoltCommand holt) {
        super(holt);
    }

    @Override
    int run(ApiClient api, Output output) throws IOException {
        String query =
                ApiPath.query(ApiPath.app(name) + "/files", "instance", instance, "path", path.isEmpty() ? null : path);
        try (HttpResponse answer = api.open(query)) {
            if (answer.mediaType().equals("application/json")) {
                list(answer.body().readAllBytes(), output);
            } else if (target != null) {
                save(answer.body(), holt.context().folder().resolve(target), output);
            } else {
                print(answer.body());
            }
        }
        return ExitCode.OK;
    }

    private void list(byte[] answer, Output output) {
        if (target != null) {
            throw Problem.of(ErrorCode.FILE_NOT_FOUND, "'" + path + "' is a folder.")
                    .expected("a file, to be written to " + target, "a folder")
                    .exception();
        }
        if (output.isJson()) {
            output.json(answer);
            return;
        }
        List<AgentReply.FileInfo> files = LeanJson.read(answer, Api.Files.class).files();
        if (files.isEmpty()) {
            output.say("The folder is empty.");
            return;
        }
        Table table = new Table("NAME", ">SIZE");
        files.stream()
                .sorted(Comparator.comparing(AgentReply.FileInfo::name))
                .forEach(file -> table.row(
                        file.folder() ? new Table.Cell(file.name() + "/", Style.CYAN) : Table.Cell.of(file.name()),
                        file.folder() ? "-" : MemorySize.format(file.size())));
        output.table(table);
    }

    private void print(InputStream content) throws IOException {
        boolean screen = holt.context().terminal().output();
        byte[] buffer = new byte[16 << 10];
        for (int count = content.read(buffer); count >= 0; count = content.read(buffer)) {
            for (int i = 0; screen && i < count; i++) {
                if (buffer[i] == 0) {
                    throw new CommandFailure(
                            ExitCode.FAILED,
                            "'" + path + "' is not text and is not shown on a terminal. Use --output FILE.");
                }
            }
            holt.context().out().write(buffer, 0, count);
        }
        holt.context().out().flush();
    }

    /** Written beside its place and moved there when it is whole. */
    private static void save(InputStream content, Path file, Output output) throws IOException {
        Path folder = file.toAbsolutePath().getParent();
        if (folder == null || !Files.isDirectory(folder)) {
            throw new CommandFailure(ExitCode.FAILED, "There is no folder " + folder + " to write to.");
        }
        Path part = Files.createTempFile(folder, ".holt-", ".part");
        try {
            long size;
            try (OutputStream out = Files.newOutputStream(part)) {
                size = content.transferTo(out);
            }
            Files.move(part, file, StandardCopyOption.REPLACE_EXISTING);
            output.say("Wrote " + MemorySize.format(size) + " to " + file + ".");
        } finally {
            Files.deleteIfExists(part);
        }
    }
}
