package holt.cli;

import java.lang.reflect.Constructor;
import java.lang.reflect.InvocationTargetException;
import java.lang.reflect.Method;
import java.lang.reflect.ParameterizedType;
import java.lang.reflect.RecordComponent;
import java.lang.reflect.Type;
import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.time.format.DateTimeParseException;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * The model's records as JSON and back, in the form that {@link holt.model.Json} gives them (tests hold the two
 * together): instants as text, enums by name, nulls left out, unknown members ignored. A list or map that is missing is
 * empty. See {@link JsonParser} for why it exists; for the same reason it has no switch over types, whose first use in a
 * process is as slow as all the rest of it.
 */
final class LeanJson {
    private LeanJson() {}

    /**
     * Reads a record.
     *
     * @throws JsonParser.Fault where it is not JSON or does not have the record's shape
     */
    static <T> T read(byte[] json, Class<T> type) {
        return convert(JsonParser.parse(json), type);
    }

    /** Reads a record from text. */
    static <T> T read(String json, Class<T> type) {
        return convert(JsonParser.parse(json), type);
    }

    /** A parsed value as a record. */
    static <T> T convert(@Nullable Object value, Class<T> type) {
        Object bound = bind(value, type);
        if (bound == null) {
            throw new JsonParser.Fault("null where " + type.getSimpleName() + " was expected");
        }
        return type.cast(bound);
    }

    /** Writes a record, map, list or simple value. */
    static String text(Object value) {
        StringBuilder text = new StringBuilder(256);
        write(value, text);
        return text.toString();
    }

    static byte[] bytes(Object value) {
        return text(value).getBytes(StandardCharsets.UTF_8);
    }

    private static @Nullable Object bind(@Nullable Object value, Type type) {
        if (type instanceof ParameterizedType generic) {
            return bindGeneric(value, generic);
        }
        Class<?> wanted = (Class<?>) type;
        if (value == null) {
            return wanted.isPrimitive() ? zero(wanted) : null;
        }
        if (wanted.isRecord() && value instanceof Map<?, ?> members) {
            return bindRecord(members, wanted);
        }
        if (wanted == Object.class) {
            return value;
        }
        Object simple = bindSimple(value, wanted);
        if (simple == null) {
            throw new JsonParser.Fault(
                    "'" + Text.printable(value.toString(), 40) + "' where " + wanted.getSimpleName() + " was expected");
        }
        return simple;
    }

    private static @Nullable Object bindSimple(Object value, Class<?> wanted) {
        if (value instanceof Number number) {
            return bindNumber(number, wanted);
        }
        if (value instanceof String text) {
            return bindText(text, wanted);
        }
        boolean isTruth = wanted == boolean.class || wanted == Boolean.class;
        return value instanceof Boolean && isTruth ? value : null;
    }

    private static @Nullable Object bindNumber(Number number, Class<?> wanted) {
        if (wanted == int.class || wanted == Integer.class) {
            return number.intValue();
        }
        if (wanted == long.class || wanted == Long.class) {
            return number.longValue();
        }
        return wanted == double.class ? number.doubleValue() : null;
    }

    private static @Nullable Object bindText(String text, Class<?> wanted) {
        if (wanted == String.class) {
            return text;
        }
        if (wanted == Instant.class) {
            return instant(text);
        }
        return wanted.isEnum() ? constant(text, wanted) : null;
    }

    private static Instant instant(String text) {
        try {
            return Instant.parse(text);
        } catch (DateTimeParseException none) {
            throw new JsonParser.Fault("'" + Text.printable(text, 40) + "' where a time was expected");
        }
    }

    private static @Nullable Object constant(String name, Class<?> type) {
        for (Object constant : type.getEnumConstants()) {
            if (((Enum<?>) constant).name().equals(name)) {
                return constant;
            }
        }
        return null;
    }

