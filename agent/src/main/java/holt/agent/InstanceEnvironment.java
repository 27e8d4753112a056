package holt.agent;

import holt.model.Json;
import holt.model.Limits;
import holt.model.ProcessSpec;
import java.nio.file.Path;
import java.time.Instant;
import java.time.ZoneOffset;
import java.time.format.DateTimeFormatter;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;

/**
 * The variables of an instance. Later ones win: the platform's defaults, the buildpack's, the user's, and last those by
 * which the program learns who and where it is, which nobody else can set. Pure.
 */
final class InstanceEnvironment {
    private static final DateTimeFormatter VCAP_TIME =
            DateTimeFormatter.ofPattern("yyyy-MM-dd HH:mm:ss Z").withZone(ZoneOffset.UTC);

    private InstanceEnvironment() {}

    /** What an instance is told of its surroundings. */
    record Surroundings(
            String host, String listenAddress, int port, String home, Path javaHome, String path, Instant now) {}

    static Map<String, String> variables(
            ProcessSpec spec, Map<String, String> buildpack, Map<String, String> user, Surroundings surroundings) {
        Map<String, String> variables = new TreeMap<>();
        variables.put("PATH", surroundings.javaHome().resolve("bin") + ":" + surroundings.path());
        variables.put("JAVA_HOME", surroundings.javaHome().toString());
        variables.put("HOME", surroundings.home());
        variables.put("TMPDIR", "/tmp");
        variables.put("LANG", "C.UTF-8");
        variables.put("USER", "app");
        variables.put("VCAP_SERVICES", "{}");
        variables.putAll(buildpack);
        variables.putAll(user);
        variables.put("PORT", Integer.toString(surroundings.port()));
        variables.put("HOST", surroundings.listenAddress());
        variables.put("HOLT_PID", Long.toString(spec.pid()));
        variables.put("HOLT_PPID", Long.toString(spec.ppid()));
        variables.put("HOLT_GROUP", Long.toString(spec.group()));
        variables.put("HOLT_APP", spec.app());
        variables.put("HOLT_INDEX", Integer.toString(spec.index()));
        variables.put("HOLT_HOST", surroundings.host());
        variables.put("HOLT_INSTANCE", spec.instanceId());
        variables.put("VCAP_APP_HOST", surroundings.listenAddress());
        variables.put("VCAP_APP_PORT", Integer.toString(surroundings.port()));
        variables.put("VCAP_APPLICATION", application(spec, surroundings));
        return variables;
    }

    private static String application(ProcessSpec spec, Surroundings surroundings) {
        String now = VCAP_TIME.format(surroundings.now());
        Map<String, Object> application = new LinkedHashMap<>();
        application.put("instance_id", spec.instanceId());
        application.put("instance_index", spec.index());
        application.put("name", spec.app());
        application.put("application_name", spec.app());
        application.put("uris", spec.routes());
        application.put("application_uris", spec.routes());
        application.put("users", List.of());
        application.put("version", Long.toString(spec.version()));
        application.put("start", now);
        application.put("started_at", now);
        application.put("state_timestamp", surroundings.now().getEpochSecond());
        application.put("host", surroundings.listenAddress());
        application.put("port", surroundings.port());
        Limits limits = spec.limits();
        int files = limits.files() > 0 ? limits.files() : HostLimits.USUAL_FILES;
        application.put("limits", Map.of("fds", files, "mem", limits.memoryBytes(), "disk", limits.diskBytes()));
        return Json.text(application);
    }
}
