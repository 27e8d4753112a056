package holt.controller;

import holt.model.ErrorCode;
import holt.model.Json;
import holt.model.Problem;
import holt.model.ProblemException;
import java.util.UUID;
import java.util.concurrent.CompletionException;
import java.util.concurrent.ExecutionException;
import org.jspecify.annotations.Nullable;

/** Turns faults into what the caller is told: problem documents (RFC 9457). */
final class Problems {
    static final String CONTENT_TYPE = "application/problem+json";
    private static final System.Logger LOG = System.getLogger(Problems.class.getName());

    private Problems() {}

    /** The JSON form of a {@link Problem}. */
    record Document(
            String type,
            String title,
            int status,
            String code,
            String detail,
            @Nullable String expected,
            @Nullable String found,
            @Nullable String remedy) {}

    static Document document(Problem problem) {
        return document(problem, problem.code().status());
    }

    static Document document(Problem problem, int status) {
        return new Document(
                "urn:holt:error:" + problem.code().code(),
                problem.code().title(),
                status,
                problem.code().code(),
                problem.detail(),
                problem.expected(),
                problem.found(),
                problem.remedy());
    }

    static byte[] bytes(Problem problem) {
        return Json.bytes(document(problem));
    }

    /** What a fault means to the caller. What nobody foresaw is logged under an id, and the caller gets only the id. */
    static Problem of(Throwable fault) {
        Throwable cause = unwrapped(fault);
        if (cause instanceof ProblemException known) {
            return known.problem();
        }
        String id = UUID.randomUUID().toString();
        LOG.log(System.Logger.Level.ERROR, "event=api-fault id=" + id, cause);
        return Problem.of(
                        ErrorCode.INTERNAL,
                        "Something failed that should not have. Its id in the server's log is " + id + ".")
                .remedy("Look for this id in the log of the server; trying again does no harm.");
    }

    static Throwable unwrapped(Throwable fault) {
        Throwable cause = fault.getCause();
        boolean isWrapper = fault instanceof CompletionException || fault instanceof ExecutionException;
        return isWrapper && cause != null ? unwrapped(cause) : fault;
    }
}
