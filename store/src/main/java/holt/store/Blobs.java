package holt.store;

import java.io.IOException;
import java.io.InputStream;

/** Contents by their SHA-256 digest. Content that is there never changes; putting it again does no harm. */
public interface Blobs {

    /** Whether the content is there. */
    boolean has(String digest);

    /**
     * Keeps a content, durably when this returns. The stream is read to its end but not closed. Nothing of a refused
     * content stays.
     *
     * @param maxBytes the most that is taken
     * @throws holt.model.ProblemException {@code content-mismatch} when it has another digest, {@code body-too-large},
     *     {@code storage-full}, {@code internal} when the folder cannot be written
     * @throws IOException when the stream cannot be read
     */
    void put(String digest, InputStream content, long maxBytes) throws IOException;

    /** Keeps some bytes and returns their digest. */
    String putBytes(byte[] content);

    /**
     * The content as a stream, to be closed by the caller.
     *
     * @throws java.nio.file.NoSuchFileException when it is not there
     */
    InputStream open(String digest) throws IOException;

    /**
     * The whole content.
     *
     * @throws java.nio.file.NoSuchFileException when it is not there
     */
    byte[] bytes(String digest) throws IOException;

    /**
     * The length of the content, bytes.
     *
     * @throws java.nio.file.NoSuchFileException when it is not there
     */
    long size(String digest) throws IOException;
}
