package holt.router;

import java.util.Arrays;

/** The head of a request, with what the router has to know of it. See {@link MessageHead} for who owns it. */
final class RequestHead extends MessageHead {
    private static final byte[] VERSION = Ascii.bytes("http/1.");
    private static final byte[] HTTP = Ascii.bytes("http://");
    private static final byte[] HTTPS = Ascii.bytes("https://");
    private static final byte TLS_HANDSHAKE = 0x16;

    private int methodStart;
    private int methodEnd;
    private int targetStart;
    private int targetEnd;
    private byte[] rawHost = new byte[0];
    private String host = "";

    /** Where in {@link #bytes} the path with its query stands; empty where an absolute target has none. */
    int pathStart;

    int pathEnd;

    /** Where the host as the client means it stands, with its port. */
    int authorityStart;

    int authorityEnd;

    /** Index of the field, -1 for none. */
    int hostField = -1;

    int upgradeField = -1;
    int acceptField = -1;
    boolean hasRequestId;
    boolean hasForwardedFor;
    boolean absoluteTarget;

    RequestHead(RouterSettings.Limits limits) {
        super(limits);
    }

    @Override
    void reset() {
        super.reset();
        methodStart = 0;
        methodEnd = 0;
        hostField = -1;
        upgradeField = -1;
        acceptField = -1;
        hasRequestId = false;
        hasForwardedFor = false;
        absoluteTarget = false;
    }

    @Override
    boolean isRequest() {
        return true;
    }

    @Override
    BadMessage tooLarge(String what, boolean inFirstLine) {
        return new BadMessage(inFirstLine ? 414 : 431, "the request has a " + what);
    }

    @Override
    int firstLine(int from, int to) throws BadMessage {
        byte[] b = bytes;
        if (from < to && (b[from] == Ascii.CR || b[from] == Ascii.LF)) {
            return lineEnd(from);
        }
        int at = from;
        while (at < to && Ascii.isToken(b[at])) {
            at++;
        }
        if (at == to) {
            return -1;
        }
        if (at == from || b[at] != Ascii.SPACE) {
            throw BadMessage.malformed(
                    b[from] == TLS_HANDSHAKE
                            ? "it begins a TLS handshake, but this port speaks plain http"
                            : "the request line does not begin with a method and a space");
        }
        int method = at++;
        int target = at;
        while (at < to && Ascii.isTarget(b[at])) {
            at++;
        }
        if (at == to) {
            return -1;
        }
        if (at == target || b[at] != Ascii.SPACE) {
            throw BadMessage.malformed("the request line is not 'METHOD target HTTP/1.1'");
        }
        methodStart = from;
        methodEnd = method;
        targetStart = target;
        targetEnd = at;
        return version(at + 1, to);
    }

    private int version(int from, int to) throws BadMessage {
        int digit = from + VERSION.length;
        if (digit >= to) {
            return -1;
        }
        if (!Ascii.equalsIgnoreCase(bytes, from, digit, VERSION) || !Ascii.isDigit(bytes[digit])) {
            boolean other = bytes[from] == 'H' && bytes[from + 4] == '/' && Ascii.isDigit(bytes[from + 5]);
            throw new BadMessage(
                    other ? 505 : 400,
                    other ? "the version is not HTTP/1" : "the request line does not end in 'HTTP/1.1'");
        }
        minorVersion = Math.min(bytes[digit] - '0', 1);
        return lineEnd(digit + 1);
    }

    @Override
    void ownField(KnownField field, int index) throws BadMessage {
        switch (field) {
            case HOST -> {
                if (hostField >= 0) {
                    throw BadMessage.malformed("it has Host twice");
                }
                hostField = index;
            }
            case UPGRADE -> upgradeField = index;
            case ACCEPT -> acceptField = index;
            case X_REQUEST_ID -> hasRequestId = true;
            case X_FORWARDED_FOR -> hasForwardedFor = true;
            case CONNECTION,
                    CONTENT_LENGTH,
                    EXPECT,
                    KEEP_ALIVE,
                    PROXY_AUTHORIZATION,
                    PROXY_CONNECTION,
                    TE,
                    TRANSFER_ENCODING,
                    X_FORWARDED_HOST,
                    X_FORWARDED_PORT,
                    X_FORWARDED_PROTO,
                    X_REQUEST_START -> {}
        }
    }

