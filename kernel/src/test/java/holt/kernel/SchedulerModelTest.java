package holt.kernel;

import static org.assertj.core.api.Assertions.assertThat;

import holt.model.Placement;
import holt.model.Resources;
import java.util.ArrayList;
import java.util.Collections;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Random;
import java.util.TreeMap;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.constraints.IntRange;

/** The scheduler beside a model that looks at every host each time and counts everything anew. */
class SchedulerModelTest {
    private static final List<String> APPS = List.of("anna", "bert", "carl");

    /** A host as the model sees it. */
    private static final class Plain {
        final String name;
        final String zone;
        final List<String> tags;
        final long[] capacity;
        final long[] used = new long[4];
        final List<String> running = new ArrayList<>();

        Plain(String name, String zone, List<String> tags, long... capacity) {
            this.name = name;
            this.zone = zone;
            this.tags = tags;
            this.capacity = capacity;
        }

        boolean fits(long[] need) {
            for (int i = 0; i < 4; i++) {
                if (used[i] + need[i] > capacity[i]) {
                    return false;
                }
            }
            return true;
        }

        double load() {
            double load = 0;
            for (int i = 0; i < 4; i++) {
                load = Math.max(load, used[i] == 0 ? 0 : (double) used[i] / capacity[i]);
            }
            return load;
        }

        long count(String app) {
            return running.stream().filter(app::equals).count();
        }
    }

    /** A process that runs, in the model and in the scheduler's world. */
    private record Running(Plain host, String app, long[] need, Slot slot) {}

    @Property(tries = 150)
    void choosesAsTheModelDoes(
            @ForAll long seed, @ForAll @IntRange(min = 1, max = 64) int hosts, @ForAll long shuffle) {
        Random random = new Random(seed);
        List<Plain> plain = hosts(random, hosts);
        Estate estate = estate(plain, shuffle);
        Map<String, Placement> rules = new TreeMap<>();
        APPS.forEach(app -> rules.put(app, rule(random, app)));
        List<Running> running = new ArrayList<>();
        for (int step = 0; step < 150; step++) {
            if (!running.isEmpty() && random.nextInt(4) == 0) {
                end(estate, running.remove(random.nextInt(running.size())));
                continue;
            }
            String app = APPS.get(random.nextInt(APPS.size()));
            long[] need = {1 + random.nextInt(30), random.nextInt(30), random.nextInt(20), 1 + random.nextInt(10)};
            Plain near = random.nextInt(5) == 0 ? plain.get(random.nextInt(hosts)) : null;
            Optional<Plain> expected = choose(plain, app, rules.get(app), need, near);
            Resources resources = new Resources(need[0], need[1], need[2], need[3]);
            Need asked = Estate.near(
                    estate.need(app, resources, rules.get(app), Map.of()),
                    near == null ? null : estate.hosts.find(near.name));

            assertThat(name(estate.place(asked))).isEqualTo(expected.map(host -> host.name));

            expected.ifPresent(host -> {
                for (int i = 0; i < 4; i++) {
                    host.used[i] += need[i];
                }
                host.running.add(app);
                running.add(new Running(host, app, need, estate.run(app, resources, host.name)));
            });
        }
    }

    /** With more hosts than are looked at and more instances than those: no promise is broken, whichever is chosen. */
    @Property(tries = 20)
    void neverPromisesMoreThanThereIsOnManyHosts(@ForAll long seed) {
        Random random = new Random(seed);
        List<Plain> plain = hosts(random, 300);
        Estate estate = estate(plain, seed);
        Map<String, Plain> byName = new TreeMap<>();
        plain.forEach(host -> byName.put(host.name, host));
        Placement rule = rule(random, "anna");
        for (int step = 0; step < 1500; step++) {
            long[] need = {1 + random.nextInt(40), random.nextInt(40), random.nextInt(20), 1 + random.nextInt(10)};
            Resources resources = new Resources(need[0], need[1], need[2], need[3]);
            Optional<String> chosen = name(estate.place(estate.need("anna", resources, rule, Map.of())));
            assertThat(chosen.isPresent()).isEqualTo(plain.stream().anyMatch(host -> allows(host, "anna", rule, need)));
            chosen.map(byName::get).ifPresent(host -> {
                assertThat(allows(host, "anna", rule, need)).isTrue();
                for (int i = 0; i < 4; i++) {
                    host.used[i] += need[i];
                }
                host.running.add("anna");
                estate.run("anna", resources, host.name);
            });
        }
    }

    private static void end(Estate estate, Running gone) {
        for (int i = 0; i < 4; i++) {
            gone.host().used[i] -= gone.need()[i];
        }
        gone.host().running.remove(gone.app());
        estate.end(gone.slot());
    }

    private static Optional<String> name(Scheduler.Answer answer) {
        return answer instanceof Scheduler.On on ? Optional.of(on.host().name) : Optional.empty();
    }

    private static List<Plain> hosts(Random random, int count) {
        List<Plain> hosts = new ArrayList<>();
        List<List<String>> tags = List.of(List.of(), List.of("gpu"), List.of("gpu", "ssd"));
        for (int i = 0; i < count; i++) {
            hosts.add(new Plain(
                    "host-" + i,
                    List.of("", "a", "b").get(random.nextInt(3)),
                    tags.get(random.nextInt(3)),
                    random.nextInt(200),
                    random.nextInt(200),
                    random.nextInt(200),
                    random.nextInt(100)));
        }
        return hosts;
    }

    private static Estate estate(List<Plain> plain, long seed) {
        List<Plain> order = new ArrayList<>(plain);
        Collections.shuffle(order, new Random(seed));
        Estate estate = new Estate();
        for (Plain host : order) {
            estate.host(
                    host.name,
                    new Resources(host.capacity[0], host.capacity[1], host.capacity[2], host.capacity[3]),
                    host.zone,
                    host.tags.toArray(String[]::new));
        }
        return estate;
    }

    private static Placement rule(Random random, String app) {
        List<String> tags = random.nextInt(3) == 0 ? List.of("gpu") : List.of();
        List<String> others =
                random.nextInt(3) == 0 ? List.of(APPS.get((APPS.indexOf(app) + 1) % APPS.size())) : List.of();
        return new Placement(tags, random.nextInt(3) == 0, others);
    }

    private static boolean allows(Plain host, String app, Placement rule, long[] need) {
        return host.fits(need)
                && host.tags.containsAll(rule.tags())
                && !(rule.apart() && host.count(app) > 0)
                && rule.notWith().stream().allMatch(other -> host.count(other) == 0);
    }

    private static Optional<Plain> choose(List<Plain> hosts, String app, Placement rule, long[] need, Plain near) {
        Map<String, Long> inZone = new TreeMap<>();
        hosts.forEach(host -> inZone.merge(host.zone, host.count(app), Long::sum));
        return hosts.stream()
                .filter(host -> allows(host, app, rule, need))
                .min(Comparator.<Plain>comparingInt(host -> distance(host, near))
                        .thenComparingLong(host -> inZone.get(host.zone))
                        .thenComparingLong(host -> host.count(app))
                        .thenComparingDouble(Plain::load)
                        .thenComparing(host -> host.name));
    }

    private static int distance(Plain host, Plain near) {
        if (host == near) {
            return 0;
        }
        return near != null && !near.zone.isEmpty() && host.zone.equals(near.zone) ? 1 : 2;
    }
}
