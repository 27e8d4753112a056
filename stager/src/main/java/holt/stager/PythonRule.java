package holt.stager;

import java.io.IOException;
import java.util.List;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** A program for Python. */
final class PythonRule implements Rule {
    private static final List<String> USUAL = List.of("app.py", "main.py", "server.py", "wsgi.py");
    private static final List<String> SIGNS = List.of("requirements.txt", "Pipfile", "pyproject.toml", "setup.py");

    /** Where {@code pip install -t} is told to put libraries, so that Python finds them without anything installed. */
    private static final String LIBRARIES = "vendor";

    private static final Pattern WSGI_NAME = Pattern.compile("^(app|application)\\s*=", Pattern.MULTILINE);
    private static final Pattern REQUIREMENT = Pattern.compile("^\\s*[A-Za-z0-9]", Pattern.MULTILINE);
    private static final Pattern GUNICORN = Pattern.compile("^\\s*gunicorn\\b", Pattern.MULTILINE);

    @Override
    public String looksFor() {
        return "app.py, main.py, server.py, wsgi.py or manage.py";
    }

    @Override
    public Finding examine(SourceFiles files) throws IOException {
        String requirements = files.hasFile("requirements.txt") ? files.text("requirements.txt") : "";
        Optional<String> program = USUAL.stream().filter(files::hasFile).findFirst();
        if (files.hasFile("manage.py")) {
            return found(files, requirements, "manage.py", "python3 manage.py runserver 0.0.0.0:$PORT --noreload");
        }
        if (program.isPresent()) {
            String name = program.get();
            return found(files, requirements, name, command(files, requirements, name));
        }
        return SIGNS.stream()
                .filter(files::hasFile)
                .findFirst()
                .<Finding>map(sign -> new Finding.NearMiss(
                        "there is a " + sign + ", but none of app.py, main.py, server.py, wsgi.py and manage.py"))
                .orElseGet(Finding::nothing);
    }

    private static String command(SourceFiles files, String requirements, String name) throws IOException {
        Matcher wsgi = WSGI_NAME.matcher(files.text(name));
        if (GUNICORN.matcher(requirements).find() && wsgi.find()) {
            String module = name.substring(0, name.length() - ".py".length());
            return "python3 -m gunicorn --bind 0.0.0.0:$PORT " + module + ":" + wsgi.group(1);
        }
        return "python3 " + name;
    }

    private static Finding found(SourceFiles files, String requirements, String by, String command) {
        Plan plan = Plan.of("python", "Python, by " + by, command).withEnvironment("PYTHONUNBUFFERED", "1");
        if (files.hasFolder(LIBRARIES)) {
            plan = plan.withEnvironment("PYTHONPATH", LIBRARIES);
        } else if (REQUIREMENT.matcher(requirements).find() || files.hasFile("Pipfile")) {
            String list = files.hasFile("requirements.txt") ? "requirements.txt" : "Pipfile";
            plan = plan.withWarning(list + " names libraries, but there is no folder '" + LIBRARIES
                    + "' in the package, and Holt does not install them yet. Run 'pip install -r requirements.txt -t "
                    + LIBRARIES + "' and push with that folder, or the program may not start.");
        }
        return new Finding.Found(plan);
    }
}
