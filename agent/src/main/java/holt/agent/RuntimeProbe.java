package holt.agent;

import holt.model.Json;
import holt.model.Limits;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/** Finds out which container runtime works on this host, by running a container with each. Used once, at the start. */
final class RuntimeProbe {
    private static final Limits LIMITS = new Limits(64L << 20, 0, 64);

    private final AgentSettings settings;
    private final Path folder;
    private final SystemRoot system;
    private final Cgroups cgroups;
    private final List<String> reasons = new ArrayList<>();

    RuntimeProbe(AgentSettings settings, Path folder, SystemRoot system, Cgroups cgroups) {
        this.settings = settings;
        this.folder = folder;
        this.system = system;
        this.cgroups = cgroups;
    }

    /** The first runtime that works; empty where none does, {@link #reasons} tells why. */
    Optional<ContainerRuntime> find() throws IOException {
        for (String name : settings.runtimes()) {
            Optional<Path> program = Tool.find(name);
            if (program.isEmpty()) {
                reasons.add(name + " is not installed");
                continue;
            }
            Optional<ContainerRuntime> works = attempt(name, program.get());
            if (works.isPresent()) {
                return works;
            }
        }
        return Optional.empty();
    }

    /** Why runtimes were passed over, for people. */
    List<String> reasons() {
        return List.copyOf(reasons);
    }

    private Optional<ContainerRuntime> attempt(String name, Path program) throws IOException {
        List<String> command = new ArrayList<>(settings.runtimePrefix());
        command.add(program.toString());
        String first = "";
        for (boolean overlay : List.of(true, false)) {
            for (boolean swapLimit : List.of(true, false)) {
                String fault = trial(command, overlay, swapLimit);
                if (fault.isEmpty()) {
                    List<String> notes = new ArrayList<>(reasons);
                    if (!overlay) {
                        notes.add("no overlays here, each instance gets a copy of its files (" + first + ")");
                    }
                    if (!swapLimit) {
                        notes.add("swap cannot be limited here (" + first + ")");
                    }
                    return Optional.of(
                            new ContainerRuntime(command, description(command, name), overlay, swapLimit, notes));
                }
                first = first.isEmpty() ? fault : first;
            }
        }
        reasons.add(name + " does not work here: " + first);
        return Optional.empty();
    }

    /** Runs {@code true} in a container; empty when it worked, else what was said. */
    private String trial(List<String> command, boolean overlay, boolean swapLimit) throws IOException {
        Folders.delete(folder);
        Folders.createPrivate(folder);
        for (String each : List.of("lower", "upper", "work")) {
            Files.createDirectory(folder.resolve(each));
        }
        InstanceKey key = new InstanceKey(0, 0);
        OciBundle.Container container = new OciBundle.Container(
                List.of("/bin/sh", "-c", "true"),
                Map.of("PATH", "/usr/bin:/bin"),
                key.uid(),
                "probe",
                cgroups.path(key),
                LIMITS,
                null,
                overlay ? folder.resolve("lower") : null,
                folder,
                null,
                Map.of(),
                swapLimit,
                HostLimits.find(settings.home(), cgroups));
        Files.write(folder.resolve("config.json"), Json.bytes(OciBundle.configuration(container, system)));
        List<String> line = new ArrayList<>(command);
        line.addAll(
                List.of("--root", folder.resolve("state").toString(), "run", "--bundle", folder.toString(), "probe"));
        Tool.Result result = Tool.run(line, "");
        cgroups.kill(key);
        cgroups.remove(key);
        Folders.delete(folder);
        return result.succeeded()
                ? ""
                : "status " + result.status() + ", "
                        + result.output().replace('\n', ' ').strip();
    }

    private static String description(List<String> command, String name) throws IOException {
        List<String> line = new ArrayList<>(command);
        line.add("--version");
        String[] words = Tool.run(line, "").output().split("\\s+");
        return words.length > 2 ? name + " " + words[2] : name;
    }
}
