package holt.cli;

import java.io.IOException;
import java.io.OutputStream;

/** The body of a request: written while it is sent, and written again where the request has to be repeated. */
interface HttpBody {
    /** A body whose length is known only when it has been written: it goes in chunks. */
    long UNKNOWN = -1;

    /** The number of bytes, or {@link #UNKNOWN}. */
    long length();

    void writeTo(OutputStream out) throws IOException;

    static HttpBody of(byte[] bytes) {
        return new HttpBody() {
            @Override
            public long length() {
                return bytes.length;
            }

            @Override
            public void writeTo(OutputStream out) throws IOException {
                out.write(bytes);
            }
        };
    }
}
