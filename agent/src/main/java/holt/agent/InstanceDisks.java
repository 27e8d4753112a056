package holt.agent;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * Holds the writable layers of instances to their limits of disk: by quotas of the file system where it has them, else
 * by a file system of its own for each instance that has a limit. Any thread.
 */
final class InstanceDisks implements AutoCloseable {
    /** What an instance may write that has no limit, where that costs nothing. */
    static final long UNSTATED_BYTES = 1L << 30;

    private final @Nullable ProjectQuota quota;
    private final @Nullable SizedDisks sized;

    InstanceDisks(@Nullable ProjectQuota quota, @Nullable SizedDisks sized) {
        this.quota = quota;
        this.sized = sized;
    }

    /** The best way this host has. */
    static InstanceDisks find(Path home, String platform) throws IOException {
        Optional<ProjectQuota> quota = ProjectQuota.find(home, platform);
        Optional<SizedDisks> sized = quota.isPresent() ? Optional.empty() : SizedDisks.find(home.resolve("disks"));
        return new InstanceDisks(quota.orElse(null), sized.orElse(null));
    }

    /** What does not hold here, for people. */
    List<String> warnings() {
        if (quota != null) {
            return List.of();
        }
        return List.of(
                sized == null
                        ? "limits of disk do not hold: the file system has no project quotas, and there are no loop devices"
                                + " or mkfs.ext4 is missing"
                        : "the file system has no project quotas: an app with a limit of disk (--disk) gets a file system"
                                + " of its own, one without may fill this host's disk");
    }

    /**
     * Makes the folder in which an instance's layer is to be made.
     *
     * @param bytes limit; 0 for none
     */
    Path attach(InstanceFolder instance, long bytes) throws IOException {
        if (quota != null) {
            Path layer = Folders.createPrivate(instance.path().resolve("disk"));
            quota.limit(layer, instance.key().uid(), bytes == 0 ? UNSTATED_BYTES : bytes);
            return layer;
        }
        return sized == null || bytes == 0 ? instance.path() : sized.attach(instance, bytes);
    }

    /** Its container has what it needs, or will not be. */
    void settle(InstanceFolder instance) throws IOException {
        if (sized != null) {
            sized.detach(instance);
        }
    }

    /** Whether an instance is held to a limit of disk. */
    static boolean hasOwn(InstanceFolder instance) {
        return Files.exists(SizedDisks.image(instance))
                || Files.isDirectory(instance.path().resolve("disk"));
    }

    /** The files of an instance that has ended. */
    LayeredFiles files(InstanceFolder instance) throws IOException {
        boolean image = Files.exists(SizedDisks.image(instance), LinkOption.NOFOLLOW_LINKS);
        if (image && sized != null) {
            Path mount = sized.openEnded(instance);
            return layered(instance, mount.resolve("upper"), () -> SizedDisks.closeEnded(mount));
        }
        Path own = instance.path().resolve("disk");
        Path upper = Files.isDirectory(own) ? own.resolve("upper") : instance.upper();
        return layered(instance, upper, () -> {});
    }

    private static LayeredFiles layered(InstanceFolder instance, Path upper, LayeredFiles.Closing closing)
            throws IOException {
        Path lower = instance.path().resolve("lower");
        return new LayeredFiles(upper, Files.isDirectory(lower) ? lower.toRealPath() : upper, closing);
    }

    @Override
    public void close() throws IOException {
        if (sized != null) {
            sized.close();
        }
    }
}