    /** Checks a complete head as a whole. */
    void check() throws BadMessage {
        if (chunked && contentLength >= 0) {
            throw BadMessage.malformed("it has both Content-Length and Transfer-Encoding");
        }
        if (chunked && minorVersion == 0) {
            throw BadMessage.malformed("it has Transfer-Encoding, which HTTP/1.0 does not know");
        }
        if (hostField < 0) {
            throw BadMessage.malformed("it has no Host header, so that nobody can say whom it is for");
        }
        if (isMethod("CONNECT") || isMethod("TRACE")) {
            throw new BadMessage(405, "the method " + method() + " is not served here");
        }
        authorityStart = valueStart(hostField);
        authorityEnd = valueEnd(hostField);
        pathStart = targetStart;
        pathEnd = targetEnd;
        if (bytes[targetStart] != '/') {
            target();
        }
        findHost();
    }

    private void target() throws BadMessage {
        int start = afterScheme();
        if (start < 0) {
            if (targetEnd - targetStart == 1 && bytes[targetStart] == '*' && isMethod("OPTIONS")) {
                return;
            }
            throw BadMessage.malformed("the request target is neither a path nor a URL");
        }
        int at = start;
        while (at < targetEnd && bytes[at] != '/' && bytes[at] != '?' && bytes[at] != '#') {
            at++;
        }
        absoluteTarget = true;
        authorityStart = start;
        authorityEnd = at;
        pathStart = at;
    }

    private int afterScheme() {
        for (byte[] scheme : new byte[][] {HTTP, HTTPS}) {
            int end = targetStart + scheme.length;
            if (end < targetEnd && Ascii.equalsIgnoreCase(bytes, targetStart, end, scheme)) {
                return end;
            }
        }
        return -1;
    }

    /** The same host comes again and again on a connection: its text is made once. */
    private void findHost() throws BadMessage {
        if (Arrays.equals(bytes, authorityStart, authorityEnd, rawHost, 0, rawHost.length) && rawHost.length > 0) {
            return;
        }
        host = hostName();
        rawHost = Arrays.copyOfRange(bytes, authorityStart, authorityEnd);
    }

    private String hostName() throws BadMessage {
        int end = authorityEnd;
        int portDigits = end;
        while (portDigits > authorityStart && Ascii.isDigit(bytes[portDigits - 1])) {
            portDigits--;
        }
        if (portDigits > authorityStart && bytes[portDigits - 1] == ':') {
            end = portDigits - 1;
        }
        boolean bracketed = end - authorityStart > 2 && bytes[authorityStart] == '[' && bytes[end - 1] == ']';
        byte[] lower = Arrays.copyOfRange(bytes, authorityStart, end);
        for (int i = 0; i < lower.length; i++) {
            lower[i] = Ascii.lower(lower[i]);
            boolean edge = bracketed && (i == 0 || i == lower.length - 1);
            if (!edge && !isHostByte(lower[i], bracketed)) {
                throw BadMessage.malformed("the host '" + Ascii.printable(bytes, authorityStart, authorityEnd)
                        + "' is not a host name with an optional port");
            }
        }
        int length = lower.length > 1 && lower[lower.length - 1] == '.' ? lower.length - 1 : lower.length;
        return Ascii.string(lower, 0, length);
    }

    private static boolean isHostByte(byte b, boolean bracketed) {
        return b >= 'a' && b <= 'z' || Ascii.isDigit(b) || b == '-' || b == '.' || b == '_' || bracketed && b == ':';
    }

    /** The host name it is for: lower case, without port; empty before {@link #check}. */
    String host() {
        return host;
    }

    String method() {
        return Ascii.string(bytes, methodStart, methodEnd);
    }

    String path() {
        return pathEnd > pathStart ? Ascii.string(bytes, pathStart, pathEnd) : "/";
    }

    int methodStart() {
        return methodStart;
    }

    int methodEnd() {
        return methodEnd;
    }

    boolean isHead() {
        return isMethod("HEAD");
    }

    /** Whether sending it twice does what sending it once does (RFC 9110, section 9.2.2). */
    boolean isIdempotent() {
        return isMethod("GET") || isMethod("HEAD") || isMethod("PUT") || isMethod("DELETE") || isMethod("OPTIONS");
    }

    boolean isMethod(String name) {
        int start = methodStart;
        if (methodEnd - start != name.length()) {
            return false;
        }
        for (int i = 0; i < name.length(); i++) {
            if (bytes[start + i] != name.charAt(i)) {
                return false;
            }
        }
        return true;
    }

    /** Whether the client wants to go on in another protocol that may pass: any but HTTP/2 in clear. */
    boolean wantsUpgrade() {
        return saysUpgrade
                && upgradeField >= 0
                && minorVersion == 1
                && contentLength <= 0
                && !chunked
                && !Ascii.string(bytes, valueStart(upgradeField), valueEnd(upgradeField))
                        .toLowerCase(java.util.Locale.ROOT)
                        .contains("h2c");
    }

    /** Whether the connection can serve another request after this one. */
    boolean keepsAlive() {
        return minorVersion == 1 ? !saysClose : saysKeepAlive && !saysClose;
    }
}
