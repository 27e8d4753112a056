package holt.bus;

/** Nobody subscribes to the subject of a request. */
public final class NoResponders extends Exception {
    private static final long serialVersionUID = 1L;

    public NoResponders(String subject) {
        super("Nobody subscribes to " + subject);
    }
}
