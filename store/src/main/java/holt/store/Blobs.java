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

    /** Begins to keep many contents at once, which is far quicker than one by one; to be closed by the caller. */
    Batch batch();

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

    /** Contents that are kept together; used by one thread. Before {@link #keep}, none of them is there. */
    interface Batch extends AutoCloseable {
        /**
         * Takes one content, as {@link Blobs#put} does but not durably yet.
         *
         * @throws holt.model.ProblemException as {@link Blobs#put} does
         * @throws IOException when the stream cannot be read
         */
        void add(String digest, InputStream content, long maxBytes) throws IOException;

        /**
         * Keeps all that was taken, durably when this returns. A failure may leave some of the contents kept, each of
         * them whole.
         *
         * @throws holt.model.ProblemException {@code storage-full}, {@code internal} when the folder cannot be written
         */
        void keep();

        /** Removes what was taken and is not kept. */
        @Override
        void close();
    }
}
