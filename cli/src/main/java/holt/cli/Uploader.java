package holt.cli;

import holt.model.Api;
import holt.model.MemorySize;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.zip.Deflater;
import java.util.zip.ZipEntry;
import java.util.zip.ZipOutputStream;

/**
 * Brings to the platform what it has not: small contents many at a time in a zip, large ones each by itself. What was
 * sent stays useful if the push is broken off. One thread.
 */
final class Uploader {
    private static final int MATCH_AT_ONCE = 20_000;
    private static final long LARGE_BYTES = 8L << 20;
    private static final long BATCH_BYTES = 64L << 20;
    private static final int BATCH_FILES = 5_000;

    private final ApiClient api;
    private final Output output;

    /** A content that is sent. */
    private record Piece(String digest, PackageFiles.Content content) {}

    Uploader(ApiClient api, Output output) {
        this.api = api;
        this.output = output;
    }

    /** Sends what is missing. */
    void upload(PackageFiles files) throws IOException {
        List<Piece> missing = missing(files.contents());
        long bytes = missing.stream().mapToLong(piece -> piece.content().size()).sum();
        String all = Text.count(files.tree().fileCount(), "file") + ", "
                + MemorySize.format(files.tree().totalBytes());
        if (missing.isEmpty()) {
            output.say("  " + all + "; all of it is there already");
            return;
        }
        Progress progress = new Progress(output, System::nanoTime, bytes);
        try {
            send(missing, progress);
        } catch (IOException | RuntimeException failed) {
            progress.clear();
            throw failed;
        }
        progress.finish("  " + all + "; uploaded "
                + (missing.size() == files.contents().size()
                        ? "all of it"
                        : missing.size() + " of them, " + MemorySize.format(bytes)));
    }

    private List<Piece> missing(Map<String, PackageFiles.Content> contents) throws IOException {
        List<String> digests = contents.keySet().stream().sorted().toList();
        List<Piece> missing = new ArrayList<>();
        for (int from = 0; from < digests.size(); from += MATCH_AT_ONCE) {
            List<String> part = digests.subList(from, Math.min(digests.size(), from + MATCH_AT_ONCE));
            Api.MatchResponse answer =
                    api.call("POST", "/blobs/match", new Api.MatchRequest(part), Api.MatchResponse.class);
            for (String digest : answer.missing()) {
                PackageFiles.Content content = contents.get(digest);
                if (content != null) {
                    missing.add(new Piece(digest, content));
                }
            }
        }
        return missing;
    }

    private void send(List<Piece> pieces, Progress progress) throws IOException {
        List<Piece> batch = new ArrayList<>();
        long batchBytes = 0;
        for (Piece piece : pieces) {
            long size = piece.content().size();
            if (size > LARGE_BYTES) {
                api.upload("PUT", "/blobs/" + piece.digest(), "application/octet-stream", whole(piece, progress));
                continue;
            }
            if (!batch.isEmpty() && (batchBytes + size > BATCH_BYTES || batch.size() == BATCH_FILES)) {
                sendBatch(batch, progress);
                batch = new ArrayList<>();
                batchBytes = 0;
            }
            batch.add(piece);
            batchBytes += size;
        }
        if (!batch.isEmpty()) {
            sendBatch(batch, progress);
        }
    }

    private void sendBatch(List<Piece> batch, Progress progress) throws IOException {
        api.upload("POST", "/blobs", "application/zip", zipped(batch, progress));
    }

    private static HttpBody whole(Piece piece, Progress progress) {
        return new HttpBody() {
            @Override
            public long length() {
                return piece.content().size();
            }

            @Override
            public void writeTo(OutputStream out) throws IOException {
                copy(piece, out, progress);
            }
        };
    }

    private static HttpBody zipped(List<Piece> pieces, Progress progress) {
        return new HttpBody() {
            @Override
            public long length() {
                return UNKNOWN;
            }

            @Override
            public void writeTo(OutputStream out) throws IOException {
                ZipOutputStream zip = new ZipOutputStream(out);
                zip.setLevel(Deflater.BEST_SPEED);
                for (Piece piece : pieces) {
                    ZipEntry entry = new ZipEntry(piece.digest());
                    entry.setTime(0);
                    zip.putNextEntry(entry);
                    copy(piece, zip, progress);
                    zip.closeEntry();
                }
                zip.finish();
            }
        };
    }

    /** Exactly as many bytes as were promised. */
    private static void copy(Piece piece, OutputStream out, Progress progress) throws IOException {
        long left = piece.content().size();
        try (InputStream in = piece.content().open()) {
            byte[] buffer = new byte[64 << 10];
            while (left > 0) {
                int count = in.read(buffer, 0, (int) Math.min(buffer.length, left));
                if (count < 0) {
                    throw new IOException("A file became shorter while it was pushed. Push again.");
                }
                out.write(buffer, 0, count);
                progress.advance(count);
                left -= count;
            }
        }
    }
}
