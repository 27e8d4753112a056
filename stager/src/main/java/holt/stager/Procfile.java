package holt.stager;

import holt.model.ErrorCode;
import holt.model.Problem;
import java.io.IOException;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** A file that says how to run everything: lines of {@code name: command}. */
final class Procfile implements Rule {
    private static final Pattern LINE = Pattern.compile("([^:]*):(.*)");
    private static final Pattern NAME = Pattern.compile("[A-Za-z0-9][A-Za-z0-9_-]{0,39}");
    private static final int MAX_FAULTS = 5;

    @Override
    public String looksFor() {
        return "a Procfile with a line 'web: COMMAND'";
    }

    @Override
    public Finding examine(SourceFiles files) throws IOException {
        if (files.hasFile("Procfile")) {
            return parse(files.text("Procfile"));
        }
        return files.topFiles().stream()
                .filter(name -> name.equalsIgnoreCase("Procfile") || name.equalsIgnoreCase("Procfile.txt"))
                .findFirst()
                .<Finding>map(name -> new Finding.NearMiss("the file '" + name + "' must be called 'Procfile'"))
                .orElseGet(Finding::nothing);
    }

    /** Reads the text of a Procfile. */
    static Finding parse(String text) {
        Map<String, String> types = new LinkedHashMap<>();
        List<String> faults = new ArrayList<>();
        List<String> lines = text.lines().toList();
        for (int number = 1; number <= lines.size(); number++) {
            String fault = read(lines.get(number - 1).strip(), types);
            if (!fault.isEmpty()) {
                faults.add("line " + number + " " + fault);
            }
        }
        return faults.isEmpty() ? choose(types) : new Finding.Faulty(faulty(faults));
    }

    /** Takes up one line; returns what is wrong with it, or nothing. */
    private static String read(String line, Map<String, String> types) {
        if (line.isEmpty() || line.startsWith("#")) {
            return "";
        }
        Matcher matcher = LINE.matcher(line);
        if (!matcher.matches()) {
            return "has no ':' ('" + printable(line) + "')";
        }
        String name = matcher.group(1).strip();
        String command = matcher.group(2).strip();
        if (!NAME.matcher(name).matches()) {
            return "names the process type '" + printable(name)
                    + "', which is not 1 to 40 letters, digits, '-' and '_'";
        }
        if (command.isEmpty()) {
            return "has no command after '" + name + ":'";
        }
        return types.putIfAbsent(name, command) == null ? "" : "names the process type '" + name + "' a second time";
    }

    private static Finding choose(Map<String, String> types) {
        if (types.isEmpty()) {
            return new Finding.Faulty(faulty(List.of("it names no process type")));
        }
        String web = types.get("web");
        if (web == null && types.size() > 1) {
            return new Finding.Faulty(
                    faulty(List.of("it names " + String.join(", ", types.keySet()) + ", and none of them is 'web'")));
        }
        String type = web == null ? types.keySet().iterator().next() : "web";
        String command = web == null ? types.values().iterator().next() : web;
        types.put("web", command);
        return new Finding.Found(new Plan(
                "procfile", "process type '" + type + "' of the Procfile", command, types, Map.of(), false, List.of()));
    }

    private static Problem faulty(List<String> faults) {
        String told = String.join("; ", faults.subList(0, Math.min(faults.size(), MAX_FAULTS)));
        int more = faults.size() - MAX_FAULTS;
        return Problem.of(
                        ErrorCode.DETECTION_FAILED,
                        "The Procfile cannot be used: " + told + (more > 0 ? "; and " + more + " more" : "") + ".")
                .expected("lines like 'web: ./server --port $PORT'", null)
                .remedy("Mend the Procfile and push again.");
    }

    private static String printable(String text) {
        String shown = text.length() > 60 ? text.substring(0, 60) + "..." : text;
        return shown.replaceAll("\\p{Cntrl}", "?");
    }
}
