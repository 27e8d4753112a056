package holt.bus;

import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * Finds the values whose patterns match a subject: a tree with one level for each token, in which {@code *} and
 * {@code >} are branches like any other. The cost of a match grows with the subject's length, not with the number of
 * values.
 *
 * <p>Not safe for use by several threads; its owner guards it.
 */
final class SubjectTree<V> {
    private final Node<V> root = new Node<>();

    void add(String pattern, V value) {
        Node<V> node = root;
        for (String token : Subject.pattern(pattern)) {
            node = node.children.computeIfAbsent(token, unused -> new Node<>());
        }
        node.values.add(value);
    }

    void remove(String pattern, V value) {
        remove(root, Subject.pattern(pattern), 0, value);
    }

    List<V> match(String subject) {
        List<V> found = new ArrayList<>();
        match(root, Subject.literal(subject), 0, found);
        return found;
    }

    boolean isEmpty() {
        return root.isEmpty();
    }

    private void match(Node<V> node, List<String> tokens, int depth, List<V> found) {
        if (depth == tokens.size()) {
            found.addAll(node.values);
            return;
        }
        addAll(node.children.get(Subject.ANY_TAIL), found);
        descend(node.children.get(Subject.ANY_TOKEN), tokens, depth, found);
        descend(node.children.get(tokens.get(depth)), tokens, depth, found);
    }

    private void descend(@Nullable Node<V> child, List<String> tokens, int depth, List<V> found) {
        if (child != null) {
            match(child, tokens, depth + 1, found);
        }
    }

    private void addAll(@Nullable Node<V> child, List<V> found) {
        if (child != null) {
            found.addAll(child.values);
        }
    }

    private void remove(Node<V> node, List<String> tokens, int depth, V value) {
        if (depth == tokens.size()) {
            node.values.remove(value);
            return;
        }
        Node<V> child = node.children.get(tokens.get(depth));
        if (child != null) {
            remove(child, tokens, depth + 1, value);
            if (child.isEmpty()) {
                node.children.remove(tokens.get(depth));
            }
        }
    }

    private static final class Node<V> {
        private final Map<String, Node<V>> children = new HashMap<>();
        private final List<V> values = new ArrayList<>(1);

        private boolean isEmpty() {
            return children.isEmpty() && values.isEmpty();
        }
    }
}
