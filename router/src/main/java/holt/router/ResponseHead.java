package holt.router;

/** The head of a response, with what the router has to know of it. See {@link MessageHead} for who owns it. */
final class ResponseHead extends MessageHead {
    private static final byte[] VERSION = Ascii.bytes("http/1.");
    private static final int STATUS_DIGITS = 3;

    int status;

    /** Where in {@link #bytes} the text after the status stands; may be empty. */
    int reasonStart;

    int reasonEnd;

    ResponseHead(RouterSettings.Limits limits) {
        super(limits);
    }

    @Override
    boolean isRequest() {
        return false;
    }

    @Override
    BadMessage tooLarge(String what, boolean inFirstLine) {
        return new BadMessage(502, "the response has a " + what);
    }

    @Override
    int firstLine(int from, int to) throws BadMessage {
        byte[] b = bytes;
        int known = Math.min(to - from, VERSION.length);
        for (int i = 0; i < known; i++) {
            if (Ascii.lower(b[from + i]) != VERSION[i]) {
                throw BadMessage.malformed("the response does not begin with 'HTTP/1.'");
            }
        }
        int at = from + VERSION.length;
        if (at + 2 + STATUS_DIGITS >= to) {
            return -1;
        }
        minorVersion = b[at] == '0' ? 0 : 1;
        if (!Ascii.isDigit(b[at]) || b[at + 1] != Ascii.SPACE) {
            throw BadMessage.malformed("the response's first line is not 'HTTP/1.1 STATUS reason'");
        }
        at += 2;
        status = 0;
        for (int i = 0; i < STATUS_DIGITS; i++, at++) {
            if (!Ascii.isDigit(b[at])) {
                throw BadMessage.malformed("the response's status is not a number of three digits");
            }
            status = status * 10 + (b[at] - '0');
        }
        return reason(at, to);
    }

    private int reason(int from, int to) throws BadMessage {
        if (status < 100 || status > 599 || Ascii.isDigit(bytes[from])) {
            throw BadMessage.malformed("the response's status is not a number from 100 to 599");
        }
        int at = from;
        if (bytes[at] == Ascii.SPACE) {
            at++;
        }
        reasonStart = at;
        while (at < to && Ascii.isText(bytes[at])) {
            at++;
        }
        reasonEnd = at;
        return lineEnd(at);
    }

    @Override
    void ownField(KnownField field, int index) {
        // All that matters of a response is read by MessageHead.
    }

    /** Whether it only announces the real response. */
    boolean isInterim() {
        return status < 200 && status != 101;
    }

    /** Whether a response of this status has no body, whatever its fields say (RFC 9110, section 6.4.1). */
    boolean hasNoBody() {
        return status < 200 || status == 204 || status == 304;
    }

    /** Whether the connection can be used again after it. */
    boolean keepsAlive() {
        return minorVersion == 1 && !saysClose;
    }
}
