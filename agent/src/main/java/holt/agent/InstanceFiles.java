package holt.agent;

import holt.model.AgentReply;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.SeekableByteChannel;
import java.nio.file.DirectoryStream;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.nio.file.attribute.BasicFileAttributes;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;

/** The files of one instance, for reading. Nothing outside of its folder can be reached through them. One thread. */
sealed interface InstanceFiles extends AutoCloseable permits LiveFiles, LayeredFiles {
    int MAX_NAMES = 5_000;

    /** A folder's names or a part of a file; refused where there is neither. The path is relative and without dots. */
    AgentReply read(String path, long offset, int length) throws IOException;

    @Override
    void close() throws IOException;

    /** The names in a folder that is sure to be the right one. */
    static Map<String, AgentReply.FileInfo> names(Path folder) throws IOException {
        Map<String, AgentReply.FileInfo> names = new TreeMap<>();
        try (DirectoryStream<Path> stream = Files.newDirectoryStream(folder)) {
            for (Path each : stream) {
                if (names.size() >= MAX_NAMES) {
                    break;
                }
                addName(each, names);
            }
        }
        return names;
    }

    private static void addName(Path each, Map<String, AgentReply.FileInfo> names) throws IOException {
        try {
            BasicFileAttributes attributes =
                    Files.readAttributes(each, BasicFileAttributes.class, LinkOption.NOFOLLOW_LINKS);
            String name = String.valueOf(each.getFileName());
            boolean isFolder = attributes.isDirectory();
            names.put(name, new AgentReply.FileInfo(name, isFolder, isFolder ? 0 : attributes.size()));
        } catch (NoSuchFileException deletedMeanwhile) {
            names.remove(String.valueOf(each.getFileName()));
        }
    }

    static AgentReply listing(Map<String, AgentReply.FileInfo> names) {
        return new AgentReply.Listing(List.copyOf(names.values().stream()
                .sorted(Comparator.comparing(AgentReply.FileInfo::name))
                .toList()));
    }

    /** A part of a file that is sure to be the right one. */
    static AgentReply content(Path file, long offset, int length) throws IOException {
        try (SeekableByteChannel channel = Files.newByteChannel(file)) {
            ByteBuffer buffer = ByteBuffer.allocate(length);
            channel.position(offset);
            while (buffer.hasRemaining() && channel.read(buffer) >= 0) {}
            byte[] bytes = new byte[buffer.position()];
            buffer.flip().get(bytes);
            return new AgentReply.Content(bytes, channel.size());
        }
    }

    static AgentReply none(String path) {
        return new AgentReply.Refused("there is no file or folder '" + path + "'");
    }
}
