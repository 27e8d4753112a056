package holt.stager;

import holt.model.ErrorCode;
import holt.model.Problem;
import java.io.IOException;
import java.util.List;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** A site of files, served by our own small web server. */
final class StaticRule implements Rule {
    private static final List<String> USUAL = List.of("public", "dist", "build", "_site", "site");
    private static final Pattern ROOT =
            Pattern.compile("^root:\\s*['\"]?([^'\"\\r\\n]+?)/?['\"]?\\s*$", Pattern.MULTILINE);

    @Override
    public String looksFor() {
        return "index.html, at the top or in public, or a Staticfile";
    }

    @Override
    public Finding examine(SourceFiles files) throws IOException {
        if (files.hasFile("Staticfile")) {
            return byStaticfile(files, files.text("Staticfile"));
        }
        if (files.hasFile("index.html")) {
            return found(".", "index.html");
        }
        Optional<String> folder = USUAL.stream()
                .filter(each -> files.hasFile(each + "/index.html"))
                .findFirst();
        if (folder.isPresent()) {
            return found(folder.get(), folder.get() + "/index.html");
        }
        return files.hasFolder("public") ? found("public", "the folder public") : Finding.nothing();
    }

    private static Finding byStaticfile(SourceFiles files, String text) {
        Matcher root = ROOT.matcher(text);
        if (!root.find()) {
            return found(files.hasFile("index.html") || !files.hasFolder("public") ? "." : "public", "Staticfile");
        }
        String folder = root.group(1).replaceFirst("^\\./", "");
        if (folder.equals(".") || files.hasFolder(folder)) {
            return found(folder, "Staticfile");
        }
        return new Finding.Faulty(
                Problem.of(ErrorCode.DETECTION_FAILED, "The Staticfile names a folder that is not in the package.")
                        .expected("the name of a folder of the package after 'root:'", folder)
                        .remedy("Mend the Staticfile and push again."));
    }

    private static Finding found(String folder, String by) {
        return new Finding.Found(Plan.of("static", "static site, by " + by, StaticSiteJar.command(folder))
                .withStaticSite());
    }
}
