package holt.model;

import java.util.List;

/**
 * What was declared of a process when it was forked. Children of one fork share it.
 *
 * @param restart whether it is started again after it ended by itself
 * @param detached whether it outlives its parent: then the group's root becomes its parent
 * @param arguments of its program, after the release's command; none for the command as it is
 * @param key tells a repeated fork from another one; empty where the caller does not repeat
 */
public record Fork(RestartPolicy restart, boolean detached, List<String> arguments, String key) {
    public Fork {
        arguments = List.copyOf(arguments);
    }

    /** The same, to outlive its parent. */
    public Fork detach() {
        return new Fork(restart, true, arguments, key);
    }
}
