package holt.model;

import java.io.InputStream;
import tools.jackson.core.JacksonException;
import tools.jackson.core.JsonParser;
import tools.jackson.core.StreamReadConstraints;
import tools.jackson.core.json.JsonFactory;
import tools.jackson.databind.DeserializationFeature;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.MapperFeature;
import tools.jackson.databind.cfg.DateTimeFeature;
import tools.jackson.databind.json.JsonMapper;

/** The one way Holt reads and writes JSON: records as objects, instants as ISO-8601 text, nulls left out. */
public final class Json {
    private static final int MAX_DEPTH = 50;

    private static final JsonMapper MAPPER = JsonMapper.builder(JsonFactory.builder()
                    .streamReadConstraints(StreamReadConstraints.builder()
                            .maxNestingDepth(MAX_DEPTH)
                            .build())
                    .build())
            .disable(DateTimeFeature.WRITE_DATES_AS_TIMESTAMPS)
            .disable(DateTimeFeature.WRITE_DURATIONS_AS_TIMESTAMPS)
            .enable(DeserializationFeature.FAIL_ON_TRAILING_TOKENS)
            .disable(DeserializationFeature.FAIL_ON_UNKNOWN_PROPERTIES)
            .changeDefaultPropertyInclusion(inclusion -> com.fasterxml.jackson.annotation.JsonInclude.Value.construct(
                    com.fasterxml.jackson.annotation.JsonInclude.Include.NON_NULL,
                    com.fasterxml.jackson.annotation.JsonInclude.Include.NON_NULL))
            .build();

    /** Refuses what it does not know: for bodies from outside, where an unknown field is a mistake to be told. */
    private static final JsonMapper STRICT = MAPPER.rebuild()
            .enable(DeserializationFeature.FAIL_ON_UNKNOWN_PROPERTIES)
            .enable(DeserializationFeature.FAIL_ON_NULL_FOR_PRIMITIVES)
            .disable(DeserializationFeature.ACCEPT_FLOAT_AS_INT)
            .disable(MapperFeature.ALLOW_COERCION_OF_SCALARS)
            .build();

    private Json() {}

    /** Writes a value as UTF-8 JSON. */
    public static byte[] bytes(Object value) {
        return MAPPER.writeValueAsBytes(value);
    }

    /** Writes a value as a JSON string. */
    public static String text(Object value) {
        return MAPPER.writeValueAsString(value);
    }

    /** Writes a value as indented JSON, for people. */
    public static String pretty(Object value) {
        return MAPPER.writerWithDefaultPrettyPrinter().writeValueAsString(value);
    }

    /** Reads JSON written by another part of Holt; unknown members are ignored, so that versions can differ. */
    public static <T> T read(byte[] json, Class<T> type) {
        return MAPPER.readValue(json, type);
    }

    /** Reads JSON written by another part of Holt. */
    public static <T> T read(String json, Class<T> type) {
        return MAPPER.readValue(json, type);
    }

    /** Reads JSON from a stream. */
    public static <T> T read(InputStream json, Class<T> type) {
        return MAPPER.readValue(json, type);
    }

    /** Reads any JSON value. */
    public static JsonNode tree(byte[] json) {
        return MAPPER.readTree(json);
    }

    /** Reads a range of bytes token by token, for those who read so often that a tree is too much. */
    public static JsonParser parser(byte[] json, int from, int length) {
        return MAPPER.createParser(json, from, length);
    }

    /** A node as a typed value. */
    public static <T> T convert(JsonNode node, Class<T> type) {
        return MAPPER.treeToValue(node, type);
    }

    /**
     * Reads a body from outside.
     *
     * @throws ProblemException {@code body-invalid} naming the place of the fault: not JSON, a wrong type, an unknown
     *     field (with the known ones)
     */
    public static <T> T readStrictly(byte[] json, Class<T> type) {
        try {
            T value = STRICT.readValue(json, type);
            if (value == null) {
                throw Problem.of(ErrorCode.BODY_INVALID, "The body is the JSON value null.")
                        .expected("a JSON object", "null")
                        .exception();
            }
            return value;
        } catch (JacksonException fault) {
            throw JsonFault.problem(fault).exception();
        }
    }
}
