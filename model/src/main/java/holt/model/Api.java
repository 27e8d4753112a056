package holt.model;

import java.time.Instant;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** Bodies of {@code /api/v1}, as the controller writes and the command line reads them. */
public final class Api {
    public static final String BASE = "/api/v1";

    private Api() {}

    /**
     * {@code GET /info}.
     *
     * @param domain what is appended to an app's name to make its default route
     * @param urlPattern how a route becomes a URL: {@code http://%s:8080}, with the port where it is not the usual one
     */
    public record Info(String name, String version, String domain, String urlPattern) {}

    /** {@code POST /blobs/match}: digests (at most 20,000) the caller would like to use. */
    public record MatchRequest(List<String> digests) {}

    /** Of these digests, the ones whose content has to be uploaded. */
    public record MatchResponse(List<String> missing) {}

    /** {@code POST /builds}: the tree's contents must be there already. */
    public record BuildRequest(
            Tree tree, @Nullable String command, @Nullable String app) {}

    /**
     * {@code GET /builds/{id}}.
     *
     * @param state {@code staging}, {@code succeeded} or {@code failed}
     * @param droplet digest, when it succeeded
     * @param failure an error's stable code, when it failed
     * @param log the staging log so far
     */
    public record Build(
            String id,
            String state,
            @Nullable String droplet,
            @Nullable String buildpack,
            @Nullable String command,
            @Nullable String failure,
            @Nullable String detail,
            List<String> log) {}

    /**
     * {@code POST /images}: has an image fetched, as a build.
     *
     * @param reference see {@link ImageReference}
     * @param command the user's own start command; null for the image's
     * @param app the app it is for
     * @param user name at the registry; null for anybody
     * @param password of the user; kept nowhere
     */
    public record ImageRequest(
            String reference,
            @Nullable String command,
            @Nullable String app,
            @Nullable String user,
            @Nullable String password) {

        @Override
        public String toString() {
            return "ImageRequest[" + reference + "]"; // never the password
        }
    }

    /**
     * {@code POST /stacks}: has a stack made, as a build.
     *
     * @param suite of the distribution; null for the usual
     * @param mirror URL of the packages; null for the one the machine's own packages come from
     * @param include packages besides the smallest system
     */
    public record CreateStack(
            String name,
            @Nullable String suite,
            @Nullable String mirror,
            @Nullable List<String> include) {}

    /**
     * One of {@code GET /stacks}.
     *
     * @param origin what it was made of
     * @param bytes size of its packed form
     * @param apps those that use it
     */
    public record StackView(
            String name,
            String origin,
            String digest,
            long bytes,
            Instant createdAt,
            String createdBy,
            List<String> apps) {}

    /** {@code GET /stacks}. */
    public record Stacks(List<StackView> stacks) {}

    /** {@code PUT /apps/{app}}: makes an app, or brings it a new release; see {@link AppCommand.PutApp}. */
    public record PutApp(
            @Nullable String build,
            @Nullable Integer instances,
            @Nullable String memory,
            @Nullable List<String> routes,
            @Nullable Map<String, String> environment,
            @Nullable Integer startLimitSeconds,
            @Nullable Boolean start,
            @Nullable PlacementBody placement,
            @Nullable LimitsBody limits,
            @Nullable ChecksBody checks,
            @Nullable String stack) {

        /** A wish that says nothing of the checks and the stack. */
        public PutApp(
                @Nullable String build,
                @Nullable Integer instances,
                @Nullable String memory,
                @Nullable List<String> routes,
                @Nullable Map<String, String> environment,
                @Nullable Integer startLimitSeconds,
                @Nullable Boolean start,
                @Nullable PlacementBody placement,
                @Nullable LimitsBody limits) {
            this(
                    build,
                    instances,
                    memory,
                    routes,
                    environment,
                    startLimitSeconds,
                    start,
                    placement,
                    limits,
                    null,
                    null);
        }

        /** A wish that says nothing of the other limits. */
        public PutApp(
                @Nullable String build,
                @Nullable Integer instances,
                @Nullable String memory,
                @Nullable List<String> routes,
                @Nullable Map<String, String> environment,
                @Nullable Integer startLimitSeconds,
                @Nullable Boolean start,
                @Nullable PlacementBody placement) {
            this(build, instances, memory, routes, environment, startLimitSeconds, start, placement, null);
        }

        /** A wish that says nothing of the placement. */
        public PutApp(
                @Nullable String build,
                @Nullable Integer instances,
                @Nullable String memory,
                @Nullable List<String> routes,
                @Nullable Map<String, String> environment,
                @Nullable Integer startLimitSeconds,
                @Nullable Boolean start) {
            this(build, instances, memory, routes, environment, startLimitSeconds, start, null);
        }
    }

