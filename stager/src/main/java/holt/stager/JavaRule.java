package holt.stager;

import java.io.IOException;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/** An executable jar, as a file at the top or unpacked. */
final class JavaRule implements Rule {
    private static final String MANIFEST = "META-INF/MANIFEST.MF";

    /** Leaves a third of the instance's memory to what the virtual machine needs besides its heap. */
    private static final String FLAGS = "-XX:MaxRAMPercentage=65 -XX:+UseSerialGC -XX:-UsePerfData";

    @Override
    public String looksFor() {
        return "an executable jar or war (with a Main-Class)";
    }

    @Override
    public Finding examine(SourceFiles files) throws IOException {
        Map<String, String> mainClasses = new LinkedHashMap<>();
        List<String> jars = files.topFiles().stream()
                .filter(name -> name.endsWith(".jar") || name.endsWith(".war"))
                .toList();
        for (String jar : jars) {
            files.mainClass(jar).ifPresent(name -> mainClasses.put(jar, name));
        }
        if (mainClasses.size() == 1) {
            return jar(mainClasses.keySet().iterator().next());
        }
        Optional<String> exploded =
                files.hasFile(MANIFEST) ? Manifests.mainClass(files.text(MANIFEST)) : Optional.empty();
        return exploded.map(JavaRule::exploded).orElseGet(() -> nearMiss(jars, mainClasses));
    }

    private static Finding jar(String jar) {
        return new Finding.Found(
                Plan.of("jar", "Java, by the executable " + jar, "java " + FLAGS + " -jar " + Shell.file(jar)));
    }

    private static Finding exploded(String mainClass) {
        String command = "java " + FLAGS + " -cp . " + Shell.quoted(mainClass);
        return new Finding.Found(Plan.of("jar", "Java, by the main class " + mainClass + " of " + MANIFEST, command));
    }

    private static Finding nearMiss(List<String> jars, Map<String, String> mainClasses) {
        if (mainClasses.size() > 1) {
            return new Finding.NearMiss(
                    "there are several executable jars: " + String.join(", ", mainClasses.keySet()));
        }
        return jars.isEmpty()
                ? Finding.nothing()
                : new Finding.NearMiss("no manifest names a Main-Class: " + String.join(", ", jars));
    }
}
