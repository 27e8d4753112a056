package holt.simulator;

/** Something that must hold did not. The name is stable: shrinking looks for the same one again. */
final class Violation extends RuntimeException {
    private static final long serialVersionUID = 1L;

    private final String invariant;
    private final String detail;

    Violation(String invariant, String detail) {
        super(detail);
        this.invariant = invariant;
        this.detail = detail;
    }

    Violation(String invariant, String detail, Throwable cause) {
        super(detail, cause);
        this.invariant = invariant;
        this.detail = detail;
    }

    String detail() {
        return detail;
    }

    String invariant() {
        return invariant;
    }
}
