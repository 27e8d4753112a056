package holt.bus.server;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * All subscriptions by subject: a tree with a level for each token, in which {@code *} and {@code >} are branches of their
 * own. What a subject matches is kept in a table of fixed size until a subscription changes it: a literal one concerns
 * only its own subject, one with a wildcard makes all of the table stale. Guarded by the hub's lock.
 */
final class SubjectTree {
    private static final int REMEMBERED = 1 << 12;
    /** Interests of a match that is kept at most: many kept ones cost memory, and a large one costs little to find. */
    private static final int LARGEST_KEPT = 256;

    private static final Node[] NO_CHILDREN = {};

    /** One token of a pattern. */
    static final class Node {
        final @Nullable Node parent;
        final byte[] token;
        private final int hash;
        /** Children by token, at the place of their hash or the next free one. */
        private Node[] children = NO_CHILDREN;

        private int childCount;
        private @Nullable Node any;
        private @Nullable Node tail;
        private Interest[] plain = Match.NOBODY;
        private int plainCount;
        private @Nullable List<Queue> queues;

        private Node(@Nullable Node parent, byte[] token, int hash) {
            this.parent = parent;
            this.token = token;
            this.hash = hash;
        }

        private boolean isEmpty() {
            return childCount == 0 && any == null && tail == null && plainCount == 0 && queues == null;
        }

        /** The pattern that ends here. */
        byte[] pattern() {
            int length = -1;
            for (Node node = this; node.parent != null; node = node.parent) {
                length += node.token.length + 1;
            }
            byte[] pattern = new byte[length];
            int end = length;
            for (Node node = this; node.parent != null; node = node.parent) {
                int start = end - node.token.length;
                System.arraycopy(node.token, 0, pattern, start, node.token.length);
                if (start > 0) {
                    pattern[start - 1] = '.';
                }
                end = start - 1;
            }
            return pattern;
        }
    }

    /** Those of one queue that stand at one node. */
    private static final class Queue {
        private final byte[] name;
        private Interest[] members = new Interest[1];
        private int count;

        private Queue(byte[] name) {
            this.name = name;
        }
    }

    private final Node root = new Node(null, new byte[0], 0);
    private final @Nullable Match[] remembered = new Match[REMEMBERED];
    private long generation;
    private int size;
    private long inserts;
    private long removes;
    private long matches;
    private long hits;

    int size() {
        return size;
    }

    /** Whether nothing is left of those that were here. */
    boolean isEmpty() {
        return root.isEmpty();
    }

    long inserts() {
        return inserts;
    }

    long removes() {
        return removes;
    }

    /** Times it was asked whom a subject is for, without those a client answered itself. */
    long matches() {
        return matches;
    }

    long hits() {
        return hits;
    }

    /** Matches that are kept and still hold. */
    List<Match> currentMatches() {
        return Arrays.stream(remembered)
                .filter(match -> match != null && isCurrent(match))
                .toList();
    }

    /** Adds a subscription to a valid pattern. */
    void add(byte[] in, int from, int to, Interest subscription) {
        Node node = root;
        int start = from;
        boolean wild = false;
        for (int at = from; at <= to; at++) {
            if (at == to || in[at] == '.') {
                wild |= Subjects.isAny(in, start, at) || Subjects.isTail(in, start, at);
                node = descend(node, in, start, at);
                start = at + 1;
            }
        }
        place(node, subscription);
        subscription.node = node;
        size++;
        inserts++;
        changed(wild, in, from, to);
    }

    private static Node descend(Node node, byte[] in, int from, int to) {
        if (Subjects.isAny(in, from, to)) {
            if (node.any == null) {
                node.any = new Node(node, new byte[] {'*'}, 0);
            }
            return node.any;
        }
        if (Subjects.isTail(in, from, to)) {
            if (node.tail == null) {
                node.tail = new Node(node, new byte[] {'>'}, 0);
            }
            return node.tail;
        }
        int hash = Subjects.hash(in, from, to);
        Node found = child(node, in, from, to, hash);
        if (found != null) {
            return found;
        }
        Node fresh = new Node(node, Arrays.copyOfRange(in, from, to), hash);
        adopt(node, fresh);
        return fresh;
    }

