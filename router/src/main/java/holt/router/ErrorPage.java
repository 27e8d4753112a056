package holt.router;

import holt.model.Json;
import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.time.ZoneOffset;
import java.time.format.DateTimeFormatter;
import java.util.LinkedHashMap;
import java.util.Locale;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** Writes an {@link ErrorAnswer} in the form its reader prefers: plain text, a page, or a problem document. */
final class ErrorPage {
    private static final String STYLE = "body{font:16px/1.5 system-ui,sans-serif;max-width:40em;margin:15vh auto;"
            + "padding:0 1em;color:#222;background:#fff}h1{font-size:1.4em}code{color:#666}"
            + "@media(prefers-color-scheme:dark){body{color:#ddd;background:#181818}}";

    /** The forms an answer can have. */
    enum Form {
        TEXT("text/plain; charset=utf-8"),
        HTML("text/html; charset=utf-8"),
        PROBLEM("application/problem+json");

        private final String contentType;

        Form(String contentType) {
            this.contentType = contentType;
        }
    }

    private ErrorPage() {}

    /**
     * Writes the whole response.
     *
     * @param accept the request's Accept field; null for none
     * @param withBody false in answer to HEAD
     * @param connection what to say of the client's connection: true stays open, false closes, null says nothing
     */
    static void write(
            Scratch out,
            ErrorAnswer answer,
            @Nullable String accept,
            boolean withBody,
            @Nullable Boolean connection,
            Instant now) {
        Form form = form(accept == null ? "" : accept);
        byte[] body = body(form, answer).getBytes(StandardCharsets.UTF_8);
        out.clear().text("HTTP/1.1 ").decimal(answer.status()).text(" ").text(answer.title());
        field(out, "Date", DateTimeFormatter.RFC_1123_DATE_TIME.format(now.atOffset(ZoneOffset.UTC)));
        field(out, "Content-Type", form.contentType);
        field(out, "Content-Length", Integer.toString(body.length));
        field(out, "X-Holt-Router-Error", answer.code());
        field(out, "Cache-Control", "no-store");
        if (answer.retrySeconds() > 0) {
            field(out, "Retry-After", Integer.toString(answer.retrySeconds()));
        }
        if (answer.status() == 405) {
            field(out, "Allow", "GET, HEAD, POST, PUT, PATCH, DELETE, OPTIONS");
        }
        if (connection != null) {
            field(out, "Connection", connection ? "keep-alive" : "close");
        }
        out.lineEnd().lineEnd();
        if (withBody) {
            out.text(body);
        }
    }

    private static void field(Scratch out, String name, String value) {
        out.lineEnd().text(name).text(": ").text(value);
    }

    /** The form with the highest quality that Accept names; plain text where it names none of ours. */
    static Form form(String accept) {
        Form best = Form.TEXT;
        double bestQuality = 0;
        for (String range : accept.toLowerCase(Locale.ROOT).split(",", 50)) {
            String[] parts = range.split(";", 10);
            Form form = switch (parts[0].strip()) {
                case "text/plain" -> Form.TEXT;
                case "text/html" -> Form.HTML;
                case "application/json", "application/problem+json" -> Form.PROBLEM;
                default -> null;
            };
            double quality = form == null ? 0 : quality(parts);
            if (form != null && quality > bestQuality) {
                best = form;
                bestQuality = quality;
            }
        }
        return best;
    }

    private static double quality(String[] parts) {
        for (int i = 1; i < parts.length; i++) {
            String parameter = parts[i].strip();
            if (parameter.matches("q=[01](\\.[0-9]{0,3})?")) {
                return Double.parseDouble(parameter.substring(2));
            }
        }
        return 1;
    }

    private static String body(Form form, ErrorAnswer answer) {
        return switch (form) {
            case TEXT -> text(answer);
            case HTML -> html(answer);
            case PROBLEM -> problem(answer);
        };
    }

    private static String text(ErrorAnswer answer) {
        String remedy = answer.remedy() == null ? "" : answer.remedy() + "\n";
        return answer.status() + " " + answer.title() + "\n\n" + answer.detail() + "\n" + remedy;
    }

    private static String html(ErrorAnswer answer) {
        String title = escape(answer.status() + " " + answer.title());
        String remedy = answer.remedy() == null ? "" : "<p>" + escape(answer.remedy()) + "</p>\n";
        return "<!doctype html>\n<html lang=\"en\"><head><meta charset=\"utf-8\"><title>" + title + "</title><style>"
                + STYLE + "</style></head>\n<body><h1>" + title + "</h1>\n<p>" + escape(answer.detail()) + "</p>\n"
                + remedy + "<p><code>" + escape(answer.code()) + "</code></p></body></html>\n";
    }

    private static String problem(ErrorAnswer answer) {
        Map<String, Object> members = new LinkedHashMap<>();
        members.put("type", "about:blank");
        members.put("title", answer.title());
        members.put("status", answer.status());
        members.put("code", answer.code());
        members.put("detail", answer.detail());
        if (answer.remedy() != null) {
            members.put("remedy", answer.remedy());
        }
        return Json.text(members);
    }

    private static String escape(String text) {
        StringBuilder escaped = new StringBuilder(text.length() + 16);
        for (int i = 0; i < text.length(); i++) {
            char c = text.charAt(i);
            switch (c) {
                case '<' -> escaped.append("&lt;");
                case '>' -> escaped.append("&gt;");
                case '&' -> escaped.append("&amp;");
                case '"' -> escaped.append("&quot;");
                case '\'' -> escaped.append("&#39;");
                default -> escaped.append(c);
            }
        }
        return escaped.toString();
    }
}
