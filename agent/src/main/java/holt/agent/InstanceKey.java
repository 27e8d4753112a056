package holt.agent;

import holt.model.ProcessSpec;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** One start of one process: what makes commands repeatable, and the name of its folder, container and cgroup. */
public record InstanceKey(long pid, int incarnation) {
    private static final long FIRST_PREPARED = 900_000_000_000_000_000L;
    private static final int FIRST_USER = 200_000;
    private static final int USERS = 60_000;
    private static final int PREPARED_USERS = 5_000;
    private static final Pattern SHAPE = Pattern.compile("(\\d{1,18})\\.(\\d{1,9})");

    /** The key of the start that is asked for. */
    public static InstanceKey of(ProcessSpec spec) {
        return new InstanceKey(spec.pid(), spec.incarnation());
    }

    /** Names a container that is made before it is known for which start; no process has such a pid. */
    static InstanceKey prepared(long number) {
        return new InstanceKey(FIRST_PREPARED + number, 0);
    }

    /** Which of the prepared containers it is; -1 for none of them. */
    long preparedNumber() {
        return pid < FIRST_PREPARED ? -1 : pid - FIRST_PREPARED;
    }

    /** The key of that name; empty for names of another shape. */
    static Optional<InstanceKey> parse(String name) {
        Matcher matcher = SHAPE.matcher(name);
        return matcher.matches()
                ? Optional.of(new InstanceKey(Long.parseLong(matcher.group(1)), Integer.parseInt(matcher.group(2))))
                : Optional.empty();
    }

    /** The unprivileged user the instance runs as. */
    int uid() {
        return preparedNumber() < 0
                ? FIRST_USER + (int) (pid % USERS)
                : FIRST_USER + USERS + (int) (preparedNumber() % PREPARED_USERS);
    }

    @Override
    public String toString() {
        return pid + "." + incarnation;
    }
}