    private static @Nullable Node child(Node node, byte[] in, int from, int to, int hash) {
        Node[] children = node.children;
        int mask = children.length - 1;
        if (mask < 0) {
            return null;
        }
        for (int at = hash & mask; ; at = (at + 1) & mask) {
            Node each = children[at];
            if (each == null) {
                return null;
            }
            if (each.hash == hash && Arrays.equals(each.token, 0, each.token.length, in, from, to)) {
                return each;
            }
        }
    }

    private static void adopt(Node node, Node fresh) {
        if ((node.childCount + 1) * 4 > node.children.length * 3) {
            Node[] before = node.children;
            node.children = new Node[Math.max(2, before.length * 2)];
            for (Node each : before) {
                if (each != null) {
                    seat(node.children, each);
                }
            }
        }
        seat(node.children, fresh);
        node.childCount++;
    }

    private static void seat(Node[] children, Node node) {
        int mask = children.length - 1;
        int at = node.hash & mask;
        while (children[at] != null) {
            at = (at + 1) & mask;
        }
        children[at] = node;
    }

    /** Takes a child out; those after it that stood where they did because of it move up. */
    private static void abandon(Node node, Node gone) {
        Node[] children = node.children;
        int mask = children.length - 1;
        int at = gone.hash & mask;
        while (children[at] != gone) {
            at = (at + 1) & mask;
        }
        clear(children, at, mask);
        node.childCount--;
        if (node.childCount == 0) {
            node.children = NO_CHILDREN;
        }
    }

    @SuppressWarnings("NullAway") // an open-addressed table: its free places are null
    private static void clear(Node[] children, int place, int mask) {
        int free = place;
        children[free] = null;
        for (int at = (free + 1) & mask; children[at] != null; at = (at + 1) & mask) {
            int home = children[at].hash & mask;
            if (((at - home) & mask) >= ((at - free) & mask)) {
                children[free] = children[at];
                children[at] = null;
                free = at;
            }
        }
    }

    private static void place(Node node, Interest subscription) {
        byte[] name = subscription.queue;
        if (name == null) {
            if (node.plainCount == node.plain.length) {
                node.plain = Arrays.copyOf(node.plain, Math.max(1, node.plain.length * 2));
            }
            subscription.position = node.plainCount;
            node.plain[node.plainCount++] = subscription;
            return;
        }
        Queue queue = queue(node, name);
        if (queue.count == queue.members.length) {
            queue.members = Arrays.copyOf(queue.members, queue.members.length * 2);
        }
        subscription.position = queue.count;
        queue.members[queue.count++] = subscription;
    }

    private static Queue queue(Node node, byte[] name) {
        if (node.queues == null) {
            node.queues = new ArrayList<>(1);
        }
        for (Queue queue : node.queues) {
            if (Arrays.equals(queue.name, name)) {
                return queue;
            }
        }
        Queue fresh = new Queue(name);
        node.queues.add(fresh);
        return fresh;
    }

    /** Takes a subscription out; does nothing where it is out already. */
    void remove(Interest subscription) {
        Node node = subscription.node;
        if (node == null) {
            return;
        }
        byte[] pattern = node.pattern();
        subscription.node = null;
        size--;
        removes++;
        if (subscription.queue == null) {
            node.plainCount = takeOut(node.plain, node.plainCount, subscription);
            if (node.plainCount == 0) {
                node.plain = Match.NOBODY;
            }
        } else if (node.queues != null) {
            leave(node, queue(node, subscription.queue), subscription);
        }
        prune(node);
        changed(Subjects.hasWildcard(pattern, 0, pattern.length), pattern, 0, pattern.length);
    }

    private static void leave(Node node, Queue queue, Interest subscription) {
        queue.count = takeOut(queue.members, queue.count, subscription);
        if (queue.count == 0 && node.queues != null) {
            node.queues.remove(queue);
            if (node.queues.isEmpty()) {
                node.queues = null;
            }
        }
    }

    @SuppressWarnings("NullAway") // places after the last are null
    private static int takeOut(Interest[] members, int count, Interest gone) {
        Interest last = members[count - 1];
        members[gone.position] = last;
        last.position = gone.position;
        members[count - 1] = null;
        return count - 1;
    }

