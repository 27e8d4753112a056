package holt.agent;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.util.ArrayList;
import java.util.List;

/**
 * What an instance sees of this host's system, all of it read-only: programs and libraries, the Java runtime that runs
 * us, and those few settings below {@code /etc} that programs need and that hold no secret. The root folder has mount
 * points, links, and copies of those settings as they were when the agent started, because each mount makes each start
 * slower; it is shared by all instances. What differs between instances is linked to {@code /run/holt}. Immutable; any
 * thread.
 */
final class SystemRoot {
    private static final List<String> SYSTEM = List.of("/usr", "/bin", "/sbin", "/lib", "/lib64", "/lib32", "/libx32");
    private static final List<String> SETTINGS = List.of(
            "alternatives",
            "ca-certificates",
            "gai.conf",
            "host.conf",
            "ld.so.cache",
            "ld.so.conf",
            "ld.so.conf.d",
            "localtime",
            "locale.alias",
            "mime.types",
            "nsswitch.conf",
            "os-release",
            "protocols",
            "python3",
            "rpc",
            "services",
            "ssl/certs",
            "ssl/openssl.cnf",
            "pki/tls",
            "pki/ca-trust",
            "terminfo",
            "timezone");
    private static final List<String> SETTINGS_STARTING_WITH = List.of("java-", "python3.", "ruby");
    private static final List<String> LOCAL_RESOLVERS = List.of("nameserver 127.", "nameserver ::1");
    private static final int STICKY_FOR_ALL = 01777;
    private static final Path SYSTEMD_RESOLVERS = Path.of("/run/systemd/resolve/resolv.conf");

    private final Path root;
    private final List<Path> mounts;
    private final Path javaHome;

    private SystemRoot(Path root, List<Path> mounts, Path javaHome) {
        this.root = root;
        this.mounts = mounts;
        this.javaHome = javaHome;
    }

    /** Makes the root folder, or completes the one that is there. */
    static SystemRoot make(Path folder) throws IOException {
        Path root = folder.resolve("root");
        Folders.createPrivate(folder);
        for (String each :
                List.of("proc", "sys", "dev", "tmp", "run/holt", "app", "etc", "var", "home", "root", "mnt")) {
            Files.createDirectories(root.resolve(each));
        }
        // runc gives what it mounts here the rights of the folder below.
        Files.setAttribute(root.resolve("tmp"), "unix:mode", STICKY_FOR_ALL);
        link(root.resolve("var/tmp"), Path.of("/tmp"));
        link(root.resolve("var/run"), Path.of("/run"));
        List<Path> mounts = new ArrayList<>();
        for (String each : SYSTEM) {
            addSystem(root, Path.of(each), mounts);
        }
        Path javaHome = Path.of(System.getProperty("java.home", "/usr")).toRealPath();
        if (!javaHome.startsWith("/usr")) {
            addSystem(root, javaHome, mounts);
        }
        for (Path each : settings()) {
            copy(each, root.resolve(each.toString().substring(1)));
        }
        for (String each : ContainerFiles.GENERATED) {
            relink(root.resolve("etc").resolve(each), Path.of("/run/holt", each));
        }
        link(root.resolve("etc/mtab"), Path.of("/proc/self/mounts"));
        writeResolvers(root.resolve("etc/resolv.conf"));
        return new SystemRoot(root, List.copyOf(mounts), javaHome);
    }

    private static void addSystem(Path root, Path place, List<Path> mounts) throws IOException {
        Path inside = root.resolve(place.toString().substring(1));
        if (Files.isSymbolicLink(place)) {
            link(inside, Files.readSymbolicLink(place));
        } else if (Files.isDirectory(place)) {
            Files.createDirectories(inside);
            mounts.add(place);
        }
    }

    /** A link stays one where it leads to what instances see; rights stay as they are. */
    private static void copy(Path place, Path inside) throws IOException {
        Files.createDirectories(inside.getParent());
        if (Files.isSymbolicLink(place) && place.toRealPath().startsWith("/usr")) {
            relink(inside, place.toRealPath());
        } else if (Files.isDirectory(place)) {
            Files.createDirectories(inside);
            for (Path each : Folders.list(place)) {
                if (Files.exists(each)) {
                    copy(each, inside.resolve(each.getFileName()));
                }
            }
        } else {
            Path fresh = inside.resolveSibling(inside.getFileName() + ".new");
            Files.copy(place, fresh, StandardCopyOption.COPY_ATTRIBUTES, StandardCopyOption.REPLACE_EXISTING);
            Files.move(fresh, inside, StandardCopyOption.ATOMIC_MOVE);
        }
    }

    private static List<Path> settings() throws IOException {
        Path etc = Path.of("/etc");
        List<Path> found = new ArrayList<>();
        for (String each : SETTINGS) {
            if (Files.exists(etc.resolve(each))) {
                found.add(etc.resolve(each));
            }
        }
        for (Path each : Folders.list(etc)) {
            if (SETTINGS_STARTING_WITH.stream().anyMatch(each.getFileName().toString()::startsWith)) {
                found.add(each);
            }
        }
        return found;
    }

    /** A resolver of this host's own loopback is out of an instance's reach: take the ones it asks itself, if known. */
    private static void writeResolvers(Path file) throws IOException {
        Path host = Path.of("/etc/resolv.conf");
        String text = Files.exists(host) ? Files.readString(host) : "";
        boolean local = text.lines().anyMatch(line -> LOCAL_RESOLVERS.stream().anyMatch(line::startsWith));
        if (local && Files.exists(SYSTEMD_RESOLVERS)) {
            text = Files.readString(SYSTEMD_RESOLVERS);
        }
        Files.write(file, text.getBytes(StandardCharsets.UTF_8));
    }

    private static void link(Path link, Path target) throws IOException {
        if (!Files.exists(link, LinkOption.NOFOLLOW_LINKS)) {
            Files.createSymbolicLink(link, target);
        }
    }

    /** Running instances see the one or the other, never none. */
    private static void relink(Path link, Path target) throws IOException {
        Path fresh = link.resolveSibling(link.getFileName() + ".new");
        Files.deleteIfExists(fresh);
        Files.createSymbolicLink(fresh, target);
        Files.move(fresh, link, StandardCopyOption.ATOMIC_MOVE);
    }

    /** The folder to use as an instance's root. */
    Path root() {
        return root;
    }

    /** Places of this host to be mounted, read-only, at the same place inside. */
    List<Path> mounts() {
        return mounts;
    }

    /** The Java runtime, at the same place inside. */
    Path javaHome() {
        return javaHome;
    }
}
