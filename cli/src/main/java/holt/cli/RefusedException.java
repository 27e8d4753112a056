package holt.cli;

import holt.model.Problem;

/** The platform answered, and said no. */
final class RefusedException extends RuntimeException {
    private static final long serialVersionUID = 1L;

    private final int status;
    private final transient Problem problem;

    private final String path;

    RefusedException(int status, Problem problem, String path) {
        super(problem.text());
        this.status = status;
        this.path = path;
        this.problem = problem;
    }

    /** The HTTP status of the answer. */
    int status() {
        return status;
    }

    Problem problem() {
        return problem;
    }

    /** What was asked for, below the base of the API. */
    String path() {
        return path;
    }
}
