package holt.controller.images;

import java.io.FilterInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;

/**
 * A stream from the network that fails when nothing comes for a minute: the client's own time limit ends with the head
 * of an answer. One thread.
 */
final class StallGuard extends FilterInputStream {
    private static final long PATIENCE_SECONDS = 60;

    StallGuard(InputStream in) {
        super(in);
    }

    @Override
    public int read() throws IOException {
        byte[] one = new byte[1];
        return read(one, 0, 1) < 0 ? -1 : one[0] & 0xff;
    }

    @Override
    public int read(byte[] target, int offset, int length) throws IOException {
        CompletableFuture<Void> watch = new CompletableFuture<>();
        watch.orTimeout(PATIENCE_SECONDS, TimeUnit.SECONDS).exceptionally(late -> {
            end();
            return null;
        });
        try {
            return in.read(target, offset, length);
        } finally {
            watch.complete(null);
        }
    }

    /** Wakes the one who reads with an error. */
    private void end() {
        try {
            in.close();
        } catch (IOException gone) {
            System.getLogger(StallGuard.class.getName()).log(System.Logger.Level.DEBUG, "event=close-failed", gone);
        }
    }
}
