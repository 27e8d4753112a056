package holt.agent;

import holt.model.ProcessSpec;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** One start of one process: what makes commands repeatable, and the name of its folder, container and cgroup. */
public record InstanceKey(long pid, int incarnation) {
    private static final Pattern SHAPE = Pattern.compile("(\\d{1,18})\\.(\\d{1,9})");

    /** The key of the start that is asked for. */
    public static InstanceKey of(ProcessSpec spec) {
        return new InstanceKey(spec.pid(), spec.incarnation());
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
        return 200_000 + (int) (pid % 60_000);
    }

    @Override
    public String toString() {
        return pid + "." + incarnation;
    }
}
