package holt.model;

import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * Asks a stager to make a root file system with debootstrap. Progress and result come as those of a
 * {@link StageRequest}; the result's droplet is the digest of the {@link RootFileSystem}.
 *
 * @param build id of the build
 * @param suite of the distribution, for example {@code bookworm}
 * @param mirror URL of the packages; null for the one this machine's own packages come from
 * @param include packages besides the smallest system
 */
public record StackRequest(
        String build, String suite, @Nullable String mirror, List<String> include) {}
