package holt.agent;

import holt.model.AccessApi;
import holt.model.Json;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.ArrayList;
import java.util.Collection;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.concurrent.atomic.AtomicInteger;

/**
 * Begins programs inside containers that run, by the runtime's {@code exec}: in the same namespaces, cgroup and user, with
 * the same seccomp profile and no more capabilities. Stateless; any thread.
 *
 * @param runtime the runtime's command with its own options
 * @param folder in memory and private, for what the runtime has to read: variables are on no command line and on no disk
 * @param container name of the container the instance is in
 */
record ContainerGuests(List<String> runtime, Path folder, Cgroups cgroups, InstanceKey container) {

    /**
     * Begins one.
     *
     * @param own the process of the container's configuration (OCI runtime specification 1.0.2)
     * @param shell words that call a shell inside
     */
    Guest start(Guest.Wish wish, Map<String, Object> own, List<String> shell) throws IOException {
        Path specification = file(wish, "json");
        Path pid = file(wish, "pid");
        AtomicInteger begun = new AtomicInteger(); // some runtimes make a session for the program before they begin it
        Guest.Members members = session -> members(Set.copyOf(List.of(session, begun.get())), wish.markVariable());
        List<String> line = new ArrayList<>(runtime);
        line.addAll(List.of(
                "exec", "--process", specification.toString(), "--pid-file", pid.toString(), container.toString()));
        try {
            write(specification, Json.bytes(process(wish, own, shell)));
            Guest guest = Guest.start(new ProcessBuilder(line), members, wish.window(), -1);
            begun.set(Math.max(0, Sessions.session(guest.awaitBegin(pid))));
            return guest;
        } finally {
            Files.deleteIfExists(specification);
            Files.deleteIfExists(pid);
        }
    }

    private Path file(Guest.Wish wish, String kind) {
        return folder.resolve("x" + wish.mark().substring(0, 12) + "." + kind);
    }

    private static Map<String, Object> process(Guest.Wish wish, Map<String, Object> own, List<String> shell) {
        Map<String, Object> process = new LinkedHashMap<>(own);
        List<String> arguments = new ArrayList<>(shell);
        arguments.addAll(List.of("-c", Guest.LAUNCH, "holt"));
        String home = String.valueOf(own.get("cwd"));
        arguments.add(wish.directory().isEmpty() ? home : wish.directory());
        arguments.addAll(wish.command());
        process.put("args", arguments);
        process.put("env", environment(own, wish));
        AccessApi.Window window = wish.window();
        process.put("terminal", window != null);
        if (window != null) {
            process.put("consoleSize", Map.of("height", window.rows(), "width", window.columns()));
        }
        return process;
    }

    private static List<String> environment(Map<String, Object> own, Guest.Wish wish) {
        Map<String, String> variables = new TreeMap<>();
        if (own.get("env") instanceof List<?> inherited) {
            for (Object each : inherited) {
                String[] parts = String.valueOf(each).split("=", 2);
                variables.put(parts[0], parts.length > 1 ? parts[1] : "");
            }
        }
        variables.putAll(wish.environment());
        variables.put(Guest.MARK, wish.mark());
        List<String> environment = new ArrayList<>();
        variables.forEach((name, value) -> environment.add(name + "=" + value));
        return environment;
    }

    /** Those in its sessions and those that carry its mark, the runtime aside: only what is in the container. */
    private Collection<Integer> members(Set<Integer> sessions, String mark) throws IOException {
        List<Integer> members = new ArrayList<>();
        for (int pid : cgroups.processes(container)) {
            if (sessions.contains(Sessions.session(pid)) || Sessions.isMarked(pid, mark)) {
                members.add(pid);
            }
        }
        return members;
    }

    /** Ends what is left of a guest of an earlier agent. */
    void endMarked(String mark) throws IOException {
        for (int pid : cgroups.processes(container)) {
            if (Sessions.isMarked(pid, Guest.MARK + "=" + mark)) {
                Sessions.signal(pid, Native.SIGKILL);
            }
        }
    }

    private static void write(Path file, byte[] content) throws IOException {
        try (var channel = Files.newByteChannel(
                file,
                Set.of(StandardOpenOption.CREATE_NEW, StandardOpenOption.WRITE),
                PosixFilePermissions.asFileAttribute(PosixFilePermissions.fromString("rw-------")))) {
            channel.write(java.nio.ByteBuffer.wrap(content));
        }
    }
}
