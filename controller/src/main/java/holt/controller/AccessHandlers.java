package holt.controller;

import holt.identity.Seal;
import holt.kernel.AppStatus;
import holt.kernel.ProcessStatus;
import holt.model.AccessApi;
import holt.model.AgentRequest;
import holt.model.AppCommand;
import holt.model.ErrorCode;
import holt.model.Event;
import holt.model.Problem;
import holt.model.ProblemException;
import holt.model.Process;
import holt.model.ProcessState;
import java.io.IOException;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;

/**
 * Lets people into instances: checks what is asked, begins a session at the agent, writes down that it began, and only then
 * upgrades the connection. Who may is decided before, as for all routes.
 */
final class AccessHandlers {
    private static final int LONGEST_FACT = 200;
    private static final String VARIABLE = "[A-Za-z_][A-Za-z0-9_]*";

    private final ControlLoop loop;
    private final AccessSessions sessions;
    private final Seal seal;
    private final ForwardNotes forwards;

    AccessHandlers(ControlLoop loop, AccessSessions sessions, Seal seal, ForwardNotes forwards) {
        this.loop = loop;
        this.sessions = sessions;
        this.seal = seal;
        this.forwards = forwards;
    }

    void exec(Call call) throws IOException {
        AccessApi.Exec body = call.body(AccessApi.Exec.class);
        List<String> command = command(body.command());
        Map<String, String> variables = variables(body.environment());
        AccessApi.Window window = window(body.terminal());
        String directory = path("directory", body.directory() == null ? "" : body.directory());
        boolean input = Boolean.TRUE.equals(body.input());
        Process process = process(call.app(), body.instance());
        AgentRequest.Run run = run(command, with(variables, window), directory, input, window);
        String word = printable(command.getFirst());
        String what = "Command " + word + " was run in " + place(process);
        enter(call, process, run, note(call, process, Event.ACCESS_EXEC, what, "command", word));
    }

    void shell(Call call) throws IOException {
        AccessApi.Shell body = call.body(AccessApi.Shell.class);
        AccessApi.Window window = window(required(body.terminal(), "terminal"));
        List<String> command = body.command() == null ? CopyScripts.SHELL : command(body.command());
        String word = body.command() == null ? "shell" : printable(command.getFirst());
        Process process = process(call.app(), body.instance());
        AgentRequest.Run run = run(command, with(Map.of(), window), "", true, window);
        String what =
                (body.command() == null ? "A shell" : "A terminal for " + word) + " was opened in " + place(process);
        enter(call, process, run, note(call, process, Event.ACCESS_SHELL, what, "command", word));
    }

    void copy(Call call) throws IOException {
        AccessApi.Copy body = call.body(AccessApi.Copy.class);
        String path = path("path", required(body.path(), "path"));
        if (path.isEmpty()) {
            throw invalid("path", "a file or folder of the instance, '.' for its own folder", "nothing");
        }
        List<String> command = switch (required(body.direction(), "direction")) {
            case "out" -> CopyScripts.out(path);
            case "in" -> CopyScripts.in(path, name(body.name()), Boolean.TRUE.equals(body.folder()));
            default -> throw invalid("direction", "in or out", String.valueOf(body.direction()));
        };
        Process process = process(call.app(), body.instance());
        String word = printable(path);
        String what =
                "'" + word + "' was copied " + ("in".equals(body.direction()) ? "into " : "out of ") + place(process);
        AgentRequest.Run run = run(command, Map.of(), "", true, null);
        enter(call, process, run, note(call, process, Event.ACCESS_COPY, what, "path", word));
    }

    void forward(Call call) throws IOException {
        AccessApi.Forward body = call.body(AccessApi.Forward.class);
        int port = required(body.port(), "port");
        if (port < 1 || port > 65_535) {
            throw invalid("port", "1 to 65535", Integer.toString(port));
        }
        Process process = process(call.app(), body.instance());
        String what = "Port " + port + " of " + place(process) + " was reached";
        AppCommand.NoteAccess note = note(call, process, Event.ACCESS_FORWARD, what, "port", Integer.toString(port));
        call.requireUpgrade(AccessApi.PROTOCOL);
        sessions.open(call, process, new AgentRequest.Connect(port), () -> {
            if (!forwards.isKnown(call.subject().tokenId(), process, port)) {
                loop.command(note);
            }
        });
    }

    private void enter(Call call, Process process, AgentRequest.Errand errand, AppCommand.NoteAccess note) {
        call.requireUpgrade(AccessApi.PROTOCOL);
        sessions.open(call, process, errand, () -> loop.command(note));
    }

    private static <T> T required(@Nullable T value, String name) {
        if (value == null) {
            throw Problem.of(ErrorCode.BODY_INVALID, "The body has no '" + name + "'.")
                    .expected("the field " + name, "nothing")
                    .exception();
        }
        return value;
    }

    private AgentRequest.Run run(
            List<String> command,
            Map<String, String> variables,
            String directory,
            boolean input,
            AccessApi.@Nullable Window window) {
        return new AgentRequest.Run(command, seal.sealEnvironment(variables), directory, input, window);
    }

    private static AppCommand.NoteAccess note(
            Call call, Process process, String kind, String what, String fact, String value) {
        Map<String, String> data =
                Map.of(fact, value, "pid", Long.toString(process.pid()), "index", Integer.toString(process.index()));
        return new AppCommand.NoteAccess(process.app(), kind, what, data, call.actor());
    }

