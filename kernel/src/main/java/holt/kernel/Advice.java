package holt.kernel;

import static holt.kernel.Sentences.count;

import holt.kernel.Obstacles.Crowded;
import holt.kernel.Obstacles.Lacks;
import holt.kernel.Obstacles.LacksTag;
import holt.kernel.Obstacles.Obstacle;
import holt.kernel.Obstacles.Refused;
import holt.kernel.Obstacles.Resource;
import holt.kernel.Obstacles.Shunned;
import holt.kernel.Obstacles.Silent;
import holt.model.MemorySize;
import java.time.Instant;
import java.time.ZoneOffset;
import java.time.format.DateTimeFormatter;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/** What obstacles mean to people, and what would have to change. Pure functions. */
final class Advice {
    private static final DateTimeFormatter CLOCK =
            DateTimeFormatter.ofPattern("HH:mm:ss 'UTC'", Locale.ROOT).withZone(ZoneOffset.UTC);

    private Advice() {}

    /** Why there is no host, in one short sentence. */
    static String brief(Obstacles obstacles) {
        List<Obstacle> list = obstacles.list().stream()
                .filter(obstacle -> !(obstacle instanceof Silent))
                .toList();
        if (list.isEmpty()) {
            return "no host is connected";
        }
        if (list.size() == 1 && list.getFirst() instanceof Lacks lacks) {
            Resource resource = lacks.resource();
            return "no host has " + resource.amount(lacks.needed()) + " free; the most is "
                    + resource.amount(lacks.most()).replace(" of " + resource.noun(), "") + " on " + lacks.nearest();
        }
        return list.stream().map(Advice::text).collect(Collectors.joining("; "));
    }

    /** One kind of obstacle, as part of a sentence. */
    static String text(Obstacle obstacle) {
        return switch (obstacle) {
            case Silent silent -> count(silent.hosts(), "host") + (silent.hosts() == 1 ? " is" : " are") + " silent";
            case LacksTag lacks -> hosts(lacks, "lacks", "lack") + " the tag " + lacks.tag();
            case Crowded crowded ->
                hosts(crowded, "holds", "hold") + " an instance of this app already, and it asks to be apart";
            case Shunned shunned ->
                hosts(shunned, "runs", "run") + " " + shunned.app() + ", with which it must not share a host";
            case Lacks lacks ->
                hosts(lacks, "lacks", "lack") + " " + lacks.resource().noun() + ", the closest is " + lacks.nearest()
                        + ", " + lacks.resource().amount(lacks.missing()) + " short";
            case Refused refused ->
                refused.host() + " refused it until " + clock(refused.until()) + ": " + refused.reason();
        };
    }

    /** A moment for people. */
    static String clock(Instant moment) {
        return CLOCK.format(moment);
    }

    private static String hosts(Obstacle obstacle, String one, String many) {
        return count(obstacle.hosts(), "host") + " " + (obstacle.hosts() == 1 ? one : many);
    }

    /** What would let the process run, each on its own; the last is always another host. */
    static List<String> remedies(Obstacles obstacles) {
        List<String> remedies = new ArrayList<>();
        obstacles.list().stream().flatMap(Advice::remedy).forEach(remedies::add);
        remedies.add(anotherHost(obstacles));
        return remedies;
    }

    private static Stream<String> remedy(Obstacle obstacle) {
        return switch (obstacle) {
            case Silent silent -> Stream.of("bring the silent hosts back");
            case LacksTag lacks -> Stream.of("give a host the tag " + lacks.tag() + " (its setting host.tags)");
            case Crowded crowded -> Stream.of("push with --anywhere, which gives up --apart");
            case Shunned shunned -> Stream.of("end the instances of " + shunned.app() + " on one of its hosts");
            case Lacks lacks ->
                Stream.of("free " + lacks.resource().amount(lacks.missing()) + " on " + lacks.nearest(), less(lacks))
                        .flatMap(Stream::ofNullable);
            case Refused refused ->
                Stream.of("wait until " + clock(refused.until()) + ", when " + refused.host() + " is asked again");
        };
    }

    private static @Nullable String less(Lacks lacks) {
        return lacks.resource() == Resource.MEMORY && lacks.most() >= MemorySize.MIN_BYTES
                ? "push with --memory " + (lacks.most() >> 20) + "M or less"
                : null;
    }

    private static String anotherHost(Obstacles obstacles) {
        List<String> parts = new ArrayList<>();
        for (Resource resource : Resource.values()) {
            long needed = resource.of(obstacles.resources());
            boolean named = resource == Resource.MEMORY
                    || obstacles.list().stream()
                            .anyMatch(each -> each instanceof Lacks lacks && lacks.resource() == resource);
            if (needed > 0 && named) {
                parts.add(resource.amount(needed));
            }
        }
        List<String> tags = obstacles.rule().tags();
        return "add a host with " + String.join(", ", parts) + " free"
                + (tags.isEmpty() ? "" : " and the tag" + (tags.size() == 1 ? " " : "s ") + String.join(", ", tags));
    }
}
