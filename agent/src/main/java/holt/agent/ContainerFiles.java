package holt.agent;

import holt.model.ProcessSpec;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.List;

/** Makes the files of one container in its instance's folder: the writable layer, and its own few system settings. */
record ContainerFiles(InstanceFolder folder, ProcessSpec spec) {
    /** Settings below {@code /etc} that differ between instances: links to {@code /run/holt}. */
    static final List<String> GENERATED = List.of("passwd", "group", "hosts", "hostname");

    /**
     * @param overlay whether the droplet will be overlaid; else it is copied
     * @param layer folder in which the writable layer is made
     */
    void make(Droplets.Unpacked droplet, boolean overlay, Path layer) throws IOException {
        int uid = folder.key().uid();
        Path upper = Files.createDirectory(layer.resolve("upper"));
        Files.setPosixFilePermissions(upper, PosixFilePermissions.fromString("rwxrwxr-x"));
        Folders.own(upper, uid, Droplets.GROUP);
        if (overlay) {
            Files.createDirectory(layer.resolve("work"));
        } else {
            Folders.copy(droplet.files(), upper, uid, Droplets.GROUP);
        }
        Files.createSymbolicLink(folder.path().resolve("lower"), droplet.files());
        Files.createDirectory(
                folder.run(), PosixFilePermissions.asFileAttribute(PosixFilePermissions.fromString("rwxr-xr-x")));
        Path notes = Files.createFile(folder.run().resolve("notes"));
        Folders.own(notes, uid, Droplets.GROUP);
        readable("passwd", """
                root:x:0:0:root:/:/usr/sbin/nologin
                app:x:%d:%d:app:/app:/bin/sh
                nobody:x:65534:65534:nobody:/:/usr/sbin/nologin
                """.formatted(uid, Droplets.GROUP));
        readable("group", "root:x:0:\napp:x:" + Droplets.GROUP + ":\nnogroup:x:65534:\n");
    }

    /** What depends on the instance; the files stay the same where they are there already. */
    void writeNames(String address) throws IOException {
        readable("hostname", hostname() + "\n");
        readable("hosts", "127.0.0.1 localhost\n::1 localhost\n" + address + " " + hostname() + "\n");
    }

    private void readable(String name, String text) throws IOException {
        Path file = folder.run().resolve(name);
        boolean fresh = !Files.exists(file);
        Files.write(file, text.getBytes(StandardCharsets.UTF_8));
        if (fresh) {
            Files.setPosixFilePermissions(file, PosixFilePermissions.fromString("rw-r--r--"));
        }
    }

    String hostname() {
        return spec.app() + (spec.index() < 0 ? "-pid-" + spec.pid() : "-" + spec.index());
    }
}
