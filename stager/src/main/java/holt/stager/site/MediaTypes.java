package holt.stager.site;

import java.util.HashMap;
import java.util.Locale;
import java.util.Map;

/** What a file is, by the end of its name. */
final class MediaTypes {
    private static final String UNKNOWN = "application/octet-stream";

    private static final Map<String, String> BY_ENDING = byEnding("""
            text/html; charset=utf-8              html htm
            text/css; charset=utf-8               css
            text/javascript; charset=utf-8        js mjs
            text/plain; charset=utf-8             txt text log
            text/markdown; charset=utf-8          md
            text/csv; charset=utf-8               csv
            text/calendar; charset=utf-8          ics
            application/json                      json map
            application/ld+json                   jsonld
            application/manifest+json             webmanifest
            application/xml                       xml xsl
            application/atom+xml                  atom
            application/rss+xml                   rss
            application/pdf                       pdf
            application/wasm                      wasm
            application/zip                       zip
            application/gzip                      gz tgz
            image/svg+xml                         svg
            image/png                             png
            image/jpeg                            jpg jpeg
            image/gif                             gif
            image/webp                            webp
            image/avif                            avif
            image/bmp                             bmp
            image/x-icon                          ico
            font/woff                             woff
            font/woff2                            woff2
            font/ttf                              ttf
            font/otf                              otf
            audio/mpeg                            mp3
            audio/ogg                             ogg oga
            audio/wav                             wav
            audio/mp4                             m4a
            video/mp4                             mp4 m4v
            video/webm                            webm
            video/ogg                             ogv
            video/quicktime                       mov
            """);

    private MediaTypes() {}

    static String of(String name) {
        int dot = name.lastIndexOf('.');
        return BY_ENDING.getOrDefault(name.substring(dot + 1).toLowerCase(Locale.ROOT), UNKNOWN);
    }

    private static Map<String, String> byEnding(String table) {
        Map<String, String> types = new HashMap<>();
        table.lines().forEach(line -> {
            String type = line.substring(0, 38).strip();
            for (String ending : line.substring(38).split(" ", -1)) {
                types.put(ending, type);
            }
        });
        return types;
    }
}
