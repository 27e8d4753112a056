package holt.controller;

import java.lang.reflect.AnnotatedParameterizedType;
import java.lang.reflect.AnnotatedType;
import java.lang.reflect.ParameterizedType;
import java.lang.reflect.RecordComponent;
import java.lang.reflect.Type;
import java.time.Instant;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/** JSON schemas of records, by reflection: each record once, by its simple name. Used by one thread. */
final class Schemas {
    private static final Set<Class<?>> WHOLE = Set.of(int.class, Integer.class, long.class, Long.class);

    private final Map<String, Object> all = new TreeMap<>();
    private final Map<String, Class<?>> named = new TreeMap<>();

    /** All schemas that were referred to, by name. */
    Map<String, Object> all() {
        return all;
    }

    Map<String, Object> reference(Class<?> type) {
        String name = type.getSimpleName();
        Class<?> before = named.putIfAbsent(name, type);
        if (before != null && before != type) {
            throw new IllegalStateException("Two types of the API are named " + name + ": " + before + " and " + type);
        }
        if (before == null) {
            all.put(name, record(type));
        }
        return Map.of("$ref", "#/components/schemas/" + name);
    }

    private Map<String, Object> record(Class<?> type) {
        Map<String, Object> properties = new LinkedHashMap<>();
        List<String> required = new ArrayList<>();
        for (RecordComponent component : type.getRecordComponents()) {
            properties.put(component.getName(), schema(component.getAnnotatedType()));
            if (!component.getAnnotatedType().isAnnotationPresent(Nullable.class)) {
                required.add(component.getName());
            }
        }
        Map<String, Object> schema = new LinkedHashMap<>();
        schema.put("type", "object");
        schema.put("properties", properties);
        if (!required.isEmpty()) {
            schema.put("required", required);
        }
        return schema;
    }

    private Map<String, Object> schema(AnnotatedType annotated) {
        Type type = annotated.getType();
        if (type instanceof ParameterizedType generic) {
            AnnotatedType[] arguments = ((AnnotatedParameterizedType) annotated).getAnnotatedActualTypeArguments();
            return generic.getRawType() == Map.class
                    ? Map.of("type", "object", "additionalProperties", schema(arguments[1]))
                    : Map.of("type", "array", "items", schema(arguments[0]));
        }
        return schema((Class<?>) type);
    }

    private Map<String, Object> schema(Class<?> type) {
        if (WHOLE.contains(type)) {
            boolean wide = type == long.class || type == Long.class;
            return Map.of("type", "integer", "format", wide ? "int64" : "int32");
        }
        if (type == double.class) {
            return Map.of("type", "number");
        }
        if (type == boolean.class || type == Boolean.class) {
            return Map.of("type", "boolean");
        }
        if (type == String.class) {
            return Map.of("type", "string");
        }
        if (type == Instant.class) {
            return Map.of("type", "string", "format", "date-time");
        }
        if (type.isEnum()) {
            return Map.of(
                    "type",
                    "string",
                    "enum",
                    Stream.of(type.getEnumConstants()).map(Object::toString).toList());
        }
        return reference(type);
    }
}
