package holt.router;

/** A message that breaks the rules of HTTP/1.1 or our limits. Without stack trace: strangers can cause it at will. */
final class BadMessage extends Exception {
    private static final long serialVersionUID = 1L;

    private final int status;

    BadMessage(int status, String detail) {
        super(detail, null, false, false);
        this.status = status;
    }

    static BadMessage malformed(String detail) {
        return new BadMessage(400, detail);
    }

    /** The status to answer with when a client sent it. */
    int status() {
        return status;
    }

    String detail() {
        return String.valueOf(getMessage());
    }
}
