package holt.stager;

import holt.model.Digest;
import holt.model.Json;
import holt.model.Tree;
import holt.model.TreeEntry;
import holt.store.FolderBlobs;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;

/** Puts packages into a blob store. */
final class StagingFixture {
    final FolderBlobs blobs;

    StagingFixture(Path home) {
        blobs = new FolderBlobs(home.resolve("blobs"));
    }

    /** A package of paths and contents in turn; the digest of its tree. */
    String upload(String... pathsAndContents) {
        List<TreeEntry> entries = new ArrayList<>();
        for (int at = 0; at < pathsAndContents.length; at += 2) {
            byte[] content = pathsAndContents[at + 1].getBytes(StandardCharsets.UTF_8);
            entries.add(TreeEntry.file(pathsAndContents[at], false, blobs.putBytes(content), content.length));
        }
        return upload(new Tree(entries));
    }

    String upload(Tree tree) {
        return blobs.putBytes(Json.bytes(tree));
    }

    /** A package of all files of a folder; the digest of its tree. */
    String uploadFolder(Path folder) throws IOException {
        List<TreeEntry> entries = new ArrayList<>();
        try (var files = Files.walk(folder)) {
            for (Path file : files.filter(Files::isRegularFile).toList()) {
                byte[] content = Files.readAllBytes(file);
                entries.add(TreeEntry.file(
                        folder.relativize(file).toString(),
                        Files.isExecutable(file),
                        blobs.putBytes(content),
                        content.length));
            }
        }
        return upload(new Tree(entries));
    }

    static String digestOfNothingUploaded() {
        return Digest.of("never uploaded".getBytes(StandardCharsets.UTF_8));
    }
}
