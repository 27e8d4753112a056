package holt.bus;

/** A message is larger than the bus takes, and was not sent. */
public final class PayloadTooLarge extends IllegalArgumentException {
    private static final long serialVersionUID = 1L;

    /**
     * @param bytes what it takes on the bus
     * @param limit what may be sent, bytes
     */
    public PayloadTooLarge(String subject, long bytes, long limit) {
        super("Expected a message of at most " + limit + " bytes (the bus server's max_payload), found one of " + bytes
                + " bytes for " + subject);
    }
}
