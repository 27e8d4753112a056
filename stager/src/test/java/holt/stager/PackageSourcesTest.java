package holt.stager;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;

class PackageSourcesTest {
    @Test
    void linesOfOtherPackagesAndOtherSuitesArePassedOver() {
        String text = """
                # deb http://old.example bookworm main
                deb [signed-by=/k.gpg arch=amd64] https://other.example/node_20.x nodistro main
                deb-src http://src.example bookworm main
                deb http://updates.example bookworm-updates main
                deb [arch=amd64] http://mirror.example/debian bookworm main contrib
                """;
        assertThat(PackageSources.mirror(text, "bookworm")).contains("http://mirror.example/debian");
        assertThat(PackageSources.mirror(text, "trixie")).isEmpty();
    }

    @Test
    void paragraphsAreRead() {
        String text = """
                Types: deb
                URIs: http://security.example
                Suites: bookworm-security
                Components: main

                Types: deb
                URIs: http://mirror.example/debian
                Suites: bookworm bookworm-updates
                Components: main
                """;
        assertThat(PackageSources.mirror(text, "bookworm")).contains("http://mirror.example/debian");
    }
}
