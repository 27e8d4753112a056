package holt.model;

/** The subjects on which Holt's parts talk. */
public final class Subjects {
    /** Agents to all: {@link HostReport}. */
    public static final String HOSTS = "holt.host.report";

    /** Agents to all: {@link ProcessReport}. */
    public static final String PROCESSES = "holt.process.report";

    /** Anyone to agents, empty: report at once. */
    public static final String HOSTS_ANNOUNCE = "holt.host.announce";

    /** Controller to routers: {@link RouteUpdate}. */
    public static final String ROUTES = "holt.route.update";

    /** Router to controller, request, empty: a complete {@link RouteUpdate}. */
    public static final String ROUTES_SYNC = "holt.route.sync";

    /** Routers to all: {@link RouterReport}. */
    public static final String ROUTERS = "holt.router.report";

    /** Agents and stagers to the log keeper: {@link LogLine.Batch}, by app. */
    public static final String LOGS = "holt.log.*";

    /** Controller to one stager of the queue group {@code stagers}, request: {@link StageRequest}. */
    public static final String STAGE = "holt.stage";

    /** Controller to one stager of the same queue group, request: {@link StackRequest}. */
    public static final String STACK = "holt.stack";

    /** The first token of every subject above. */
    private static final String OWN = "holt";

    /** The first token of what a NATS server says of itself and is told. */
    private static final String SYSTEM = "$SYS";

    private Subjects() {}

    /**
     * Whether a subject, or some subject that a pattern stands for, is one on which the platform's own parts act. Whoever
     * speaks there, or takes away what is said there, steers the platform itself.
     */
    public static boolean isPlatforms(String subject) {
        int dot = subject.indexOf('.');
        String first = dot < 0 ? subject : subject.substring(0, dot);
        return first.equals(OWN) || first.equals(SYSTEM) || first.equals("*") || first.equals(">");
    }

    /** Anyone to one agent, request: {@link AgentRequest}, answered by {@link AgentReply}. */
    public static String agent(String host) {
        return "holt.agent." + host;
    }

    /** Log lines of one app. */
    public static String logs(String app) {
        return "holt.log." + app;
    }

    /** Stager to the asker: {@link StageProgress} of one build. */
    public static String stageProgress(String build) {
        return "holt.stage.progress." + build;
    }

    /**
     * Frames of one session with an instance, in packets.
     *
     * @param toAgent which way
     */
    public static String session(String id, boolean toAgent) {
        return "holt.session." + id + (toAgent ? ".in" : ".out");
    }
}
