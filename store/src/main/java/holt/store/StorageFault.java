package holt.store;

import holt.model.ErrorCode;
import holt.model.Problem;
import holt.model.ProblemException;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Locale;
import org.sqlite.SQLiteErrorCode;
import org.sqlite.SQLiteException;

/** Tells a full disk from other failures of storage: the one can be mended by who reads it. */
final class StorageFault {
    /** A disk with less than this is as good as full: messages of the operating system can be in any language. */
    private static final long NEARLY_NOTHING_BYTES = 64 << 10;

    private StorageFault() {}

    /** What to throw for a failure to do something at this place, for example {@code "keep the content"}. */
    static ProblemException problem(String attempt, Path place, Throwable fault) {
        return isFull(place, fault) ? full(attempt, place, fault) : broken(attempt, place, fault);
    }

    private static boolean isFull(Path place, Throwable fault) {
        for (Throwable each = fault; each != null; each = each.getCause()) {
            if (each instanceof SQLiteException sqlite && sqlite.getResultCode() == SQLiteErrorCode.SQLITE_FULL) {
                return true;
            }
            if (each instanceof IOException && saysFull(String.valueOf(each.getMessage()))) {
                return true;
            }
        }
        return hasNoSpace(place);
    }

    private static boolean saysFull(String message) {
        String lower = message.toLowerCase(Locale.ROOT);
        return lower.contains("no space left") || lower.contains("quota exceeded");
    }

    private static boolean hasNoSpace(Path place) {
        try {
            return Files.getFileStore(place).getUsableSpace() < NEARLY_NOTHING_BYTES;
        } catch (IOException unknown) {
            return false; // the fault itself is told; how full the disk is would only have explained it
        }
    }

    private static ProblemException full(String attempt, Path place, Throwable fault) {
        Problem problem = Problem.of(
                        ErrorCode.STORAGE_FULL,
                        "The disk under '" + place + "' is full: Holt could not " + attempt + ".")
                .remedy("Make room there and try again; nothing was changed.");
        return new ProblemException(problem, fault);
    }

    private static ProblemException broken(String attempt, Path place, Throwable fault) {
        Problem problem = Problem.of(
                        ErrorCode.INTERNAL,
                        "Holt could not " + attempt + " under '" + place + "': " + fault.getMessage() + ".")
                .remedy("See that the platform's user may write there and that the disk is sound.");
        return new ProblemException(problem, fault);
    }
}
