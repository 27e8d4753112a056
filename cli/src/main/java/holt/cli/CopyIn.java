package holt.cli;

import holt.model.AccessApi;
import holt.model.Frame;
import java.io.BufferedOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.DirectoryStream;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFileAttributes;
import java.nio.file.attribute.PosixFilePermission;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;

/** A copy into an instance: an archive is made here and unpacked there, as the instance's own user. One thread. */
final class CopyIn {
    /** What a single file is called on its way. */
    private static final String FILE = "file";

    private final ApiClient api;
    private final CopyCommand.Remote remote;
    private final CopyProgress progress;
    private final Output output;
    private final List<String> leftOut = new ArrayList<>();

    CopyIn(ApiClient api, CopyCommand.Remote remote, CopyProgress progress, Output output) {
        this.api = api;
        this.remote = remote;
        this.progress = progress;
        this.output = output;
    }

    /** How the other end ended, and what it complained of. */
    private record End(int status, String said) {}

    /** Copies a file or folder, and tells where it is then. */
    String of(Path source) throws IOException {
        boolean folder = Files.isDirectory(source);
        String name = String.valueOf(source.toRealPath().getFileName());
        AccessApi.Copy body = new AccessApi.Copy(
                remote.path(), "in", name, folder, remote.instance().index());
        try (RemoteSession session = api.session(remote.instance().path("copy"), body)) {
            CompletableFuture<End> end = new CompletableFuture<>();
            Thread.ofVirtual().name("holt-copy").start(() -> awaitEnd(session, end));
            send(source, folder, session, end);
            End reached = end(end);
            CopyStatus.check(reached.status(), reached.said(), remote);
        }
        if (!leftOut.isEmpty()) {
            output.warn("Left out, because it is no file: " + Text.printable(String.join(", ", leftOut), 400) + ".");
        }
        return remote.toString();
    }

    /** Where the other end has given up, its reason is better than ours for not being able to send. */
    private void send(Path source, boolean folder, RemoteSession session, CompletableFuture<End> end)
            throws IOException {
        Outgoing outgoing = new Outgoing(session);
        try {
            TarWriter tar = new TarWriter(new BufferedOutputStream(outgoing, Frame.MAX_CONTENT));
            if (folder) {
                addFolder(tar, source.toRealPath(), ".");
            } else {
                addFile(tar, source, FILE, attributes(source.toRealPath()));
            }
            tar.finish();
            session.send(Frame.of(Frame.Kind.INPUT_END));
        } catch (IOException fault) {
            if (!outgoing.broken) {
                throw fault; // it was reading here that failed
            }
            End reached = end(end);
            CopyStatus.check(reached.status(), reached.said(), remote);
            throw fault;
        }
    }

    private static End end(CompletableFuture<End> end) throws IOException {
        try {
            return end.join();
        } catch (CompletionException failed) {
            if (failed.getCause() instanceof IOException fault) {
                throw fault;
            }
            if (failed.getCause() instanceof RuntimeException fault) {
                throw fault;
            }
            throw failed;
        }
    }

    private static void awaitEnd(RemoteSession session, CompletableFuture<End> end) {
        StringBuilder said = new StringBuilder();
        try {
            while (true) {
                Frame frame = session.receive();
                if (frame.kind() == Frame.Kind.EXITED) {
                    end.complete(new End(frame.status(), said.toString()));
                    return;
                }
                if (frame.kind() == Frame.Kind.ERROR_OUTPUT && said.length() < Frame.MAX_CONTENT) {
                    said.append(new String(frame.content(), StandardCharsets.UTF_8));
                }
            }
        } catch (IOException | RuntimeException broken) {
            end.completeExceptionally(broken);
        }
    }

    private void addFolder(TarWriter tar, Path folder, String name) throws IOException {
        PosixFileAttributes own = attributes(folder);
        tar.entry(entry(name, TarEntry.Kind.FOLDER, own, 0, ""));
        try (DirectoryStream<Path> names = Files.newDirectoryStream(folder)) {
            for (Path each : names) {
                add(tar, each, name + "/" + each.getFileName());
            }
        }
    }

    private void add(TarWriter tar, Path file, String name) throws IOException {
        PosixFileAttributes attributes = attributes(file);
        if (attributes.isSymbolicLink()) {
            String target = Files.readSymbolicLink(file).toString();
            tar.entry(entry(name, TarEntry.Kind.LINK, attributes, 0, target));
        } else if (attributes.isDirectory()) {
            addFolder(tar, file, name);
        } else if (attributes.isRegularFile()) {
            addFile(tar, file, name, attributes);
        } else {
            leftOut.add(file.toString());
        }
    }

    private void addFile(TarWriter tar, Path file, String name, PosixFileAttributes attributes) throws IOException {
        try (InputStream in = Files.newInputStream(file)) {
            tar.entry(entry(name, TarEntry.Kind.FILE, attributes, attributes.size(), ""));
            tar.content(in, attributes.size(), progress::advance);
        }
        progress.file();
    }

    private static PosixFileAttributes attributes(Path file) throws IOException {
        return Files.readAttributes(file, PosixFileAttributes.class, LinkOption.NOFOLLOW_LINKS);
    }

    private static TarEntry entry(
            String name, TarEntry.Kind kind, PosixFileAttributes attributes, long size, String target) {
        return new TarEntry(
                name,
                kind,
                mode(attributes.permissions()),
                size,
                attributes.lastModifiedTime().toMillis() / 1000,
                target);
    }

    private static int mode(Set<PosixFilePermission> permissions) {
        int mode = 0;
        for (PosixFilePermission each : permissions) {
            mode |= 0400 >> each.ordinal();
        }
        return mode;
    }

    /** What goes to the other end's input. */
    private static final class Outgoing extends OutputStream {
        private final RemoteSession session;
        private boolean broken;

        Outgoing(RemoteSession session) {
            this.session = session;
        }

        @Override
        public void write(int b) throws IOException {
            write(new byte[] {(byte) b}, 0, 1);
        }

        @Override
        public void write(byte[] bytes, int offset, int length) throws IOException {
            int sent = 0;
            try {
                while (sent < length) {
                    int count = Math.min(Frame.MAX_CONTENT, length - sent);
                    byte[] part = java.util.Arrays.copyOfRange(bytes, offset + sent, offset + sent + count);
                    session.send(new Frame(Frame.Kind.INPUT, part));
                    sent += count;
                }
            } catch (IOException fault) {
                broken = true;
                throw fault;
            }
        }
    }
}
