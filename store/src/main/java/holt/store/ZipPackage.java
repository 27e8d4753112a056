package holt.store;

import holt.model.Tree;
import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Path;

/** Reads an uploaded zip into blobs and a tree. */
public final class ZipPackage {
    /** @param temporary folder for the archive while it is read */
    public ZipPackage(Blobs blobs, Path temporary) {}

    /** @param maxBytes the most that the archive itself may have */
    public Tree read(InputStream zip, long maxBytes) throws IOException {
        throw new UnsupportedOperationException();
    }
}
