package holt.kernel;

import holt.model.Placement;
import holt.model.Release;
import java.util.HashMap;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
import org.jspecify.annotations.Nullable;

/**
 * Which apps must not share a host. One of the two asks for it and both keep to it, or it would depend on who came
 * first. Owned by the brain's thread.
 */
final class Neighbours {
    private final Map<String, AppEntry> apps;
    /** For each app the apps of which a release, perhaps an old one, has asked to stay away from it. */
    private final Map<String, Set<String>> shunnedBy = new HashMap<>();

    Neighbours(Map<String, AppEntry> apps) {
        this.apps = apps;
    }

    void learn(Release release) {
        for (String other : release.placement().notWith()) {
            shunnedBy.computeIfAbsent(other, unused -> new TreeSet<>()).add(release.app());
        }
    }

    /** The apps that an app must stay away from under a rule of its own, and where their instances are. */
    Map<String, Spread> shunned(AppEntry app, Placement rule) {
        Set<String> others = shunnedBy.get(app.name());
        if (others == null && rule.notWith().isEmpty()) {
            return Map.of();
        }
        Map<String, Spread> shunned = new TreeMap<>();
        rule.notWith().forEach(name -> put(shunned, app, apps.get(name)));
        if (others != null) {
            others.removeIf(name -> !asks(apps.get(name), app.name()));
            others.forEach(name -> put(shunned, app, apps.get(name)));
        }
        return shunned;
    }

    private static void put(Map<String, Spread> shunned, AppEntry app, @Nullable AppEntry other) {
        if (other != null && other != app) {
            shunned.put(other.name(), other.spread);
        }
    }

    private static boolean asks(@Nullable AppEntry app, String other) {
        return app != null && (asks(app.target(), other) || asks(app.live(), other));
    }

    private static boolean asks(@Nullable Release release, String other) {
        return release != null && release.placement().notWith().contains(other);
    }
}
