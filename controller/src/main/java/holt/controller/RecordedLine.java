package holt.controller;

import holt.kernel.ClusterSettings;
import holt.kernel.Effect;
import holt.kernel.Input;
import holt.model.Truth;
import java.time.Instant;
import java.util.List;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/** One line of a recording; see {@link Recorder}. */
sealed interface RecordedLine {
    /** Counts the shapes that recordings had. */
    int FORMAT = 1;

    /** Instance ids that were drawn meanwhile, in their order. */
    List<String> ids();

    /** What was decided. */
    List<Effect> effects();

    /** The exception that ended the brain instead; null where it decided. */
    @Nullable
    String fault();

    /**
     * A brain began.
     *
     * @param format {@link #FORMAT}
     */
    record Begin(
            int format,
            Instant at,
            String epoch,
            ClusterSettings settings,
            Truth truth,
            List<String> ids,
            List<Effect> effects,
            @Nullable String fault)
            implements RecordedLine {
        public Begin {
            Objects.requireNonNull(at, "at");
            Objects.requireNonNull(epoch, "epoch");
            Objects.requireNonNull(settings, "settings");
            Objects.requireNonNull(truth, "truth");
            ids = List.copyOf(ids);
            effects = List.copyOf(effects);
        }
    }

    /** The brain that began last was told something. */
    record Step(
            Instant at,
            Input input,
            List<String> ids,
            List<Effect> effects,
            @Nullable String fault) implements RecordedLine {
        public Step {
            Objects.requireNonNull(at, "at");
            Objects.requireNonNull(input, "input");
            ids = List.copyOf(ids);
            effects = List.copyOf(effects);
        }
    }
}
