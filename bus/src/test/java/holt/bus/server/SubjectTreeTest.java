package holt.bus.server;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Random;
import java.util.TreeMap;
import java.util.TreeSet;
import net.jqwik.api.Example;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;

/** The tree against a matcher that compares token by token. */
class SubjectTreeTest {
    private static final List<String> TOKENS = List.of("a", "b", "aa", "*", ">", "a*", "\u00e9");

    private final SubjectTree tree = new SubjectTree();

    private record Added(String pattern, Interest interest) {}

    @Property(tries = 300)
    void findsWhatAMatcherByTokensFindsThroughAddsAndRemoves(@ForAll Random random) {
        SubjectTree fresh = new SubjectTree();
        List<Added> added = new ArrayList<>();
        for (int step = 0; step < 60; step++) {
            if (random.nextInt(3) > 0 || added.isEmpty()) {
                added.add(add(fresh, pattern(random), queue(random), step));
            } else {
                fresh.remove(added.remove(random.nextInt(added.size())).interest());
            }
            String subject = subject(random);
            assertThat(sids(match(fresh, subject))).as(subject).isEqualTo(naive(added, subject));
            assertThat(sids(match(fresh, subject))).as("remembered").isEqualTo(naive(added, subject));
            assertThat(fresh.size()).isEqualTo(added.size());
        }
    }

    @Property(tries = 50)
    void isEmptyAgainWhenAllAreGone(@ForAll Random random) {
        SubjectTree fresh = new SubjectTree();
        List<Added> added = new ArrayList<>();
        for (int i = 0; i < 200; i++) {
            added.add(add(fresh, pattern(random), queue(random), i));
        }
        java.util.Collections.shuffle(added, random);
        added.forEach(each -> {
            assertThat(text(each.interest().node.pattern())).isEqualTo(each.pattern());
            fresh.remove(each.interest());
        });
        assertThat(fresh.size()).isZero();
        assertThat(fresh.isEmpty()).isTrue();
    }

    @Example
    void ofEachQueueThereIsOneGroupWhereverItsMembersStand() {
        add(tree, "foo.bar", "q", 1);
        add(tree, "foo.*", "q", 2);
        add(tree, "foo.>", "r", 3);
        Match match = match(tree, "foo.bar");
        assertThat(match.plain).isEmpty();
        assertThat(match.queues.length).isEqualTo(2);
        assertThat(sids(match)).containsOnlyKeys("q", "r");
        assertThat(sids(match).get("q")).containsExactly("1", "2");
    }

    @Example
    void anEmptyTokenMatchesNobody() {
        add(tree, ">", null, 1);
        for (String subject : List.of("", ".", "a.", ".a", "a..b")) {
            assertThat(sids(match(tree, subject))).as(subject).isEmpty();
        }
    }

    @Example
    void aWildcardThatIsPublishedToIsATokenLikeOthers() {
        add(tree, "a.*", null, 1);
        add(tree, "a.>", null, 2);
        add(tree, "a.b", null, 3);
        assertThat(sids(match(tree, "a.*")).get("")).containsExactly("1", "2");
        assertThat(sids(match(tree, "a.>")).get("")).containsExactly("1", "2");
    }

    @Example
    void aKeptMatchIsCurrentUntilSomethingOfItChanges() {
        Added first = add(tree, "a.b", null, 1);
        Match kept = match(tree, "a.b");
        add(tree, "a.c", null, 2);
        assertThat(tree.isCurrent(kept)).as("another subject").isTrue();
        assertThat(match(tree, "a.b")).isSameAs(kept);
        tree.remove(first.interest());
        assertThat(tree.isCurrent(kept)).as("its own subject").isFalse();
        Match next = match(tree, "a.b");
        add(tree, "*.x", null, 3);
        assertThat(tree.isCurrent(next)).as("a wildcard").isFalse();
    }