    private static void prune(Node from) {
        Node node = from;
        while (node.parent != null && node.isEmpty()) {
            Node parent = node.parent;
            if (parent.any == node) {
                parent.any = null;
            } else if (parent.tail == node) {
                parent.tail = null;
            } else {
                abandon(parent, node);
            }
            node = parent;
        }
    }

    private void changed(boolean wild, byte[] in, int from, int to) {
        if (wild) {
            generation++;
            return;
        }
        int hash = Subjects.hash(in, from, to);
        Match match = remembered[hash & (REMEMBERED - 1)];
        if (match != null
                && match.hash == hash
                && Arrays.equals(match.subject, 0, match.subject.length, in, from, to)) {
            match.current = false;
            remembered[hash & (REMEMBERED - 1)] = null;
        }
    }

    boolean isCurrent(Match match) {
        return match.current && match.generation == generation;
    }

    /** Whom a subject that is published to is for. Wildcards in it are tokens like others; an empty token matches nobody. */
    Match match(byte[] in, int from, int to) {
        matches++;
        int hash = Subjects.hash(in, from, to);
        int place = hash & (REMEMBERED - 1);
        Match kept = remembered[place];
        if (kept != null && kept.hash == hash && Arrays.equals(kept.subject, 0, kept.subject.length, in, from, to)) {
            if (isCurrent(kept)) {
                hits++;
                return kept;
            }
        }
        if (kept != null) {
            kept.current = false; // nobody would tell it of a change any more
        }
        Match made = new Finder(in, from, to).find(root, hash, generation);
        boolean keep = made.interests() <= LARGEST_KEPT;
        made.current = keep;
        remembered[place] = keep ? made : null;
        return made;
    }

    /** One walk through the tree. */
    private static final class Finder {
        private final byte[] in;
        private final int from;
        private final int to;
        private final List<Interest> plain = new ArrayList<>(2);
        private final List<List<Interest>> queues = new ArrayList<>(0);

        private Finder(byte[] in, int from, int to) {
            this.in = in;
            this.from = from;
            this.to = to;
        }

        private Match find(Node root, int hash, long generation) {
            byte[] subject = Arrays.copyOfRange(in, from, to);
            if (hasEmptyToken()) {
                return Match.none(subject, hash, generation);
            }
            walk(root, from);
            Interest[][] groups =
                    queues.stream().map(queue -> queue.toArray(Match.NOBODY)).toArray(Interest[][]::new);
            return new Match(subject, hash, plain.toArray(Match.NOBODY), groups, generation);
        }

        private boolean hasEmptyToken() {
            boolean empty = true;
            for (int at = from; at < to; at++) {
                boolean dot = in[at] == '.';
                if (dot && empty) {
                    return true;
                }
                empty = dot;
            }
            return empty;
        }

        /** As deep as there are tokens in a pattern, of which a line holds some thousands at most. */
        private void walk(Node node, int start) {
            if (start > to) {
                gather(node);
                return;
            }
            int end = start;
            while (end < to && in[end] != '.') {
                end++;
            }
            if (node.tail != null) {
                gather(node.tail);
            }
            if (node.any != null) {
                walk(node.any, end + 1);
            }
            if (node.childCount > 0) {
                Node next = child(node, in, start, end, Subjects.hash(in, start, end));
                if (next != null) {
                    walk(next, end + 1);
                }
            }
        }

        private void gather(Node node) {
            for (int i = 0; i < node.plainCount; i++) {
                plain.add(node.plain[i]);
            }
            if (node.queues != null) {
                node.queues.forEach(this::gather);
            }
        }

        /** One queue may stand at several nodes that match. */
        private void gather(Queue queue) {
            List<Interest> group = null;
            for (List<Interest> each : queues) {
                if (Arrays.equals(each.getFirst().queue, queue.name)) {
                    group = each;
                }
            }
            if (group == null) {
                group = new ArrayList<>(queue.count);
                queues.add(group);
            }
            for (int i = 0; i < queue.count; i++) {
                group.add(queue.members[i]);
            }
        }
    }
}
