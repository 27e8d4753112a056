package holt.identity;

import holt.model.ErrorCode;
import holt.model.Problem;
import java.util.EnumMap;
import java.util.EnumSet;
import java.util.Map;
import java.util.Set;

/** The only place that decides who may do what: one table of roles and actions. A pure function. */
public final class Authorizer {
    private static final Set<Action> ANYBODY = EnumSet.of(Action.READ_PLATFORM_INFO);

    private static final Set<Action> LOOKING = with(ANYBODY, Action.READ_APPS, Action.READ_LOGS, Action.READ_HOSTS);

    private static final Set<Action> DEVELOPING = with(
            LOOKING,
            Action.READ_FILES,
            Action.ENTER_INSTANCES,
            Action.READ_SECRETS,
            Action.UPLOAD,
            Action.BUILD,
            Action.CHANGE_APPS,
            Action.DELETE_APPS);

    private static final Map<Role, Set<Action>> ALLOWED = new EnumMap<>(Map.of(
            Role.ANONYMOUS, ANYBODY,
            Role.READER, LOOKING,
            Role.DEVELOPER, DEVELOPING,
            Role.ADMIN, EnumSet.allOf(Action.class)));

    private Authorizer() {}

    /** Whether the subject may do this. */
    public static Decision decide(Subject subject, Action action) {
        if (ALLOWED.getOrDefault(subject.role(), Set.of()).contains(action)) {
            return new Decision.Allowed();
        }
        return new Decision.Refused(
                subject.role() == Role.ANONYMOUS ? unauthorized(action) : forbidden(subject, action));
    }

    /**
     * Does nothing where the subject may do this.
     *
     * @throws holt.model.ProblemException {@code unauthorized} or {@code forbidden}
     */
    public static void require(Subject subject, Action action) {
        switch (decide(subject, action)) {
            case Decision.Allowed allowed -> {}
            case Decision.Refused refused -> throw refused.problem().exception();
        }
    }

    private static Problem unauthorized(Action action) {
        return Problem.of(ErrorCode.UNAUTHORIZED, "Without a valid token you may not " + action.words() + ".")
                .expected("the header 'Authorization: Bearer TOKEN' with a token of this platform", null)
                .remedy("Log in with 'holt login', or ask an admin for a token.");
    }

    private static Problem forbidden(Subject subject, Action action) {
        return Problem.of(ErrorCode.FORBIDDEN, "The token '" + subject.name() + "' may not " + action.words() + ".")
                .expected(
                        "a token that may: " + rolesAllowed(action),
                        subject.role().text())
                .remedy("Ask an admin for such a token.");
    }

    private static String rolesAllowed(Action action) {
        StringBuilder roles = new StringBuilder();
        for (Role role : Role.values()) {
            if (ALLOWED.getOrDefault(role, Set.of()).contains(action)) {
                roles.append(roles.isEmpty() ? "" : " or ").append(role.text());
            }
        }
        return roles.toString();
    }

    private static Set<Action> with(Set<Action> base, Action... more) {
        Set<Action> all = EnumSet.copyOf(base);
        all.addAll(Set.of(more));
        return all;
    }
}
