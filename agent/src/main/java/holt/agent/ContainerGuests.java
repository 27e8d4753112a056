package holt.agent;

import holt.model.AccessApi;
import holt.model.Json;
import java.io.File;
import java.io.IOException;
import java.lang.ProcessBuilder.Redirect;
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
 */
record ContainerGuests(List<String> runtime, Path folder, Cgroups cgroups) {

    /**
     * Begins one.
     *
     * @param own the process of the container's configuration (OCI runtime specification 1.0.2)
     */
    Guest start(Guest.Wish wish, Map<String, Object> own) throws IOException {
        InstanceKey key = wish.start().folder().key();
        Path specification = file(wish, "json");
        Path pid = file(wish, "pid");
        Path console = file(wish, "tty");
        AtomicInteger main = new AtomicInteger();
        Guest.Members members = session -> members(key, Set.of(session, main.get()), wish.markVariable());
        List<String> line = new ArrayList<>(List.of("setsid"));
        line.addAll(runtime);
        line.addAll(List.of("exec", "--process", specification.toString(), "--pid-file", pid.toString()));
        AccessApi.Window window = wish.window();
        try {
            write(specification, Json.bytes(process(wish, own)));
            Guest guest = window == null ? plain(line, key, members) : onTerminal(line, key, console, members, window);
            main.set(guest.awaitBegin(pid));
            return guest;
        } finally {
            Files.deleteIfExists(specification);
            Files.deleteIfExists(pid);
            Files.deleteIfExists(console);
        }
    }

    private Path file(Guest.Wish wish, String kind) {
        return folder.resolve("x" + wish.mark().substring(0, 12) + "." + kind);
    }

    private static Guest plain(List<String> line, InstanceKey key, Guest.Members members) throws IOException {
        line.add(key.toString());
        return Guest.start(new ProcessBuilder(line), members);
    }

    private static Guest onTerminal(
            List<String> line, InstanceKey key, Path console, Guest.Members members, AccessApi.Window window)
            throws IOException {
        int listening = NativeTerminal.listen(console);
        line.addAll(List.of("--console-socket", console.toString(), key.toString()));
        Path complaints = Files.createTempFile(console.getParent(), "x", ".log");
        try {
            Process front = new ProcessBuilder(line)
                    .redirectInput(new File("/dev/null"))
                    .redirectOutput(Redirect.DISCARD)
                    .redirectError(complaints.toFile())
                    .start();
            try {
                PseudoTerminal terminal = PseudoTerminal.receive(listening, front::isAlive);
                terminal.resize(window.columns(), window.rows());
                return Guest.onTerminal(front, members, terminal);
            } catch (IOException fault) {
                front.destroyForcibly();
                String said = Files.readString(complaints).strip();
                throw said.isEmpty() ? fault : new IOException(said, fault);
            }
        } finally {
            Files.delete(complaints);
            Native.close(listening);
        }
    }

    private static Map<String, Object> process(Guest.Wish wish, Map<String, Object> own) {
        Map<String, Object> process = new LinkedHashMap<>(own);
        List<String> arguments = new ArrayList<>(List.of("/bin/sh", "-c", Guest.LAUNCH, "holt"));
        String home = String.valueOf(own.get("cwd"));
        arguments.add(wish.directory().isEmpty() ? home : wish.directory());
        arguments.addAll(wish.command());
        process.put("args", arguments);
        process.put("env", environment(own, wish));
        process.put("terminal", wish.window() != null);
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
    private Collection<Integer> members(InstanceKey key, Set<Integer> sessions, String mark) throws IOException {
        List<Integer> members = new ArrayList<>();
        for (int pid : cgroups.processes(key)) {
            if (sessions.contains(Sessions.session(pid)) || Sessions.isMarked(pid, mark)) {
                members.add(pid);
            }
        }
        return members;
    }

    /** Ends what is left of a guest of an earlier agent. */
    void endMarked(InstanceKey key, String mark) throws IOException {
        for (int pid : cgroups.processes(key)) {
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
