package holt.stager;

import java.io.IOException;
import java.util.List;
import java.util.Optional;

/** A package as the rules see it. Paths are relative, with {@code /} between names. */
interface SourceFiles {
    /** Whether there is a file of this path; links aside. */
    boolean hasFile(String path);

    /** Whether anything lies below this path. */
    boolean hasFolder(String path);

    /** The names of all files at the top, sorted. */
    List<String> topFiles();

    /** The names of all folders at the top, sorted. */
    List<String> topFolders();

    /** The beginning of a file as text; as much as any file that tells how to run something may have. */
    String text(String path) throws IOException;

    /** The main class that the manifest of a jar names. */
    Optional<String> mainClass(String jar) throws IOException;
}
