package holt.controller;

import holt.model.Keeping;
import java.lang.reflect.Constructor;
import java.lang.reflect.ParameterizedType;
import java.lang.reflect.RecordComponent;
import java.lang.reflect.Type;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * Makes values of any record by its components, so that no type can be forgotten. Of each record come two: one with all
 * there is, one with null wherever that is allowed; of a sealed interface those of each permitted record.
 */
final class Samples {
    private static final int MAX_DEPTH = 8;

    /** Grows with each value, so that no two components are alike and none can be mistaken for another. */
    private int next = 1;

    private int depth;

    /** All samples of a type. */
    static List<Object> of(Class<?> type) {
        List<Object> samples = new ArrayList<>();
        for (Class<?> record : records(type)) {
            samples.add(new Samples().record(record, false));
            samples.add(new Samples().record(record, true));
        }
        return samples;
    }

    /** The records that a type permits, or itself. */
    static List<Class<?>> records(Class<?> type) {
        return type.isSealed()
                ? Arrays.stream(type.getPermittedSubclasses())
                        .flatMap(permitted -> records(permitted).stream())
                        .toList()
                : List.of(type);
    }

    private Object record(Class<?> type, boolean sparse) {
        depth++;
        try {
            RecordComponent[] components = type.getRecordComponents();
            Object[] values = new Object[components.length];
            Class<?>[] types = new Class<?>[components.length];
            for (int i = 0; i < components.length; i++) {
                types[i] = components[i].getType();
                boolean absent = sparse && components[i].getAnnotatedType().isAnnotationPresent(Nullable.class);
                values[i] = absent ? null : value(components[i].getGenericType(), sparse);
            }
            Constructor<?> constructor = type.getDeclaredConstructor(types);
            constructor.setAccessible(true);
            return constructor.newInstance(values);
        } catch (ReflectiveOperationException fault) {
            throw new IllegalStateException("No sample of " + type + " can be made", fault);
        } finally {
            depth--;
        }
    }

    private Object value(Type type, boolean sparse) {
        if (type instanceof ParameterizedType generic) {
            return collection((Class<?>) generic.getRawType(), generic.getActualTypeArguments(), sparse);
        }
        Class<?> raw = (Class<?>) type;
        if (raw == String.class) {
            return "text \"" + next++ + "\" ü\n";
        }
        if (raw == Instant.class) {
            return Instant.ofEpochSecond(1_700_000_000L + next++, 123_456_789);
        }
        if (raw == Duration.class) {
            return Duration.ofSeconds(next++, 1);
        }
        if (raw == boolean.class || raw == Boolean.class) {
            return true;
        }
        if (raw == int.class || raw == Integer.class) {
            return next++;
        }
        if (raw == long.class || raw == Long.class) {
            return (1L << 53) + next++;
        }
        if (raw == double.class || raw == Double.class) {
            return next++ / 3.0;
        }
        if (raw.isEnum()) {
            Object[] constants = raw.getEnumConstants();
            return constants[next++ % constants.length];
        }
        if (raw == Keeping.class) { // takes bounded numbers only
            Keeping.Strategy[] strategies = Keeping.Strategy.values();
            return new Keeping(
                    strategies[next++ % strategies.length],
                    next++ % Keeping.MAX_RESTARTS,
                    Duration.ofSeconds(1 + next++ % 3600, 1_000_000));
        }
        List<Class<?>> records = records(raw);
        return record(records.get(next++ % records.size()), sparse);
    }

    private Object collection(Class<?> raw, Type[] of, boolean sparse) {
        if (depth > MAX_DEPTH) {
            return raw == Map.class ? Map.of() : raw == Optional.class ? Optional.empty() : List.of();
        }
        if (raw == Map.class) {
            return Map.of(value(of[0], sparse), value(of[1], sparse), value(of[0], sparse), value(of[1], sparse));
        }
        if (raw == Set.class) {
            return Set.copyOf(elements(of[0], sparse));
        }
        if (raw == Optional.class) {
            return sparse ? Optional.empty() : Optional.of(value(of[0], false));
        }
        if (raw == List.class) {
            return elements(of[0], sparse);
        }
        throw new IllegalStateException("Expected a List, Set, Map or Optional, found " + raw);
    }

    /** Of a sealed interface one of each kind, else two. */
    private List<Object> elements(Type type, boolean sparse) {
        if (type instanceof Class<?> raw && raw.isSealed()) {
            return records(raw).stream().map(each -> record(each, sparse)).toList();
        }
        return List.of(value(type, sparse), value(type, sparse));
    }
}
