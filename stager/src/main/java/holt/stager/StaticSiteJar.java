package holt.stager;

import holt.stager.site.StaticSite;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.time.LocalDateTime;
import java.util.List;
import java.util.stream.Stream;
import java.util.zip.CRC32;
import java.util.zip.ZipEntry;
import java.util.zip.ZipOutputStream;

/**
 * The jar of the web server of static sites, made of the stager's own classes. Always the same bytes for the same
 * classes, so that equal packages give equal droplets.
 */
final class StaticSiteJar {
    static final String PATH = ".holt/static-site.jar";

    private static final List<String> CLASSES = List.of("ByteRange", "MediaTypes", "SiteFiles", "StaticSite");
    private static final LocalDateTime LONG_AGO = LocalDateTime.of(1980, 1, 1, 0, 0);

    private StaticSiteJar() {}

    /** The start command that serves a folder of the package. */
    static String command(String folder) {
        return "java -Xmx32m -XX:+UseSerialGC -XX:TieredStopAtLevel=1 -XX:-UsePerfData -cp " + PATH + " "
                + StaticSite.class.getName() + (folder.equals(".") ? "" : " " + Shell.quoted(folder));
    }

    static byte[] bytes() {
        ByteArrayOutputStream bytes = new ByteArrayOutputStream();
        try (ZipOutputStream jar = new ZipOutputStream(bytes)) {
            for (String name : classFiles().sorted().toList()) {
                add(jar, name);
            }
        } catch (IOException | ClassNotFoundException fault) {
            throw new IllegalStateException("The classes of the static site's server are not where they belong", fault);
        }
        return bytes.toByteArray();
    }

    private static Stream<String> classFiles() throws ClassNotFoundException {
        Stream<String> files = Stream.empty();
        for (String name : CLASSES) {
            Class<?> top = Class.forName(StaticSite.class.getPackageName() + "." + name);
            files = Stream.concat(files, withNested(top));
        }
        return files;
    }

    private static Stream<String> withNested(Class<?> type) {
        return Stream.concat(
                Stream.of(type.getName().replace('.', '/') + ".class"),
                Stream.of(type.getDeclaredClasses()).flatMap(StaticSiteJar::withNested));
    }

    private static void add(ZipOutputStream jar, String name) throws IOException {
        byte[] content = resource(name);
        CRC32 check = new CRC32();
        check.update(content);
        ZipEntry entry = new ZipEntry(name);
        entry.setTimeLocal(LONG_AGO);
        entry.setMethod(ZipEntry.STORED);
        entry.setSize(content.length);
        entry.setCrc(check.getValue());
        jar.putNextEntry(entry);
        jar.write(content);
        jar.closeEntry();
    }

    private static byte[] resource(String name) {
        try (InputStream content = StaticSite.class.getClassLoader().getResourceAsStream(name)) {
            if (content == null) {
                throw new IllegalStateException("The class file " + name + " is missing");
            }
            return content.readAllBytes();
        } catch (IOException fault) {
            throw new UncheckedIOException(fault);
        }
    }
}
