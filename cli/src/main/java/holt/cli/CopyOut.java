package holt.cli;

import holt.model.AccessApi;
import holt.model.ErrorCode;
import holt.model.Frame;
import holt.model.Problem;
import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** A copy out of an instance: an archive comes, made by whoever is in there, and is unpacked with suspicion. One thread. */
final class CopyOut {
    private final ApiClient api;
    private final CopyCommand.Remote remote;
    private final CopyProgress progress;
    private final Output output;

    CopyOut(ApiClient api, CopyCommand.Remote remote, CopyProgress progress, Output output) {
        this.api = api;
        this.remote = remote;
        this.progress = progress;
        this.output = output;
    }

    /** Copies to a path as {@code cp -r} would, and tells where that was. */
    String to(Path target) throws IOException {
        AccessApi.Copy body = new AccessApi.Copy(
                remote.path(), "out", null, null, remote.instance().index());
        try (RemoteSession session = api.session(remote.instance().path("copy"), body)) {
            Archive archive = new Archive(session);
            TarReader reader = new TarReader(archive);
            TarEntry first = reader.next();
            if (first == null) {
                CopyStatus.check(archive.finish(), archive.said(), remote);
                throw new IOException("The instance sent nothing.");
            }
            Path place = place(target);
            if (first.kind() == TarEntry.Kind.FOLDER) {
                unpack(place, first, reader);
            } else {
                write(place, first, reader);
            }
            check(archive);
            return place.toString();
        }
    }

    private Path place(Path target) throws IOException {
        boolean into = Files.isDirectory(target) && !remote.baseName().isEmpty();
        Path place = into ? target.resolve(remote.baseName()) : target;
        Path folder = place.toAbsolutePath().getParent();
        if (folder == null || !Files.isDirectory(folder)) {
            throw Problem.of(ErrorCode.FILE_NOT_FOUND, "There is no folder " + folder + " to copy to.")
                    .exception();
        }
        return place;
    }

    private void unpack(Path place, TarEntry first, TarReader reader) throws IOException {
        if (Files.exists(place, java.nio.file.LinkOption.NOFOLLOW_LINKS) && !Files.isDirectory(place)) {
            throw Problem.of(ErrorCode.FILE_NOT_FOUND, place + " is a file; a folder cannot replace it.")
                    .exception();
        }
        TarTarget target = new TarTarget(place, progress::advance);
        target.unpack(first, reader);
        for (long n = 0; n < target.files(); n++) {
            progress.file();
        }
        List<String> leftOut = target.leftOut();
        if (!leftOut.isEmpty()) {
            output.warn("Left out, because it leads out of what is copied or is no file: "
                    + Text.printable(String.join(", ", leftOut), 400) + ".");
        }
    }

    /** Beside its place, and moved there when it is whole: a link that is there is replaced, not followed. */
    private void write(Path place, TarEntry entry, TarReader reader) throws IOException {
        if (entry.kind() != TarEntry.Kind.FILE) {
            throw Problem.of(ErrorCode.FILE_NOT_FOUND, "'" + remote + "' is neither a file nor a folder.")
                    .exception();
        }
        Path part = Files.createTempFile(place.toAbsolutePath().getParent(), ".holt-", ".part");
        try {
            byte[] buffer = new byte[Frame.MAX_CONTENT];
            try (var out = Files.newOutputStream(part)) {
                for (int count = reader.read(buffer); count >= 0; count = reader.read(buffer)) {
                    out.write(buffer, 0, count);
                    progress.advance(count);
                }
            }
            TarTarget.finish(part, entry);
            Files.move(part, place, StandardCopyOption.REPLACE_EXISTING);
            progress.file();
        } finally {
            Files.deleteIfExists(part);
        }
    }

    private void check(Archive archive) throws IOException {
        int status = archive.finish();
        if (status == 1) {
            output.warn("Something changed while it was copied: "
                    + Text.printable(archive.said().strip(), 400));
            return;
        }
        CopyStatus.check(status, archive.said(), remote);
    }

    /** What the other end writes, until it ends. */
    private static final class Archive extends InputStream {
        private static final int MOST_SAID = 8 << 10;

        private final RemoteSession session;
        private final StringBuilder said = new StringBuilder();
        private byte[] content = {};
        private int at;
        private @Nullable Integer status;

        Archive(RemoteSession session) {
            this.session = session;
        }

        String said() {
            return said.toString();
        }

        /** Reads on to the end and tells how it ended. */
        int finish() throws IOException {
            while (isFilled()) {
                at = content.length;
            }
            return status == null ? 0 : status;
        }

        @Override
        public int read() throws IOException {
            return isFilled() ? content[at++] & 0xff : -1;
        }

        @Override
        public int read(byte[] bytes, int offset, int length) throws IOException {
            if (length == 0) {
                return 0; // asked by the JDK's readNBytes, and must not wait
            }
            if (!isFilled()) {
                return -1;
            }
            int count = Math.min(length, content.length - at);
            System.arraycopy(content, at, bytes, offset, count);
            at += count;
            return count;
        }

        private boolean isFilled() throws IOException {
            while (at == content.length && status == null) {
                Frame frame = session.receive();
                switch (frame.kind()) {
                    case OUTPUT -> {
                        content = frame.content();
                        at = 0;
                    }
                    case ERROR_OUTPUT -> {
                        if (said.length() < MOST_SAID) {
                            said.append(new String(frame.content(), StandardCharsets.UTF_8));
                        }
                    }
                    case EXITED -> status = frame.status();
                    case STARTED, INPUT, INPUT_END, OUTPUT_END, RESIZE, FAILED, ALIVE -> {}
                }
            }
            return at < content.length;
        }
    }
}
