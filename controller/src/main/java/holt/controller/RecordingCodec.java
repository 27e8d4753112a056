package holt.controller;

import com.fasterxml.jackson.annotation.JsonAutoDetect.Visibility;
import com.fasterxml.jackson.annotation.JsonInclude;
import com.fasterxml.jackson.annotation.JsonTypeInfo;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.DeserializationFeature;
import tools.jackson.databind.SerializationFeature;
import tools.jackson.databind.cfg.DateTimeFeature;
import tools.jackson.databind.cfg.MapperConfig;
import tools.jackson.databind.introspect.Annotated;
import tools.jackson.databind.introspect.AnnotatedClass;
import tools.jackson.databind.introspect.JacksonAnnotationIntrospector;
import tools.jackson.databind.json.JsonMapper;
import tools.jackson.databind.jsontype.NamedType;

/**
 * Writes and reads what the cluster's brain is told and decides. Knows no type by name: a record is the object of its
 * components, and a value of a sealed interface says in {@code type} which permitted record it is. Reads strictly:
 * what it does not know is told, not skipped, since a replay without it would prove nothing.
 */
final class RecordingCodec {
    private static final JsonMapper MAPPER = JsonMapper.builder()
            .annotationIntrospector(new SealedTypes())
            .changeDefaultVisibility(visibility -> visibility
                    .withFieldVisibility(Visibility.ANY)
                    .withGetterVisibility(Visibility.NONE)
                    .withIsGetterVisibility(Visibility.NONE))
            .changeDefaultPropertyInclusion(inclusion ->
                    JsonInclude.Value.construct(JsonInclude.Include.NON_NULL, JsonInclude.Include.NON_NULL))
            .disable(DateTimeFeature.WRITE_DATES_AS_TIMESTAMPS)
            .disable(DateTimeFeature.WRITE_DURATIONS_AS_TIMESTAMPS)
            .enable(SerializationFeature.ORDER_MAP_ENTRIES_BY_KEYS)
            .enable(DeserializationFeature.FAIL_ON_TRAILING_TOKENS)
            .enable(DeserializationFeature.FAIL_ON_UNKNOWN_PROPERTIES)
            .build();

    private RecordingCodec() {}

    static String text(Object value) {
        return MAPPER.writeValueAsString(value);
    }

    /** @throws tools.jackson.core.JacksonException for text that is not of that type */
    static <T> @Nullable T read(String text, Class<T> type) {
        return MAPPER.readValue(text, type);
    }

    /** Sees sealed interfaces that carry no annotations of their own: the kernel knows nothing of JSON. */
    private static final class SealedTypes extends JacksonAnnotationIntrospector {
        private static final long serialVersionUID = 1L;

        @Override
        public JsonTypeInfo.@Nullable Value findPolymorphicTypeInfo(MapperConfig<?> config, Annotated annotated) {
            return annotated instanceof AnnotatedClass && isMember(annotated.getRawType())
                    ? JsonTypeInfo.Value.construct(
                            JsonTypeInfo.Id.NAME, JsonTypeInfo.As.PROPERTY, "type", null, false, null)
                    : super.findPolymorphicTypeInfo(config, annotated);
        }

        @Override
        public @Nullable List<NamedType> findSubtypes(MapperConfig<?> config, Annotated annotated) {
            Class<?> raw = annotated.getRawType();
            if (!(annotated instanceof AnnotatedClass) || !isRoot(raw)) {
                return super.findSubtypes(config, annotated);
            }
            List<NamedType> records = new ArrayList<>();
            addRecords(raw, records);
            return records;
        }

        @Override
        public @Nullable String findTypeName(MapperConfig<?> config, AnnotatedClass annotated) {
            return isMember(annotated.getRawType())
                    ? annotated.getRawType().getSimpleName()
                    : super.findTypeName(config, annotated);
        }

        private static void addRecords(Class<?> type, List<NamedType> records) {
            for (Class<?> permitted : type.getPermittedSubclasses()) {
                if (permitted.isSealed()) {
                    addRecords(permitted, records);
                } else {
                    records.add(new NamedType(permitted, permitted.getSimpleName()));
                }
            }
        }

        private static boolean isRoot(Class<?> type) {
            return type.isInterface() && type.isSealed() && !type.isAnnotationPresent(JsonTypeInfo.class);
        }

        private static boolean isMember(Class<?> type) {
            if (isRoot(type)) {
                return true;
            }
            for (Class<?> parent : type.getInterfaces()) {
                if (isMember(parent)) {
                    return true;
                }
            }
            return false;
        }
    }
}
