package holt.stager;

import holt.model.ErrorCode;
import holt.model.Json;
import holt.model.Problem;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import tools.jackson.core.JacksonException;
import tools.jackson.databind.JsonNode;

/** A program for Node. */
final class NodeRule implements Rule {
    private static final String PACKAGE = "package.json";
    private static final List<String> USUAL =
            List.of("server.js", "index.js", "app.js", "main.js", "server.mjs", "index.mjs");

    /** A start script that needs neither a shell nor what npm puts on the path. */
    private static final Pattern PLAIN_NODE = Pattern.compile("node( [A-Za-z0-9_./=:@-]+)+");

    @Override
    public String looksFor() {
        return "package.json with a start script or main file, or server.js, index.js or app.js";
    }

    @Override
    public Finding examine(SourceFiles files) throws IOException {
        return files.hasFile(PACKAGE) ? described(files) : bare(files);
    }

    /** Pages have scripts too: beside an index page only server.js is taken for a program. */
    private static Finding bare(SourceFiles files) {
        return USUAL.stream()
                .filter(files::hasFile)
                .filter(name -> name.startsWith("server.") || !files.hasFile("index.html"))
                .findFirst()
                .<Finding>map(name -> found(name, "node " + name))
                .orElseGet(Finding::nothing);
    }

    private static Finding described(SourceFiles files) throws IOException {
        JsonNode description;
        try {
            description = Json.tree(files.text(PACKAGE).getBytes(StandardCharsets.UTF_8));
        } catch (JacksonException fault) {
            return new Finding.Faulty(Problem.of(ErrorCode.DETECTION_FAILED, "package.json is not JSON.")
                    .expected("a JSON object", fault.getOriginalMessage())
                    .remedy("Mend package.json and push again."));
        }
        Finding finding = command(files, description)
                .<Finding>map(command -> found(PACKAGE, command))
                .orElseGet(() -> files.hasFile("index.html") || files.hasFolder("public")
                        ? Finding.nothing()
                        : new Finding.NearMiss("package.json has neither a start script nor a main file that exists"));
        return finding instanceof Finding.Found(Plan plan) ? warned(plan, files, description) : finding;
    }

    private static Optional<String> command(SourceFiles files, JsonNode description) {
        JsonNode scripts = description.path("scripts");
        String start = scripts.path("start").asString("").strip();
        if (!start.isEmpty()) {
            boolean plain = PLAIN_NODE.matcher(start).matches() && !scripts.has("prestart");
            return Optional.of(plain ? start : "npm start");
        }
        String main = description.path("main").asString("").strip().replaceFirst("^\\./", "");
        return Stream.concat(Stream.of(main, main + ".js", main + "/index.js"), USUAL.stream())
                .filter(files::hasFile)
                .findFirst()
                .map(name -> "node " + Shell.file(name));
    }

    private static Finding found(String by, String command) {
        return new Finding.Found(Plan.of("node", "Node, by " + by, command).withEnvironment("NODE_ENV", "production"));
    }

    private static Finding warned(Plan plan, SourceFiles files, JsonNode description) {
        int wanted = description.path("dependencies").size();
        Plan checked = wanted > 0 && !files.hasFolder("node_modules")
                ? plan.withWarning("package.json names " + wanted
                        + " dependencies, but node_modules is not in the package, and Holt does not install them yet."
                        + " Run 'npm install --omit=dev' and push with node_modules, or the program will not start.")
                : plan;
        return new Finding.Found(missingMain(checked, files));
    }

    private static Plan missingMain(Plan plan, SourceFiles files) {
        Matcher script = Pattern.compile("node ([^ -][^ ]*)").matcher(plan.webCommand());
        if (script.lookingAt()) {
            String name = script.group(1).replaceFirst("^\\./", "");
            boolean there = Stream.of(name, name + ".js", name + "/index.js").anyMatch(files::hasFile);
            return there || name.startsWith("'")
                    ? plan
                    : plan.withWarning("The start script runs '" + name + "', which is not in the package.");
        }
        return plan;
    }
}