    private static String place(Process process) {
        return process.app() + "/" + process.index();
    }

    private static String printable(String text) {
        String shown = text.length() > LONGEST_FACT ? text.substring(0, LONGEST_FACT) + "..." : text;
        return shown.replaceAll("\\p{Cntrl}", "?");
    }

    /** The instance that is named, or the first one that runs. */
    private Process process(String name, @Nullable Integer index) {
        AppStatus app = AppHandlers.known(loop.view(), name);
        if (index != null) {
            Process found = app.instance(index)
                    .map(ProcessStatus::process)
                    .orElseThrow(() -> noInstance(name, "no instance " + index));
            if (!runs(found)) {
                throw Problem.of(
                                ErrorCode.PROCESS_NOT_RUNNING,
                                "Instance " + index + " of the app '" + name + "' does not run.")
                        .expected("one that runs", found.state().name().toLowerCase(java.util.Locale.ROOT))
                        .remedy("'holt app " + name + "' shows its instances.")
                        .exception();
            }
            return found;
        }
        Optional<Process> first = app.processes().stream()
                .map(ProcessStatus::process)
                .filter(AccessHandlers::runs)
                .min(Comparator.comparingInt(Process::index));
        return first.orElseThrow(() -> noInstance(name, "no instance that runs"));
    }

    private static boolean runs(Process process) {
        return process.host() != null
                && (process.state() == ProcessState.RUNNING || process.state() == ProcessState.STARTING);
    }

    private static ProblemException noInstance(String app, String what) {
        return Problem.of(ErrorCode.INSTANCE_NOT_FOUND, "The app '" + app + "' has " + what + ".")
                .remedy("'holt app " + app + "' shows its instances.")
                .exception();
    }

    private static List<String> command(@Nullable List<String> given) {
        if (given == null || given.isEmpty() || given.getFirst().isEmpty()) {
            throw invalid("command", "a program and its arguments", "nothing");
        }
        int characters = given.stream().mapToInt(String::length).sum();
        if (given.size() > AccessApi.MAX_WORDS || characters > AccessApi.MAX_TEXT) {
            throw invalid(
                    "command",
                    "at most " + AccessApi.MAX_WORDS + " words and " + AccessApi.MAX_TEXT + " characters",
                    given.size() + " words, " + characters + " characters");
        }
        given.forEach(word -> withoutNul("command", word));
        return given;
    }

    private static Map<String, String> variables(@Nullable Map<String, String> given) {
        Map<String, String> variables = given == null ? Map.of() : given;
        int characters = variables.values().stream().mapToInt(String::length).sum();
        if (variables.size() > AccessApi.MAX_WORDS || characters > AccessApi.MAX_TEXT) {
            throw invalid("environment", "at most " + AccessApi.MAX_TEXT + " characters", characters + "");
        }
        variables.forEach((name, value) -> {
            if (!name.matches(VARIABLE)) {
                throw Problem.of(ErrorCode.ENVIRONMENT_INVALID, "The variable cannot have this name.")
                        .expected("letters, digits and _, no digit first", Call.printable(name))
                        .exception();
            }
            withoutNul("environment", value);
        });
        return variables;
    }

    private static void withoutNul(String field, String text) {
        if (text.indexOf('\0') >= 0) {
            throw invalid(field, "text without the character NUL", Call.printable(text));
        }
    }

    private static Map<String, String> with(Map<String, String> variables, AccessApi.@Nullable Window window) {
        String type = window == null ? null : window.type();
        if (type == null || variables.containsKey("TERM")) {
            return variables;
        }
        Map<String, String> more = new TreeMap<>(variables);
        more.put("TERM", type);
        return more;
    }

    private static AccessApi.@Nullable Window window(AccessApi.@Nullable Window given) {
        if (given == null) {
            return null;
        }
        String type = given.type();
        boolean sized = given.columns() >= 1 && given.columns() <= 9999 && given.rows() >= 1 && given.rows() <= 9999;
        if (!sized || (type != null && !type.matches("[A-Za-z0-9][A-Za-z0-9._+-]{0,63}"))) {
            throw invalid(
                    "terminal",
                    "1 to 9999 columns and rows, and a type such as xterm",
                    given.columns() + " x " + given.rows() + ", " + Call.printable(String.valueOf(type)));
        }
        return given;
    }

    private static String path(String field, String given) {
        if (given.length() > AccessApi.MAX_PATH || given.chars().anyMatch(c -> c < 0x20)) {
            throw invalid(
                    field, "at most " + AccessApi.MAX_PATH + " characters, none of them a control character", given);
        }
        return given;
    }

    private static String name(@Nullable String given) {
        String name = required(given, "name");
        boolean plain = !name.isEmpty() && !name.equals(".") && !name.equals("..") && name.indexOf('/') < 0;
        if (!plain || name.length() > 255 || name.chars().anyMatch(c -> c < 0x20)) {
            throw invalid("name", "the name of one file, without '/'", name);
        }
        return name;
    }

    private static ProblemException invalid(String field, String expected, String found) {
        return Problem.of(ErrorCode.PARAMETER_INVALID, "The value of '" + field + "' cannot be used.")
                .expected(expected, Call.printable(found))
                .exception();
    }
}
