package holt.agent;

import holt.model.AgentReply;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.BasicFileAttributes;

/**
 * The files below an open folder while a hostile program may be changing them: the kernel itself resolves each path and
 * stays below the folder, links included.
 */
final class LiveFiles implements InstanceFiles {
    private final int folder;

    /** @param folder descriptor of the folder, closed with this */
    LiveFiles(int folder) {
        this.folder = folder;
    }

    @Override
    public AgentReply read(String path, long offset, int length) throws IOException {
        int opened;
        try {
            opened = Native.openBeneath(folder, path.isEmpty() ? "." : path, Native.O_RDONLY | Native.O_NONBLOCK);
        } catch (Native.CallFailed failure) {
            return failure.errorNumber() == Native.ENOENT || failure.errorNumber() == Native.ENOTDIR
                    ? InstanceFiles.none(path)
                    : new AgentReply.Refused("'" + path + "' cannot be read: it leads out of the instance's folder, or "
                            + "is no file (" + failure.getMessage() + ")");
        }
        try {
            return readOpened(Path.of("/proc/self/fd", Integer.toString(opened)), path, offset, length);
        } finally {
            Native.close(opened);
        }
    }

    private static AgentReply readOpened(Path opened, String path, long offset, int length) throws IOException {
        BasicFileAttributes attributes = Files.readAttributes(opened, BasicFileAttributes.class);
        if (attributes.isDirectory()) {
            return InstanceFiles.listing(InstanceFiles.names(opened));
        }
        if (attributes.isRegularFile()) {
            return InstanceFiles.content(opened, offset, length);
        }
        return new AgentReply.Refused("'" + path + "' is neither a file nor a folder");
    }

    @Override
    public void close() throws IOException {
        Native.close(folder);
    }
}
