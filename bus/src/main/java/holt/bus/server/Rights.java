package holt.bus.server;

import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * What one client may say and hear. Patterns are kept in the tree subscriptions are kept in, so that a question costs
 * what a match costs; answers of late are remembered. Guarded by the hub's lock.
 */
final class Rights {
    private static final int REMEMBERED = 1 << 7;

    /** Subjects that are allowed and those that are not. */
    private static final class Rule {
        private final @Nullable SubjectTree allow;
        private final @Nullable SubjectTree deny;

        private Rule(BusUser.Subjects subjects) {
            allow = tree(subjects.allow());
            deny = tree(subjects.deny());
        }

        private static @Nullable SubjectTree tree(List<String> patterns) {
            if (patterns.isEmpty()) {
                return null;
            }
            SubjectTree tree = new SubjectTree();
            for (String pattern : patterns) {
                String[] parts = pattern.strip().split("\\s+", 2);
                byte[] subject = parts[0].getBytes(StandardCharsets.UTF_8);
                byte[] queue = parts.length == 1 ? null : parts[1].getBytes(StandardCharsets.UTF_8);
                tree.add(subject, 0, subject.length, new Interest(Client.NOBODY, subject, queue));
            }
            return tree;
        }

        private boolean allows(byte[] in, int from, int to) {
            return (allow == null || matches(allow, in, from, to)) && (deny == null || !matches(deny, in, from, to));
        }

        private static boolean matches(SubjectTree tree, byte[] in, int from, int to) {
            return tree.match(in, from, to).plain.length > 0;
        }

        /**
         * Whether a pattern that ends in {@code >} is allowed by one that does. One that ends in {@code *} allows it too,
         * as nats-server has it, and then not all of what it matches may be heard.
         */
        private boolean coversTail(byte[] in, int from, int to) {
            if (allow == null || in[to - 1] != '>') {
                return true;
            }
            Match match = allow.match(in, from, to);
            return Arrays.stream(match.plain).anyMatch(entry -> entry.sid[entry.sid.length - 1] == '>');
        }

        /** An entry with a queue is about that queue alone, which may be a pattern itself. */
        private boolean allows(byte[] in, int from, int to, byte[] queue) {
            return (allow == null || matches(allow, in, from, to, queue))
                    && (deny == null || !matches(deny, in, from, to, queue));
        }

        private static boolean matches(SubjectTree tree, byte[] in, int from, int to, byte[] queue) {
            Match match = tree.match(in, from, to);
            if (match.plain.length > 0) {
                return true;
            }
            return Arrays.stream(match.queues).anyMatch(group -> covers(group[0].queue, queue));
        }

        private static boolean covers(byte @Nullable [] pattern, byte[] queue) {
            if (pattern == null) {
                return false;
            }
            SubjectTree tree = new SubjectTree();
            tree.add(pattern, 0, pattern.length, new Interest(Client.NOBODY, pattern, null));
            return matches(tree, queue, 0, queue.length);
        }
    }

    private record Answer(byte[] subject, boolean allowed) {}

    private final Rule publish;
    private final Rule subscribe;
    private final @Nullable Replies replies;
    private final @Nullable Answer[] remembered = new Answer[REMEMBERED];

    Rights(BusUser.Permissions permissions) {
        this.publish = new Rule(permissions.publish());
        this.subscribe = new Rule(permissions.subscribe());
        BusUser.Responses responses = permissions.responses();
        this.replies = responses == null ? null : new Replies(responses);
    }

    boolean mayPublish(byte[] in, int from, int to, long nowNanos) {
        int place = Subjects.hash(in, from, to) & (REMEMBERED - 1);
        Answer kept = remembered[place];
        if (kept == null || !Arrays.equals(kept.subject(), 0, kept.subject().length, in, from, to)) {
            kept = new Answer(Arrays.copyOfRange(in, from, to), publish.allows(in, from, to));
            remembered[place] = kept;
        }
        return kept.allowed() || (replies != null && replies.take(in, from, to, nowNanos));
    }

    boolean maySubscribe(byte[] in, int from, int to, byte @Nullable [] queue) {
        return queue == null ? subscribe.allows(in, from, to) : subscribe.allows(in, from, to, queue);
    }

    /** Whether some of what a pattern matches must not be heard all the same. */
    boolean filters(byte[] in, int from, int to) {
        return Subjects.hasWildcard(in, from, to) && (subscribe.deny != null || !subscribe.coversTail(in, from, to));
    }

    /** A request was delivered: it may be answered. */
    void asked(Publication request, long nowNanos) {
        if (replies != null && request.hasReply()) {
            replies.allow(request.reply(), nowNanos);
        }
    }
}
