package holt.store;

import java.io.InputStream;
import java.nio.file.Path;

/** Blobs in a folder. */
public final class FolderBlobs implements Blobs {
    public FolderBlobs(Path folder) {}

    @Override
    public boolean has(String digest) {
        throw new UnsupportedOperationException();
    }

    @Override
    public void put(String digest, InputStream content, long maxBytes) {
        throw new UnsupportedOperationException();
    }

    @Override
    public String putBytes(byte[] content) {
        throw new UnsupportedOperationException();
    }

    @Override
    public InputStream open(String digest) {
        throw new UnsupportedOperationException();
    }

    @Override
    public byte[] bytes(String digest) {
        throw new UnsupportedOperationException();
    }

    @Override
    public long size(String digest) {
        throw new UnsupportedOperationException();
    }

    /** Where the content lies. */
    public Path path(String digest) {
        throw new UnsupportedOperationException();
    }
}
