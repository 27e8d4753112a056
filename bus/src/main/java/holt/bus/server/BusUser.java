package holt.bus.server;

import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * One who may use the bus.
 *
 * @param name the user's name, or the public nkey ({@code U...}) of one who signs
 * @param password plain, or a bcrypt hash ({@code $2a$...}); null for one who signs with an nkey
 * @param permissions what may be said and heard
 */
public record BusUser(String name, @Nullable String password, Permissions permissions) {

    /**
     * Subjects a user may publish to and subscribe to.
     *
     * @param publish subjects of messages
     * @param subscribe subjects of subscriptions; an entry {@code "subject queue"} is about that queue
     * @param responses leave to answer requests where publishing is not allowed otherwise; null for none
     */
    public record Permissions(
            Subjects publish, Subjects subscribe, @Nullable Responses responses) {
        /** Everything is allowed. */
        public static final Permissions ALL = new Permissions(Subjects.ALL, Subjects.ALL, null);
    }

    /**
     * Patterns of subjects.
     *
     * @param allow none named means all are allowed
     * @param deny wins over what is allowed
     */
    public record Subjects(List<String> allow, List<String> deny) {
        /** Everything is allowed. */
        public static final Subjects ALL = new Subjects(List.of(), List.of());

        public Subjects {
            allow = List.copyOf(allow);
            deny = List.copyOf(deny);
        }
    }

    /**
     * Leave to answer.
     *
     * @param max messages to one reply subject
     * @param expiresMillis time after the request
     */
    public record Responses(int max, long expiresMillis) {}

    /** Secrets do not belong in a log. */
    @Override
    public String toString() {
        return "BusUser[" + name + "]";
    }
}
