package holt.agent;

import holt.model.RootFileSystem;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * The root of one instance that sees another system than the host's: its layers, and over them what is the instance's
 * own. Files of a stack cannot be changed, as those of the host cannot; an image is written to anywhere, which goes to
 * the instance's private layer and counts against its disk. Mounted only until the container has it. One thread.
 */
final class StackRoot implements AutoCloseable {
    /** Busybox looks at its own name. */
    private static final String SHELL = "/run/busybox-holt";

    private static final int MAX_PASSWD = 1 << 20;

    private final UnpackedRoot root;
    private final RootFileSystem.@Nullable Image image;
    private final Path mount;
    private final @Nullable Path busybox;

    private StackRoot(UnpackedRoot root, Path mount, @Nullable Path busybox) {
        this.root = root;
        this.image = root.description().image();
        this.mount = mount;
        this.busybox = busybox;
    }

    /**
     * Mounts it.
     *
     * @param layer where the instance's private layer was made
     * @param resolvers names of name servers
     */
    static StackRoot mount(UnpackedRoot root, InstanceFolder folder, Path layer, Path resolvers) throws IOException {
        Path busybox = StaticShell.PLACE.orElse(null);
        if (busybox == null && root.find("/bin/sh").isEmpty()) {
            throw new IOException("its root file system has no /bin/sh, and this host no static busybox to start its"
                    + " program with: install the package busybox-static");
        }
        RootLayers.use(root, folder);
        Path own = root.description().image() == null ? ownFolder(folder) : layer;
        Path upper = own.resolve("upper");
        StackRoot made = new StackRoot(root, Files.createDirectory(folder.path().resolve("root")), busybox);
        made.writeSettings(upper, folder, resolvers);
        made.makeFolder(upper);
        Mounts.overlay(made.mount, root.folder(), root.layers(), own);
        return made;
    }

    private static Path ownFolder(InstanceFolder folder) throws IOException {
        Path own = Folders.createPrivate(folder.path().resolve("own"));
        Path upper = Files.createDirectory(own.resolve("upper"));
        Files.setPosixFilePermissions(upper, PosixFilePermissions.fromString("rwxr-xr-x"));
        Files.createDirectory(own.resolve("work"));
        return own;
    }

    /** Those that the platform gives, as in the host's system. */
    private void writeSettings(Path upper, InstanceFolder folder, Path resolvers) throws IOException {
        Path etc = Files.createDirectory(upper.resolve("etc"));
        LayerFolder.makeRoot(etc, image != null);
        for (String each : ContainerFiles.GENERATED) {
            Files.createSymbolicLink(etc.resolve(each), Path.of("/run/holt", each));
        }
        readable(Files.copy(resolvers, etc.resolve("resolv.conf")), "rw-r--r--");
        Optional<Path> passwd = root.find("/etc/passwd");
        if (passwd.isPresent() && Files.size(passwd.get()) < MAX_PASSWD) {
            String users =
                    Files.readString(passwd.get(), StandardCharsets.ISO_8859_1).stripTrailing();
            Files.delete(etc.resolve("passwd"));
            String own = "\napp:x:%d:%d:app:%s:/bin/sh\n".formatted(folder.key().uid(), Droplets.GROUP, home(image));
            readable(Files.writeString(etc.resolve("passwd"), users + own, StandardCharsets.ISO_8859_1), "rw-r--r--");
        }
    }

    private static Path readable(Path file, String rights) throws IOException {
        Files.setPosixFilePermissions(file, PosixFilePermissions.fromString(rights));
        return file;
    }

    /** Where an image starts its program, and where files of an instance are looked for. */
    private void makeFolder(Path upper) throws IOException {
        if (image == null) {
            return;
        }
        for (String each : List.of("/app", image.folder())) {
            if (root.find(each).isEmpty()) {
                make(upper, each);
            }
        }
    }

    /** Makes what is missing of a path whose beginning is no link. */
    private void make(Path upper, String path) throws IOException {
        Path made = upper;
        for (String name : path.substring(1).split("/")) {
            made = made.resolve(name);
            String inside = "/" + upper.relativize(made);
            Optional<Path> lower = root.find(inside);
            boolean link = lower.isPresent() && !lower.get().endsWith(inside.substring(1));
            if (name.isEmpty() || name.equals("..") || link) {
                return; // the runtime will tell that it is not there
            }
            if (!Files.isDirectory(made, LinkOption.NOFOLLOW_LINKS)) {
                Files.createDirectory(made);
                LayerFolder.makeRoot(made, true);
            }
        }
    }

    private static String home(RootFileSystem.@Nullable Image image) {
        return image == null ? "/app" : image.folder();
    }

    /** Port at which the program listens; the usual one where nothing is said of that. */
    static int port(@Nullable UnpackedRoot root, int usual) {
        RootFileSystem.Image image = root == null ? null : root.description().image();
        return image == null || image.port() == 0 ? usual : image.port();
    }

