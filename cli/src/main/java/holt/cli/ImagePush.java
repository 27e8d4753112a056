package holt.cli;

import holt.model.Api;
import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStream;
import java.io.InputStreamReader;
import java.nio.charset.StandardCharsets;
import org.jspecify.annotations.Nullable;

/** The part of a push that is different where an image takes the place of files. One thread. */
record ImagePush(Wish wish, ApiClient api, Output output) {
    /** Which image, and who fetches it. */
    record Wish(
            String reference,
            @Nullable String user,
            @Nullable String password) {
        @Override
        public String toString() {
            return reference; // never the password
        }
    }

    /** The first line. */
    static String password(InputStream in) throws IOException {
        String line = new BufferedReader(new InputStreamReader(in, StandardCharsets.UTF_8)).readLine();
        if (line == null || line.isEmpty()) {
            throw new CommandFailure(ExitCode.USAGE, "No password came. Expected: one line on standard input.");
        }
        return line;
    }

    /** Has it fetched, and waits for that. */
    Api.Build build(@Nullable String command, String app) throws IOException {
        Api.ImageRequest request = new Api.ImageRequest(wish.reference(), command, app, wish.user(), wish.password());
        return new Staging(api, output)
                .follow(api.call("POST", "/images", request, Api.Build.class), "Fetching the image");
    }
}