    private static Object bindGeneric(@Nullable Object value, ParameterizedType generic) {
        Type[] arguments = generic.getActualTypeArguments();
        if (generic.getRawType() == List.class && (value == null || value instanceof List<?>)) {
            return value == null
                    ? List.of()
                    : ((List<?>) value)
                            .stream().map(item -> bind(item, arguments[0])).toList();
        }
        if (generic.getRawType() == Map.class && (value == null || value instanceof Map<?, ?>)) {
            Map<Object, @Nullable Object> map = new LinkedHashMap<>();
            if (value != null) {
                ((Map<?, ?>) value).forEach((name, item) -> map.put(name, bind(item, arguments[1])));
            }
            return map;
        }
        throw new JsonParser.Fault("neither a list nor an object where " + generic + " was expected");
    }

    private static Object bindRecord(Map<?, ?> members, Class<?> type) {
        RecordComponent[] components = type.getRecordComponents();
        Class<?>[] types = new Class<?>[components.length];
        @Nullable Object[] arguments = new @Nullable Object[components.length];
        for (int i = 0; i < components.length; i++) {
            types[i] = components[i].getType();
            arguments[i] = bind(members.get(components[i].getName()), components[i].getGenericType());
        }
        try {
            Constructor<?> constructor = type.getDeclaredConstructor(types);
            return constructor.newInstance(arguments);
        } catch (InvocationTargetException refused) {
            throw new JsonParser.Fault(type.getSimpleName() + ": "
                    + (refused.getCause() == null ? refused : refused.getCause()).getMessage());
        } catch (ReflectiveOperationException impossible) {
            throw new IllegalStateException("The record " + type + " has no open constructor", impossible);
        }
    }

    private static Object zero(Class<?> type) {
        if (type == boolean.class) {
            return false;
        }
        return type == int.class ? (Object) 0 : type == long.class ? (Object) 0L : (Object) 0.0;
    }

    private static void write(@Nullable Object value, StringBuilder text) {
        if (value == null || value instanceof Number || value instanceof Boolean) {
            text.append(value);
        } else if (value instanceof Map<?, ?> map) {
            writeMap(map, text);
        } else if (value instanceof List<?> list) {
            writeList(list, text);
        } else if (value instanceof Record fields) {
            writeMap(members(fields), text);
        } else {
            quote(value instanceof Enum<?> constant ? constant.name() : value.toString(), text);
        }
    }

    private static Map<String, Object> members(Record fields) {
        Map<String, Object> members = new LinkedHashMap<>();
        try {
            for (RecordComponent component : fields.getClass().getRecordComponents()) {
                Method accessor = component.getAccessor();
                accessor.setAccessible(true); // results of other packages need not be public
                Object member = accessor.invoke(fields);
                if (member != null) {
                    members.put(component.getName(), member);
                }
            }
        } catch (ReflectiveOperationException impossible) {
            throw new IllegalStateException("The record " + fields.getClass() + " cannot be read", impossible);
        }
        return members;
    }

    private static void writeMap(Map<?, ?> map, StringBuilder text) {
        text.append('{');
        boolean first = true;
        for (Map.Entry<?, ?> entry : map.entrySet()) {
            text.append(first ? "" : ",");
            quote(String.valueOf(entry.getKey()), text);
            text.append(':');
            write(entry.getValue(), text);
            first = false;
        }
        text.append('}');
    }

    private static void writeList(List<?> list, StringBuilder text) {
        text.append('[');
        boolean first = true;
        for (Object item : list) {
            text.append(first ? "" : ",");
            write(item, text);
            first = false;
        }
        text.append(']');
    }

    private static void quote(String value, StringBuilder text) {
        text.append('"');
        for (int i = 0; i < value.length(); i++) {
            char c = value.charAt(i);
            switch (c) {
                case '"', '\\' -> text.append('\\').append(c);
                case '\n' -> text.append("\\n");
                case '\r' -> text.append("\\r");
                case '\t' -> text.append("\\t");
                default -> {
                    if (c < ' ' || c == 0x7f || c == '\u2028' || c == '\u2029') {
                        text.append(String.format(Locale.ROOT, "\\u%04x", (int) c));
                    } else {
                        text.append(c);
                    }
                }
            }
        }
        text.append('"');
    }
}