    /**
     * Where instances may run, as a whole; what is not given demands nothing. See {@link Placement}.
     *
     * @param tags that a host must have
     * @param apart whether each instance must have a host of its own
     * @param notWith names of apps with which it must not share a host
     */
    public record PlacementBody(
            @Nullable List<String> tags,
            @Nullable Boolean apart,
            @Nullable List<String> notWith) {}

    /**
     * Limits besides that of memory, as {@link LimitText} reads them; what is not given stays, {@code none} takes away.
     *
     * @param cpu cores such as {@code 0.5}, or thousandths such as {@code 500m}
     * @param disk what an instance may write to its own files: {@code 1G}
     * @param pids threads and processes
     * @param files open at once, for each of its processes
     * @param bandwidth traffic in each direction, a second: {@code 10M}
     * @param io reads and writes of the host's disk, each, a second: {@code 50M}
     */
    public record LimitsBody(
            @Nullable String cpu,
            @Nullable String disk,
            @Nullable String pids,
            @Nullable String files,
            @Nullable String bandwidth,
            @Nullable String io) {}

    /** Answer to {@code PUT /apps/{app}}: whether the app was made by this, and the id of the newest event before it. */
    public record PutAppResponse(boolean created, long version, long afterEvent, AppView app) {}

    /** {@code PATCH /apps/{app}}: what is given is changed, as a new release where it concerns one. */
    public record PatchApp(
            @Nullable Integer instances,
            @Nullable String memory,
            @Nullable String command,
            @Nullable LimitsBody limits) {

        /** A change that says nothing of the other limits. */
        public PatchApp(@Nullable Integer instances, @Nullable String memory, @Nullable String command) {
            this(instances, memory, command, null);
        }
    }

    /**
     * {@code PATCH /apps/{app}/checks}, and part of {@code PUT /apps/{app}}: what is not given stays. Checks are written as
     * {@link CheckRules} reads them.
     *
     * @param check when an instance is ready
     * @param liveness when a ready one is alive
     * @param livenessInterval seconds
     * @param livenessTimeout seconds
     * @param livenessFailures how many in a row end it
     * @param graceSeconds from SIGTERM to SIGKILL; 0 for the platform's own
     * @param beforeStop command run inside it before SIGTERM; empty for none
     */
    public record ChecksBody(
            @Nullable String check,
            @Nullable Integer startLimitSeconds,
            @Nullable String liveness,
            @Nullable Integer livenessInterval,
            @Nullable Integer livenessTimeout,
            @Nullable Integer livenessFailures,
            @Nullable Integer graceSeconds,
            @Nullable String beforeStop) {
        public static final ChecksBody NOTHING = new ChecksBody(null, null, null, null, null, null, null, null);
    }

    /** {@code GET /apps/{app}/checks}: of the newest release; see {@link ChecksBody}. */
    public record Checks(
            String check,
            int startLimitSeconds,
            String liveness,
            int livenessInterval,
            int livenessTimeout,
            int livenessFailures,
            int graceSeconds,
            String beforeStop) {}

    /** {@code POST /apps/{app}/scale}: {@code 3}, {@code +1} or {@code -1}. */
    public record Scale(String instances) {}

    /** {@code POST /apps/{app}/routes}. */
    public record RouteBody(String route) {}

    /** {@code PATCH /apps/{app}/environment}. */
    public record PatchEnvironment(
            @Nullable Map<String, String> set, @Nullable List<String> unset) {}

    /** {@code GET /apps/{app}/environment}. */
    public record Environment(Map<String, String> variables) {}

    /** {@code GET /apps}. */
    public record Apps(List<AppView> apps) {}

