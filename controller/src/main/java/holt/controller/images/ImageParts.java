package holt.controller.images;

import holt.model.Digest;
import holt.model.ErrorCode;
import holt.model.Json;
import holt.model.Problem;
import holt.model.ProblemException;
import holt.model.RootFileSystem;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import tools.jackson.core.JacksonException;
import tools.jackson.databind.JsonNode;

/** Reads the documents that an image consists of (OCI image specification 1.1, Docker's manifest version 2.2). Pure. */
final class ImageParts {
    static final List<String> INDEXES = List.of(
            "application/vnd.oci.image.index.v1+json", "application/vnd.docker.distribution.manifest.list.v2+json");
    static final List<String> MANIFESTS = List.of(
            "application/vnd.oci.image.manifest.v1+json", "application/vnd.docker.distribution.manifest.v2+json");
    private static final List<String> LAYERS = List.of(
            "application/vnd.oci.image.layer.v1.tar",
            "application/vnd.oci.image.layer.v1.tar+gzip",
            "application/vnd.oci.image.layer.v1.tar+zstd",
            "application/vnd.docker.image.rootfs.diff.tar",
            "application/vnd.docker.image.rootfs.diff.tar.gzip",
            "application/vnd.docker.image.rootfs.diff.tar.zstd");
    private static final String SHA256 = "sha256:";
    private static final int MAX_VALUES = 10_000;
    private static final int MAX_PORT = 65_535;

    private ImageParts() {}

    /**
     * Something by its digest.
     *
     * @param digest without the name of its algorithm
     */
    record Part(String digest, long bytes) {}

    /** @param layers the lowest first */
    record Manifest(Part config, List<Part> layers) {}

    /** The manifest, of those in an index, that this machine can run. */
    static Part ofPlatform(byte[] index, String architecture) {
        List<String> others = new ArrayList<>();
        for (JsonNode each : read(index, "index").path("manifests").values()) {
            JsonNode platform = each.path("platform");
            String system = platform.path("os").asString("");
            String machine = platform.path("architecture").asString("");
            if (system.equals("linux") && machine.equals(architecture)) {
                return part(each);
            }
            if (!system.equals("unknown")) {
                others.add(system + "/" + machine);
            }
        }
        throw wrongPlatform(architecture, String.join(", ", others)).exception();
    }

    static Manifest manifest(byte[] json) {
        JsonNode root = read(json, "manifest");
        List<Part> layers = new ArrayList<>();
        for (JsonNode each : root.path("layers").values()) {
            String type = each.path("mediaType").asString("");
            if (!LAYERS.contains(type)) {
                throw invalid("One of its layers is of a kind that is not known here.")
                        .expected(String.join(", ", LAYERS), shown(type))
                        .exception();
            }
            layers.add(part(each));
        }
        if (layers.isEmpty() || layers.size() > RootFileSystem.MAX_LAYERS) {
            throw invalid("It has " + layers.size() + " layers.")
                    .expected("1 to " + RootFileSystem.MAX_LAYERS, null)
                    .remedy("Build it in fewer steps.")
                    .exception();
        }
        return new Manifest(part(root.path("config")), layers);
    }

    /** What the image says of its program. */
    static RootFileSystem.Image program(byte[] json, String architecture) {
        JsonNode root = read(json, "configuration");
        String system = root.path("os").asString("linux");
        String machine = root.path("architecture").asString(architecture);
        if (!system.equals("linux") || !machine.equals(architecture)) {
            throw wrongPlatform(architecture, shown(system + "/" + machine)).exception();
        }
        JsonNode config = root.path("config");
        Map<String, String> environment = new LinkedHashMap<>();
        for (String each : texts(config.path("Env"))) {
            int at = each.indexOf('=');
            if (at > 0) {
                environment.put(each.substring(0, at), each.substring(at + 1));
            }
        }
        List<String> program = new ArrayList<>(texts(config.path("Entrypoint")));
        program.addAll(texts(config.path("Cmd")));
        String folder = config.path("WorkingDir").asString("");
        return new RootFileSystem.Image(
                environment,
                program,
                folder.startsWith("/") ? folder : "/" + folder,
                config.path("User").asString(""),
                port(config.path("ExposedPorts")));
    }

    /** The lowest of those for TCP: they have no order. */
    private static int port(JsonNode ports) {
        return ports.properties().stream()
                .map(Map.Entry::getKey)
                .filter(each -> each.matches("\\d{1,5}(/tcp)?"))
                .mapToInt(each -> Integer.parseInt(each.replace("/tcp", "")))
                .filter(each -> each > 0 && each <= MAX_PORT)
                .min()
                .orElse(0);
    }

    private static List<String> texts(JsonNode list) {
        List<String> texts = new ArrayList<>();
        for (JsonNode each : list.values()) {
            String text = each.asString("");
            if (text.indexOf('\0') >= 0 || texts.size() >= MAX_VALUES) {
                throw invalid("Its configuration has a value that cannot be used.")
                        .exception();
            }
            texts.add(text);
        }
        return texts;
    }

    private static Part part(JsonNode node) {
        String digest = node.path("digest").asString("");
        long bytes = node.path("size").asLong(-1);
        String hex = digest.startsWith(SHA256) ? digest.substring(SHA256.length()) : "";
        if (!Digest.isValid(hex) || bytes < 0) {
            throw invalid("It does not say what it consists of.")
                    .expected("sha256 digests with sizes", shown(digest))
                    .exception();
        }
        return new Part(hex, bytes);
    }

    private static JsonNode read(byte[] json, String what) {
        try {
            return Json.tree(json);
        } catch (JacksonException fault) {
            throw new ProblemException(
                    invalid("Its " + what + " is no JSON.").expected("JSON", fault.getOriginalMessage()), fault);
        }
    }

    /** This machine's, as images call it. */
    static String architecture(@Nullable String name) {
        return switch (name == null ? "" : name.toLowerCase(Locale.ROOT)) {
            case "amd64", "x86_64" -> "amd64";
            case "aarch64", "arm64" -> "arm64";
            default -> String.valueOf(name);
        };
    }

    private static Problem wrongPlatform(String architecture, String found) {
        return invalid("It is not for machines like this one.")
                .expected("linux/" + architecture, found)
                .remedy("Build it for linux/" + architecture + ", or push a tag that has it.");
    }

    static Problem invalid(String detail) {
        return Problem.of(ErrorCode.IMAGE_INVALID, "The image cannot be used. " + detail);
    }

    private static String shown(String text) {
        return (text.length() > 80 ? text.substring(0, 80) + "..." : text).replaceAll("\\p{Cntrl}", "?");
    }
}