    @Example
    void aMatchThatLostItsPlaceIsNotCurrent() {
        List<Match> kept = new ArrayList<>();
        for (int i = 0; i < 20_000; i++) {
            kept.add(match(tree, "s" + i));
        }
        for (int i = 0; i < 20_000; i++) {
            add(tree, "s" + i, null, i);
        }
        assertThat(kept).noneMatch(tree::isCurrent);
    }

    @Example
    void whatIsKeptOfMatchesIsBoundedHoweverManySubscribe() {
        for (int i = 0; i < 2000; i++) {
            add(tree, ">", i % 2 == 0 ? null : "q", i);
        }
        int found = 0;
        for (int i = 0; i < 5000; i++) {
            Match match = match(tree, "s" + i);
            found += match.interests();
            assertThat(tree.isCurrent(match)).isFalse();
        }
        assertThat(found).isEqualTo(2000 * 5000);
        assertThat(tree.currentMatches().stream().mapToInt(Match::interests).sum())
                .isLessThan(2_000_000);
    }

    private static Added add(SubjectTree tree, String pattern, String queue, int sid) {
        Interest interest =
                new Interest(Client.NOBODY, bytes(Integer.toString(sid)), queue == null ? null : bytes(queue));
        byte[] subject = bytes("x" + pattern + "y");
        tree.add(subject, 1, subject.length - 1, interest);
        return new Added(pattern, interest);
    }

    private static Match match(SubjectTree tree, String subject) {
        byte[] bytes = bytes("." + subject + ".");
        return tree.match(bytes, 1, bytes.length - 1);
    }

    private static byte[] bytes(String text) {
        return text.getBytes(StandardCharsets.UTF_8);
    }

    private static String text(byte[] bytes) {
        return new String(bytes, StandardCharsets.UTF_8);
    }

    /** Names of subscriptions by queue; the plain ones under the empty name. */
    private static TreeMap<String, TreeSet<String>> sids(Match match) {
        TreeMap<String, TreeSet<String>> found = new TreeMap<>();
        for (Interest each : match.plain) {
            found.computeIfAbsent("", none -> new TreeSet<>()).add(text(each.sid));
        }
        for (Interest[] queue : match.queues) {
            for (Interest each : queue) {
                found.computeIfAbsent(text(each.queue), none -> new TreeSet<>()).add(text(each.sid));
            }
        }
        return found;
    }

    private static TreeMap<String, TreeSet<String>> naive(List<Added> added, String subject) {
        TreeMap<String, TreeSet<String>> found = new TreeMap<>();
        for (Added each : added) {
            if (matches(each.pattern().split("\\.", -1), subject.split("\\.", -1))) {
                String queue = each.interest().queue == null ? "" : text(each.interest().queue);
                found.computeIfAbsent(queue, none -> new TreeSet<>()).add(text(each.interest().sid));
            }
        }
        return found;
    }

    private static boolean matches(String[] pattern, String[] subject) {
        if (Arrays.asList(subject).contains("")) {
            return false;
        }
        for (int i = 0; i < pattern.length; i++) {
            if (pattern[i].equals(">")) {
                return subject.length > i;
            }
            if (i >= subject.length || !(pattern[i].equals("*") || pattern[i].equals(subject[i]))) {
                return false;
            }
        }
        return pattern.length == subject.length;
    }

    private static String queue(Random random) {
        return random.nextInt(3) > 0 ? null : "q" + random.nextInt(3);
    }

    private static String pattern(Random random) {
        List<String> tokens = new ArrayList<>();
        int length = 1 + random.nextInt(4);
        for (int i = 0; i < length; i++) {
            String token = TOKENS.get(random.nextInt(TOKENS.size()));
            tokens.add(token.equals(">") && i < length - 1 ? "a" : token);
        }
        return String.join(".", tokens);
    }

    private static String subject(Random random) {
        List<String> tokens = new ArrayList<>();
        int length = 1 + random.nextInt(4);
        for (int i = 0; i < length; i++) {
            tokens.add(TOKENS.get(random.nextInt(TOKENS.size())));
        }
        return String.join(".", tokens) + (random.nextInt(20) == 0 ? "." : "");
    }
}