    /**
     * {@code GET /apps/{app}}.
     *
     * @param state {@code started} or {@code stopped}
     * @param running number of instances that are ready
     * @param health {@code running}, {@code rolling}, {@code starting}, {@code partial}, {@code crashed},
     *     {@code flapping}, {@code stopped}, {@code empty} (nothing pushed yet)
     * @param urls of its routes
     * @param version of the target release, 0 for none
     * @param liveVersion of the release that serves, 0 for none
     * @param limits of each instance of the target release
     * @param stack name of the system they see; null where that is the host's
     */
    public record AppView(
            String name,
            String state,
            String health,
            int instances,
            int running,
            long memoryBytes,
            List<String> routes,
            List<String> urls,
            long version,
            long liveVersion,
            @Nullable String buildpack,
            @Nullable String command,
            @Nullable String droplet,
            @Nullable String failure,
            Instant createdAt,
            Instant updatedAt,
            List<ProcessView> processes,
            @Nullable Limits limits,
            @Nullable String stack) {

        /** Of a platform that does not tell its stack. */
        public AppView(
                String name,
                String state,
                String health,
                int instances,
                int running,
                long memoryBytes,
                List<String> routes,
                List<String> urls,
                long version,
                long liveVersion,
                @Nullable String buildpack,
                @Nullable String command,
                @Nullable String droplet,
                @Nullable String failure,
                Instant createdAt,
                Instant updatedAt,
                List<ProcessView> processes,
                @Nullable Limits limits) {
            this(
                    name,
                    state,
                    health,
                    instances,
                    running,
                    memoryBytes,
                    routes,
                    urls,
                    version,
                    liveVersion,
                    buildpack,
                    command,
                    droplet,
                    failure,
                    createdAt,
                    updatedAt,
                    processes,
                    limits,
                    null);
        }

        /** Of a platform that does not tell its limits. */
        public AppView(
                String name,
                String state,
                String health,
                int instances,
                int running,
                long memoryBytes,
                List<String> routes,
                List<String> urls,
                long version,
                long liveVersion,
                @Nullable String buildpack,
                @Nullable String command,
                @Nullable String droplet,
                @Nullable String failure,
                Instant createdAt,
                Instant updatedAt,
                List<ProcessView> processes) {
            this(
                    name,
                    state,
                    health,
                    instances,
                    running,
                    memoryBytes,
                    routes,
                    urls,
                    version,
                    liveVersion,
                    buildpack,
                    command,
                    droplet,
                    failure,
                    createdAt,
                    updatedAt,
                    processes,
                    null);
        }
    }

    /** {@code GET /processes}: the whole tree, parents before children. */
    public record Processes(List<ProcessView> processes) {}

    /**
     * A row of {@code holt ps}.
     *
     * @param program {@code instance}, {@code forked}, {@code supervisor} or {@code platform}
     * @param index of the instance; -1 for others
     * @param state see {@link ProcessState}, lower case
     * @param memoryBytes in use; 0 while unknown
     * @param memoryLimitBytes its limit; 0 for none
     * @param cpuPercent of one core, over the last seconds
     * @param since when it came into this state
     * @param restarts starts of this slot after the first
     * @param note why it waits, how it ended; null for nothing to say
     * @param limits what it may use; null for the platform's own
     * @param load what it uses besides memory and cpu; null for the platform's own
     */
    public record ProcessView(
            long pid,
            long ppid,
            String program,
            @Nullable String app,
            int index,
            long version,
            String state,
            @Nullable String host,
            @Nullable String address,
            int port,
            long memoryBytes,
            long memoryLimitBytes,
            double cpuPercent,
            int restarts,
            Instant since,
            @Nullable Instant startedAt,
            @Nullable Exit exit,
            @Nullable String note,
            @Nullable Limits limits,
            @Nullable LoadView load) {

        /** A process without limits of its own. */
        public ProcessView(
                long pid,
                long ppid,
                String program,
                @Nullable String app,
                int index,
                long version,
                String state,
                @Nullable String host,
                @Nullable String address,
                int port,
                long memoryBytes,
                long memoryLimitBytes,
                double cpuPercent,
                int restarts,
                Instant since,
                @Nullable Instant startedAt,
                @Nullable Exit exit,
                @Nullable String note) {
            this(
                    pid,
                    ppid,
                    program,
                    app,
                    index,
                    version,
                    state,
                    host,
                    address,
                    port,
                    memoryBytes,
                    memoryLimitBytes,
                    cpuPercent,
                    restarts,
                    since,
                    startedAt,
                    exit,
                    note,
                    null,
                    null);
        }
    }

