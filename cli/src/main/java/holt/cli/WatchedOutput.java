package holt.cli;

import java.io.FilterOutputStream;
import java.io.IOException;
import java.io.OutputStream;
import org.jspecify.annotations.Nullable;

/** Knows whether it was the connection that failed, or whoever wrote to it (a file that cannot be read). */
final class WatchedOutput extends FilterOutputStream {
    @Nullable
    IOException failure;

    WatchedOutput(OutputStream out) {
        super(out);
    }

    @Override
    public void write(int b) throws IOException {
        try {
            out.write(b);
        } catch (IOException broken) {
            failure = broken;
            throw broken;
        }
    }

    @Override
    public void write(byte[] bytes, int offset, int length) throws IOException {
        try {
            out.write(bytes, offset, length);
        } catch (IOException broken) {
            failure = broken;
            throw broken;
        }
    }

    @Override
    public void flush() throws IOException {
        try {
            out.flush();
        } catch (IOException broken) {
            failure = broken;
            throw broken;
        }
    }
}
