package holt.stager;

import java.io.IOException;

/** Recognises one kind of application. Reads, and never runs, what is in the package. */
interface Rule {
    /** What it looks for, for people. */
    String looksFor();

    Finding examine(SourceFiles files) throws IOException;
}
