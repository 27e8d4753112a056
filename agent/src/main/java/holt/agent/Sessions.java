package holt.agent;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.OptionalInt;

/** Finds and ends processes by the session their shim leads, or by a mark in their environment. Stateless; any thread. */
final class Sessions {
    /** Places in {@link #fields}. */
    static final int USER_TIME_FIELD = 11;

    static final int SYSTEM_TIME_FIELD = 12;
    static final int RESIDENT_FIELD = 21;
    private static final int PARENT_FIELD = 1;
    private static final int SESSION_FIELD = 3;
    private static final boolean KERNEL_LISTS_CHILDREN = Files.exists(Path.of("/proc/thread-self/children"));

    private Sessions() {}

    /** Sends SIGKILL to all in the shim's session but the shim. */
    static void killOthers(OptionalInt shim) throws IOException {
        if (shim.isPresent()) {
            for (int pid : members(shim.getAsInt())) {
                if (pid != shim.getAsInt()) {
                    signal(pid, Native.SIGKILL);
                }
            }
        }
    }

    /** Sends a signal to a process that may be gone. */
    static void signal(int pid, int signal) throws IOException {
        try {
            Native.kill(pid, signal);
        } catch (Native.CallFailed failure) {
            if (failure.errorNumber() != Native.ESRCH) {
                throw failure;
            }
        }
    }

    /** The processes of a session. */
    static List<Integer> members(int session) throws IOException {
        List<Integer> found = new ArrayList<>();
        for (int pid : all()) {
            if (session(pid) == session) {
                found.add(pid);
            }
        }
        return found;
    }

    /** The children of a process with one thread. */
    static List<Integer> children(int pid) throws IOException {
        if (KERNEL_LISTS_CHILDREN) {
            String text = text(pid, "task/" + pid + "/children").strip();
            return text.isEmpty()
                    ? List.of()
                    : Arrays.stream(text.split(" ")).map(Integer::valueOf).toList();
        }
        String parent = Integer.toString(pid);
        return all().stream()
                .filter(each -> {
                    String[] fields = fields(each);
                    return fields.length > PARENT_FIELD && fields[PARENT_FIELD].equals(parent);
                })
                .toList();
    }

    /** The processes that were given this variable and that we may look into. */
    static List<Integer> marked(String variable) throws IOException {
        List<Integer> found = new ArrayList<>();
        for (int pid : all()) {
            if (isMarked(pid, variable)) {
                found.add(pid);
            }
        }
        return found;
    }

    /** Whether a process was given this variable. */
    static boolean isMarked(int pid, String variable) {
        return ("\0" + text(pid, "environ")).contains("\0" + variable + "\0");
    }

    private static List<Integer> all() throws IOException {
        return Folders.list(Path.of("/proc")).stream()
                .map(each -> String.valueOf(each.getFileName()))
                .filter(name -> name.chars().allMatch(Character::isDigit))
                .map(Integer::valueOf)
                .toList();
    }

    /** Whether a process is gone, or waits only to be looked at by its parent. */
    static boolean hasEnded(int pid) {
        String[] fields = fields(pid);
        return fields.length == 0 || fields[0].equals("Z");
    }

    /** The session of a process; -1 for one that is gone. */
    static int session(int pid) {
        String[] fields = fields(pid);
        return fields.length > SESSION_FIELD ? Integer.parseInt(fields[SESSION_FIELD]) : -1;
    }

    /** What the kernel tells of a process after its name in brackets; nothing for one that is gone. */
    static String[] fields(int pid) {
        String stat = text(pid, "stat");
        return stat.isEmpty()
                ? new String[0]
                : stat.substring(stat.lastIndexOf(')') + 2).split(" ");
    }

    /** Empty for a process that is gone or not ours to look into. */
    static String text(int pid, String name) {
        try {
            return Files.readString(Path.of("/proc", Integer.toString(pid), name), StandardCharsets.ISO_8859_1);
        } catch (IOException gone) {
            return "";
        }
    }
}
