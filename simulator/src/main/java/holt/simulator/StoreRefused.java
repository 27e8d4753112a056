package holt.simulator;

/** The simulated store does not read or write at present. */
final class StoreRefused extends RuntimeException {
    private static final long serialVersionUID = 1L;

    StoreRefused(String message) {
        super(message, null, false, false);
    }
}