    /**
     * The configuration of a container with this root instead of the host's system.
     *
     * @param init words of process 1 after its shell, up to the program
     * @param command of the release
     */
    Map<String, Object> configuration(Map<String, Object> ofHost, SystemRoot system, List<String> init, String command)
            throws IOException {
        Map<String, Object> configuration = new LinkedHashMap<>(ofHost);
        configuration.put("root", Map.of("path", mount.toString(), "readonly", image == null));
        Map<String, Object> process = new LinkedHashMap<>(object(ofHost, "process"));
        List<String> arguments = new ArrayList<>(shell(busybox != null));
        arguments.addAll(init);
        arguments.addAll(program(command));
        settle(process, image, system);
        process.put("args", arguments);
        configuration.put("process", process);
        configuration.put("mounts", mounts(list(ofHost, "mounts"), system));
        return configuration;
    }

    private static void settle(Map<String, Object> process, RootFileSystem.@Nullable Image image, SystemRoot system) {
        process.put("cwd", home(image));
        process.put("env", environment(list(process, "env"), image, system));
    }

    /** What a program is given that is begun later inside a container with this root. */
    static Map<String, Object> guest(UnpackedRoot root, Map<String, Object> ofHost, SystemRoot system) {
        Map<String, Object> process = new LinkedHashMap<>(ofHost);
        settle(process, root.description().image(), system);
        return process;
    }

    /** The shell that such a program is begun with. */
    static List<String> guestShell() {
        return shell(StaticShell.PLACE.isPresent());
    }

    private static List<String> shell(boolean ours) {
        return ours ? List.of(SHELL, "sh") : List.of("/bin/sh");
    }

    /** An image's own program is started as it is; what a person wrote is for a shell, the image's where it has one. */
    private List<String> program(String command) throws IOException {
        if (image == null || !command.equals(image.commandLine())) {
            List<String> words = new ArrayList<>(shell(root.find("/bin/sh").isEmpty()));
            words.addAll(List.of("-c", command));
            return words;
        }
        List<String> words = new ArrayList<>(image.program());
        String first = words.getFirst();
        if (!first.contains("/")) {
            String path = image.environment().getOrDefault("PATH", "/usr/local/bin:/usr/bin:/bin:/usr/sbin:/sbin");
            for (String folder : path.split(":")) {
                if (folder.startsWith("/") && root.find(folder + "/" + first).isPresent()) {
                    words.set(0, folder + "/" + first); // else a command of our own shell would come before it
                    break;
                }
            }
        }
        return words;
    }

    private static List<String> environment(List<?> ofHost, RootFileSystem.@Nullable Image image, SystemRoot system) {
        List<String> environment = new ArrayList<>();
        for (Object each : ofHost) {
            String entry = each.toString();
            if (entry.equals("HOME=/app")) {
                environment.add("HOME=" + home(image));
            } else if (!entry.equals("JAVA_HOME=" + system.javaHome())) {
                environment.add(entry);
            }
        }
        return environment;
    }

    private List<Object> mounts(List<?> ofHost, SystemRoot system) {
        List<Object> mounts = new ArrayList<>();
        List<String> hosts = system.mounts().stream().map(Path::toString).toList();
        for (Object each : ofHost) {
            String destination = each instanceof Map<?, ?> one ? String.valueOf(one.get("destination")) : "";
            boolean settings = destination.startsWith("/etc/");
            boolean droplet = image != null && destination.equals("/app");
            if (!hosts.contains(destination) && !settings && !droplet) {
                mounts.add(each);
            }
        }
        if (busybox != null) {
            List<String> options = List.of("bind", "ro", "nosuid", "nodev");
            mounts.add(Map.of("destination", SHELL, "type", "bind", "source", busybox.toString(), "options", options));
        }
        return mounts;
    }

    @SuppressWarnings("unchecked") // made by OciBundle, of maps with texts for keys
    private static Map<String, Object> object(Map<String, Object> in, String name) {
        return in.get(name) instanceof Map<?, ?> map ? (Map<String, Object>) map : Map.of();
    }

    private static List<?> list(Map<String, Object> in, String name) {
        return in.get(name) instanceof List<?> list ? list : List.of();
    }

    /** The container has it, or will not be. */
    @Override
    public void close() throws IOException {
        Native.detach(mount.toString());
        Files.deleteIfExists(mount);
    }

    /** Takes away what an agent that died had mounted. */
    static void removeLeftovers(Path home) throws IOException {
        String below = " " + home.resolve("instances") + "/";
        for (String line : Files.readAllLines(Path.of("/proc/self/mountinfo"))) {
            if (line.contains(below) && line.contains("/root ") && line.contains(" overlay ")) {
                Native.detach(line.split(" ")[4]);
            }
        }
    }
}
