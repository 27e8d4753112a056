package holt.stager;

import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.util.Optional;
import java.util.jar.Attributes;
import java.util.jar.JarFile;
import java.util.jar.Manifest;
import java.util.regex.Pattern;
import java.util.zip.ZipEntry;
import java.util.zip.ZipException;
import java.util.zip.ZipInputStream;

/** What manifests of jars tell. */
final class Manifests {
    private static final Pattern CLASS_NAME = Pattern.compile("[\\p{L}\\p{Nl}_$][\\p{L}\\p{Nl}\\p{Nd}_$.]*");
    private static final int MAX_BYTES = 1 << 20;

    /** Tools write the manifest first or nearly so; unpacking a large jar to its end would only cost time. */
    private static final int MAX_ENTRIES_BEFORE_IT = 100;

    private Manifests() {}

    /** The main class of a jar; empty where it names none, or is no jar. */
    static Optional<String> mainClassOfJar(InputStream jar) throws IOException {
        ZipInputStream zip = new ZipInputStream(jar);
        try {
            for (int count = 0; count < MAX_ENTRIES_BEFORE_IT; count++) {
                ZipEntry entry = zip.getNextEntry();
                if (entry == null) {
                    return Optional.empty();
                }
                if (entry.getName().equalsIgnoreCase(JarFile.MANIFEST_NAME)) {
                    return mainClass(zip.readNBytes(MAX_BYTES));
                }
            }
        } catch (ZipException | IllegalArgumentException noJar) {
            return Optional.empty();
        }
        return Optional.empty();
    }

    /** The main class that a manifest names; empty where it names none, or is no manifest. */
    static Optional<String> mainClass(String manifest) throws IOException {
        return mainClass(manifest.getBytes(StandardCharsets.UTF_8));
    }

    private static Optional<String> mainClass(byte[] manifest) throws IOException {
        Attributes attributes = new Manifest(new ByteArrayInputStream(manifest)).getMainAttributes();
        return Optional.ofNullable(attributes.getValue(Attributes.Name.MAIN_CLASS))
                .map(String::strip)
                .filter(name -> CLASS_NAME.matcher(name).matches());
    }
}
