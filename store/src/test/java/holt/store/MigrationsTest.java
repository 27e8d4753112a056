package holt.store;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.net.URISyntaxException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Objects;
import org.junit.jupiter.api.Test;

class MigrationsTest {
    @Test
    void theNewestMigrationIsTheOneTheProgramLooksFor() throws IOException, URISyntaxException {
        Path folder =
                Path.of(Objects.requireNonNull(Migrations.class.getClassLoader().getResource(Migrations.LOCATION))
                        .toURI());
        try (var files = Files.list(folder)) {
            assertThat(files.map(file -> file.getFileName().toString())
                            .mapToInt(name -> Integer.parseInt(name.substring(1, name.indexOf("__"))))
                            .max())
                    .hasValue(Migrations.NEWEST);
        }
    }
}
