package holt.stager;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.BufferedReader;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Starts the jar as an instance does: with the command of the droplet, and nothing else on the class path. */
class StaticSiteJarTest {
    @TempDir
    Path folder;

    @Test
    void theJarServesASiteByItselfAndEndsWhenAsked() throws Exception {
        Files.createDirectories(folder.resolve(".holt"));
        Files.write(folder.resolve(StaticSiteJar.PATH), StaticSiteJar.bytes());
        Files.createDirectories(folder.resolve("my site"));
        Files.writeString(folder.resolve("my site/index.html"), "hi");

        Process instance = start(StaticSiteJar.command("my site"));
        try (BufferedReader output = instance.inputReader(StandardCharsets.UTF_8);
                HttpClient client = HttpClient.newHttpClient()) {
            String line = output.readLine();
            assertThat(line).matches("Serving .*my site at port \\d+");
            String port = line.substring(line.lastIndexOf(' ') + 1);
            for (String path : List.of("/", "/nowhere", "/index.html")) {
                HttpRequest request = HttpRequest.newBuilder(URI.create("http://127.0.0.1:" + port + path))
                        .header("Range", "bytes=0-")
                        .build();
                int status = client.send(request, HttpResponse.BodyHandlers.discarding())
                        .statusCode();
                assertThat(status).isEqualTo(path.equals("/nowhere") ? 404 : 206);
            }
            instance.toHandle().destroy();
            assertThat(instance.waitFor(20, TimeUnit.SECONDS)).isTrue();
            assertThat(instance.exitValue()).isEqualTo(128 + 15);
        } finally {
            instance.destroyForcibly();
        }
    }

    private Process start(String command) throws Exception {
        ProcessBuilder builder = new ProcessBuilder("/bin/sh", "-c", "exec " + command)
                .directory(folder.toFile())
                .redirectError(ProcessBuilder.Redirect.INHERIT);
        builder.environment().put("PATH", Path.of(System.getProperty("java.home"), "bin") + ":/usr/bin:/bin");
        builder.environment().put("PORT", "0");
        builder.environment().put("HOST", "127.0.0.1");
        return builder.start();
    }
}
