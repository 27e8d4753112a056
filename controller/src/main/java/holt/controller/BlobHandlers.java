package holt.controller;

import holt.model.Api;
import holt.model.Digest;
import holt.model.ErrorCode;
import holt.model.Problem;
import holt.model.ProblemException;
import holt.store.Blobs;
import java.io.FilterInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Set;
import java.util.zip.ZipEntry;
import java.util.zip.ZipException;
import java.util.zip.ZipInputStream;
import org.jspecify.annotations.Nullable;

/** Contents of packages: what is missing, and sending it. */
final class BlobHandlers {
    private static final int MAX_DIGESTS = 20_000;
    private static final int MAX_MATCH_BYTES = 4 << 20;

    private final Blobs blobs;

    BlobHandlers(Blobs blobs) {
        this.blobs = blobs;
    }

    void match(Call call) throws IOException {
        List<@Nullable String> digests =
                call.body(Api.MatchRequest.class, MAX_MATCH_BYTES).digests();
        if (digests == null || digests.size() > MAX_DIGESTS) {
            throw Problem.of(ErrorCode.BODY_INVALID, "The list of digests cannot be used.")
                    .expected("at most " + MAX_DIGESTS + " digests", digests == null ? "none" : digests.size() + "")
                    .exception();
        }
        Set<String> missing = new LinkedHashSet<>();
        for (String digest : digests) {
            String checked = digest(digest == null ? "null" : digest);
            if (!blobs.has(checked)) {
                missing.add(checked);
            }
        }
        call.json(new Api.MatchResponse(List.copyOf(missing)));
    }

    private static String digest(String text) {
        if (!Digest.isValid(text)) {
            throw Problem.of(ErrorCode.PARAMETER_INVALID, "'" + Call.printable(text) + "' is no digest.")
                    .expected("a SHA-256 as 64 lower-case hexadecimal digits", Call.printable(text))
                    .exception();
        }
        return text;
    }

    void put(Call call) throws IOException {
        String digest = digest(call.path("digest"));
        long most = call.limits().uploadBytes();
        blobs.put(digest, call.stream(most), most);
        call.nothing();
    }

    /** A zip whose names are digests: many small files in one request, all of them kept or told to be not. */
    void putMany(Call call) throws IOException {
        long most = call.limits().uploadBytes();
        try (Unpacked zip = new Unpacked(call.stream(most), most);
                Blobs.Batch batch = blobs.batch()) {
            int count = 0;
            for (ZipEntry entry = zip.next(); entry != null; entry = zip.next()) {
                if (++count > MAX_DIGESTS) {
                    throw Problem.of(ErrorCode.PACKAGE_TOO_LARGE, "The zip has too many entries.")
                            .expected("at most " + MAX_DIGESTS, null)
                            .exception();
                }
                batch.add(digest(entry.getName()), zip, most);
            }
            if (count == 0) {
                throw noZip("it has no entry", null);
            }
            batch.keep();
        } catch (ZipException fault) {
            throw noZip(String.valueOf(fault.getMessage()), fault);
        }
        call.nothing();
    }

    private static ProblemException noZip(String why, @Nullable Exception cause) {
        Problem problem = Problem.of(ErrorCode.PACKAGE_INVALID, "The body cannot be read as a zip: " + why + ".")
                .expected("a zip whose entries are named by the digests of their contents", null);
        return cause == null ? problem.exception() : new ProblemException(problem, cause);
    }

    /** The entries of a zip, all together bounded, so that a small zip cannot fill the disk. */
    private static final class Unpacked extends FilterInputStream {
        private final ZipInputStream zip;
        private final long maxBytes;
        private long bytes;

        Unpacked(InputStream body, long maxBytes) {
            super(new ZipInputStream(body));
            this.zip = (ZipInputStream) in;
            this.maxBytes = maxBytes;
        }

        @Nullable
        ZipEntry next() throws IOException {
            try {
                return zip.getNextEntry();
            } catch (IllegalArgumentException badName) {
                throw noZip("an entry's name is not UTF-8", badName);
            }
        }

        @Override
        public int read() throws IOException {
            byte[] one = new byte[1];
            return read(one, 0, 1) < 0 ? -1 : one[0] & 0xff;
        }

        @Override
        public int read(byte[] target, int offset, int length) throws IOException {
            int count = zip.read(target, offset, length);
            bytes += Math.max(0, count);
            if (bytes > maxBytes) {
                throw Problem.of(ErrorCode.PACKAGE_TOO_LARGE, "The zip unpacks to more than is taken at once.")
                        .expected("at most " + maxBytes + " bytes", "more")
                        .exception();
            }
            return count;
        }
    }
}
