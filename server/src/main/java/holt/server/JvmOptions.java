package holt.server;

import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;

/** How the server's JVM is started: small when idle, quick to start. */
public final class JvmOptions {
    private JvmOptions() {}

    /** The options, with the ahead-of-time cache that the build left two folders above a jar of ours, if it did. */
    static List<String> server(Path anyJar) {
        List<String> options = new ArrayList<>(base());
        Path library = anyJar.toAbsolutePath().getParent();
        Path cache = library == null ? null : library.resolveSibling("server.aot");
        if (cache != null && Files.exists(cache)) {
            options.add("-XX:AOTCache=" + cache);
        }
        return options;
    }

    public static List<String> base() {
        return List.of(
                "-XX:+UseSerialGC",
                "-Xms48m",
                "-Xmx512m",
                "-XX:MaxDirectMemorySize=256m",
                "-XX:MinHeapFreeRatio=10",
                "-XX:MaxHeapFreeRatio=30",
                // The second compiler waits four times as long, so that a start is not spent compiling what runs once;
                // what serves requests passes these figures within a second of load.
                "-XX:Tier4InvocationThreshold=20000",
                "-XX:Tier4MinInvocationThreshold=2400",
                "-XX:Tier4CompileThreshold=60000",
                "-XX:Tier4BackEdgeThreshold=160000",
                "-XX:-UsePerfData",
                "-XX:+ExitOnOutOfMemoryError",
                "-Xlog:disable",
                "-Xlog:all=error:stderr",
                "--enable-native-access=ALL-UNNAMED",
                "--sun-misc-unsafe-memory-access=allow",
                "-Dfile.encoding=UTF-8");
    }
}
