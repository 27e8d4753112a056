package holt.stager.site;

import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * Part of a file (RFC 9110, section 14). Only one range a request is served; a header with several is answered with the
 * whole file, as the RFC allows.
 *
 * @param first its first byte
 * @param length how many bytes; 0 where the file does not reach that far
 */
record ByteRange(long first, long length) {
    private static final Pattern SHAPE = Pattern.compile("bytes=(\\d{0,18})-(\\d{0,18})");

    /** The part that a header asks for of a file of this size; empty where it asks for nothing we understand. */
    static Optional<ByteRange> of(String header, long size) {
        Matcher matcher = SHAPE.matcher(header.replace(" ", ""));
        if (!matcher.matches()) {
            return Optional.empty();
        }
        String first = matcher.group(1);
        String last = matcher.group(2);
        if (first.isEmpty()) {
            return last.isEmpty() ? Optional.empty() : Optional.of(tail(Long.parseLong(last), size));
        }
        return fromFirst(Long.parseLong(first), last.isEmpty() ? Long.MAX_VALUE : Long.parseLong(last), size);
    }

    /** Whether there is anything to send. */
    boolean isSatisfiable() {
        return length > 0;
    }

    /** The value of Content-Range for a file of this size. */
    String contentRange(long size) {
        return "bytes " + (isSatisfiable() ? first + "-" + (first + length - 1) : "*") + "/" + size;
    }

    private static ByteRange tail(long wanted, long size) {
        long length = Math.min(wanted, size);
        return new ByteRange(size - length, length);
    }

    private static Optional<ByteRange> fromFirst(long first, long last, long size) {
        if (last < first) {
            return Optional.empty();
        }
        return Optional.of(new ByteRange(first, Math.max(0, Math.min(last, size - 1) - first + 1)));
    }
}