    /**
     * What a process uses besides memory and cpu; rates over the last seconds.
     *
     * @param pids threads and processes of the operating system
     * @param diskBytes of its limit of disk; 0 where it has none
     */
    public record LoadView(long pids, long diskBytes, long receivedBytesPerSecond, long sentBytesPerSecond) {}

    /**
     * {@code GET /processes/{pid}/why}.
     *
     * @param summary one sentence
     * @param reasons what led to it
     * @param remedies what would change it, each on its own; empty where nothing has to change
     */
    public record Why(long pid, String summary, List<String> reasons, List<String> remedies) {}

    /** {@code POST /rebalance}: with {@code dryRun} only what would be done is said. */
    public record Rebalance(@Nullable Boolean dryRun) {}

    /** Answer to {@code POST /rebalance}: what moves first, at most a few; empty where nothing is to be gained. */
    public record Moves(List<MoveView> moves) {}

    /** An instance that moves to another host, and why. */
    public record MoveView(long pid, String app, int index, String from, String to, String reason) {}

    /** {@code GET /apps/{app}/events}, oldest first. */
    public record Events(List<Event> events) {}

    /** {@code GET /apps/{app}/logs}, oldest first. */
    public record Logs(List<LogLine> lines) {}

    /** {@code GET /apps/{app}/files} of a folder. */
    public record Files(String path, List<AgentReply.FileInfo> files) {}

    /** {@code GET /hosts}. */
    public record Hosts(List<HostView> hosts) {}

    /**
     * One host.
     *
     * @param capacity what may be given to processes; nothing while that is unknown
     * @param free what can still be promised to processes
     * @param runtimes what programs find there, by name with its version
     * @param drain how far it is on its way to hold nothing; null where it is not drained
     */
    public record HostView(
            String name,
            String state,
            String backend,
            String runtime,
            List<String> warnings,
            String zone,
            List<String> tags,
            int cores,
            long memoryBytes,
            long reservedBytes,
            Resources capacity,
            Resources free,
            int processes,
            Instant heardAt,
            @Nullable Map<String, String> runtimes,
            @Nullable DrainView drain) {

        /** A host of which no more is known. */
        public HostView(
                String name,
                String state,
                String backend,
                String runtime,
                List<String> warnings,
                String zone,
                List<String> tags,
                int cores,
                long memoryBytes,
                long reservedBytes,
                Resources capacity,
                Resources free,
                int processes,
                Instant heardAt) {
            this(
                    name,
                    state,
                    backend,
                    runtime,
                    warnings,
                    zone,
                    tags,
                    cores,
                    memoryBytes,
                    reservedBytes,
                    capacity,
                    free,
                    processes,
                    heardAt,
                    null,
                    null);
        }
    }

    /** {@code PUT /hosts/{host}/drain}: with {@code force} what cannot be moved is ended. */
    public record DrainBody(@Nullable Boolean force) {}

    /**
     * {@code GET /hosts/{host}/drain}: how far a host is on its way to hold no process.
     *
     * @param drained whether it is to hold none
     * @param left number of processes that are still there
     * @param stuck those that do not leave at present
     */
    public record DrainView(
            String host,
            boolean drained,
            @Nullable Instant since,
            @Nullable String actor,
            boolean force,
            int left,
            List<StuckView> stuck) {}

    /** A process that does not leave its host, and why. */
    public record StuckView(long pid, String app, int index, String reason) {}

    /** {@code POST /tokens}: role is {@code admin}, {@code developer} or {@code reader}. */
    public record CreateToken(String name, String role) {}

    /** A new token: the only time its text is shown. */
    public record CreatedToken(String id, String name, String role, String token) {}

    /** {@code GET /tokens}. */
    public record Tokens(List<TokenView> tokens) {}

    /** A token without its text. */
    public record TokenView(
            String id,
            String name,
            String role,
            Instant createdAt,
            @Nullable Instant lastUsedAt) {}
}
