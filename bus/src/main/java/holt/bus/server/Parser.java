package holt.bus.server;

import java.util.Arrays;
import org.jspecify.annotations.Nullable;

/**
 * Takes the bytes of one client apart into operations, however they are cut into pieces. What it keeps between pieces is
 * bounded by the length of a line and, of a message's body, by what has come so far. One thread at a time.
 */
final class Parser {
    private static final byte[] NOTHING = {};
    /** The longest verb, a blank and the end of the line, with some room. */
    private static final int AROUND_ARGUMENTS = 16;
    /** Blanks do not count, but a line that is mostly blanks is not kept either. */
    private static final int WITH_BLANKS = 4;
    /** Digits of a size; more are too large whatever they say. */
    private static final int LONGEST_SIZE = 9;

    private static final int FIRST_BODY = 4096;

    /** What begins with which letters, in the order in which they are tried. */
    private enum Verb {
        PUB("PUB", true),
        HPUB("HPUB", true),
        SUB("SUB", true),
        UNSUB("UNSUB", true),
        PING("PING", false),
        PONG("PONG", false),
        CONNECT("CONNECT", true),
        INFO("INFO", true),
        OK("+OK", false),
        ERR("-ERR", true);

        private final String name;
        private final boolean takesArguments;

        Verb(String name, boolean takesArguments) {
            this.name = name;
            this.takesArguments = takesArguments;
        }

        /** Whether these bytes are its name or the beginning of it, in any case. */
        private boolean startsLike(byte[] in, int from, int to) {
            int length = Math.min(to - from, name.length());
            for (int i = 0; i < length; i++) {
                if (upper(in[from + i]) != name.charAt(i)) {
                    return false;
                }
            }
            return true;
        }

        private boolean isWhole(int from, int to) {
            return to - from >= name.length();
        }
    }

    private static final Verb[] NO_VERBS = {};
    private static final Verb[][] BY_LETTER = byLetter();

    private static Verb[][] byLetter() {
        Verb[][] verbs = new Verb[128][];
        for (int letter = 0; letter < verbs.length; letter++) {
            int first = letter;
            verbs[letter] = Arrays.stream(Verb.values())
                    .filter(verb -> verb.name.charAt(0) == first)
                    .toArray(Verb[]::new);
        }
        return verbs;
    }

    private final Operations operations;
    private final int maxControlLine;
    private final Scratch shared;
    private final Arguments arguments;
    private final Publication message;

    /** The beginning of a line whose end has not come. */
    private byte[] held = NOTHING;

    /** The message whose body has not come whole. */
    private @Nullable Publication open;

    private byte[] body = NOTHING;
    private int filled;

    /**
     * @param shared scratch space that several parsers of one thread may share
     */
    Parser(Operations operations, int maxControlLine, Scratch shared) {
        this.operations = operations;
        this.maxControlLine = maxControlLine;
        this.arguments = shared.arguments;
        this.message = shared.message;
        this.shared = shared;
    }

    /** What parsers of one thread share. */
    static final class Scratch {
        private final Arguments arguments = new Arguments();
        private final Publication message = new Publication();
        private long kept;

        /** Bytes kept of what came from clients and is not dealt with. */
        long kept() {
            return kept;
        }

        /** A client's bytes that wait grew by so much. */
        void keeps(long more) {
            kept += more;
        }
    }

    /** What has not come whole never will. */
    void forget() {
        open = null;
        held = NOTHING;
        keep(NOTHING);
    }

    private void keep(byte[] next) {
        shared.kept += next.length - body.length;
        body = next;
    }

    /** Bytes kept of what has not come whole. */
    int keeps() {
        return held.length + body.length;
    }

    /**
     * Takes the next bytes.
     *
     * @return where it stopped: at {@code to}, or before it where the operations are paused or over
     */
    int parse(byte[] in, int from, int to) throws ProtocolFault {
        int at = from;
        while (at < to && !operations.isOver() && !operations.isPaused()) {
            if (open != null) {
                at = fill(open, in, at, to);
            } else if (held.length > 0) {
                at = endLine(in, at, to);
            } else {
                at = operation(in, at, to);
            }
        }
        return at;
    }

    /** The line that has begun in an earlier piece goes on. */
    private int endLine(byte[] in, int at, int to) throws ProtocolFault {
        int end = newline(in, at, to);
        int next = end < 0 ? to : end + 1;
        byte[] line = Arrays.copyOf(held, held.length + next - at);
        System.arraycopy(in, at, line, held.length, next - at);
        held = NOTHING;
        int stopped = operation(line, 0, line.length);
        if (stopped != line.length) {
            throw new IllegalStateException("A line of " + line.length + " bytes was taken to " + stopped);
        }
        return next;
    }

    private static int newline(byte[] in, int from, int to) {
        for (int at = from; at < to; at++) {
            if (in[at] == '\n') {
                return at;
            }
        }
        return -1;
    }

    private static int upper(byte letter) {
        return letter >= 'a' && letter <= 'z' ? letter - ('a' - 'A') : letter;
    }

    /** One operation, or the beginning of one. Most messages come whole and are told from their first letters. */
    private int operation(byte[] in, int at, int to) throws ProtocolFault {
        if (to - at > 4 && in[at] == 'P' && in[at + 1] == 'U' && in[at + 2] == 'B' && in[at + 3] == ' ') {
            if (operations.awaitsConnect()) {
                throw operations.unauthorized();
            }
            int bodyFrom = plainLine(in, at + 4, to);
            if (bodyFrom > 0) {
                operations.announced(message);
                return body(in, at, bodyFrom, to);
            }
            return messageLine(in, at, at + 4, to, false);
        }
        return anyOperation(in, at, to);
    }

    /**
     * Takes a line as nearly all clients write it, in one pass: a subject, perhaps a reply subject and a size, with one
     * blank between, and CR LF. Tells where the body begins; 0 for a line of any other shape.
     */
    private int plainLine(byte[] in, int from, int to) {
        int subjectTo = wordEnd(in, from, to);
        if (subjectTo == from || subjectTo >= to || in[subjectTo] != ' ') {
            return 0;
        }
        int sizeFrom = subjectTo + 1;
        int sizeTo = wordEnd(in, sizeFrom, to);
        int replyTo = subjectTo;
        if (sizeTo < to && in[sizeTo] == ' ') {
            replyTo = sizeTo;
            sizeFrom = sizeTo + 1;
            sizeTo = wordEnd(in, sizeFrom, to);
        }
        if (sizeTo + 1 >= to || in[sizeTo] != '\r' || in[sizeTo + 1] != '\n' || sizeTo - from > maxControlLine) {
            return 0;
        }
        int size = number(in, sizeFrom, sizeTo);
        if (size < 0) {
            return 0;
        }
        message.line = in;
        message.subjectFrom = from;
        message.subjectTo = subjectTo;
        message.replyFrom = replyTo == subjectTo ? subjectTo : subjectTo + 1;
        message.replyTo = replyTo;
        message.sizeFrom = sizeFrom;
        message.sizeTo = sizeTo;
        message.headerSize = 0;
        message.size = size;
        return sizeTo + 2;
    }

    /** Where a word ends: at a blank or a control, of which the other way of reading a line knows more. */
    private static int wordEnd(byte[] in, int from, int to) {
        int at = from;
        while (at < to && (in[at] > ' ' || in[at] < 0)) {
            at++;
        }
        return at;
    }

    private int anyOperation(byte[] in, int at, int to) throws ProtocolFault {
        if (operations.awaitsConnect() && upper(in[at]) != 'C') {
            throw operations.unauthorized();
        }
        Verb verb = verb(in, at, to);
        if (verb == null) {
            return hold(in, at, to);
        }
        int begin = at + verb.name.length();
        if (!verb.takesArguments) {
            int end = newline(in, begin, to);
            if (end < 0) {
                return hold(in, at, to);
            }
            checkLength(end - at);
            tell(verb);
            return end + 1;
        }
        if (begin == to) {
            return hold(in, at, to);
        }
        if (in[begin] != ' ' && in[begin] != '\t' && verb != Verb.CONNECT && verb != Verb.INFO) {
            throw ProtocolFault.unknownOperation();
        }
        return switch (verb) {
            case PUB -> messageLine(in, at, begin, to, false);
            case HPUB -> messageLine(in, at, begin, to, true);
            case SUB, UNSUB, CONNECT, INFO, ERR -> line(verb, in, at, begin, to);
            case PING, PONG, OK -> throw new IllegalStateException(verb + " takes no arguments");
        };
    }

    /** The operation that begins here; null where more has to come to tell. */
    private static @Nullable Verb verb(byte[] in, int at, int to) throws ProtocolFault {
        boolean possible = false;
        int letter = upper(in[at]);
        for (Verb verb : letter >= 0 ? BY_LETTER[letter] : NO_VERBS) {
            if (verb.startsLike(in, at, to)) {
                if (verb.isWhole(at, to)) {
                    return verb;
                }
                possible = true;
            }
        }
        if (possible) {
            return null;
        }
        throw ProtocolFault.unknownOperation();
    }

    private int hold(byte[] in, int from, int to) throws ProtocolFault {
        checkLength(to - from);
        held = Arrays.copyOfRange(in, from, to);
        return to;
    }

    /** The arguments are bounded before their end has come. */
    private int holdArguments(byte[] in, int from, int begin, int to) throws ProtocolFault {
        int end = in[to - 1] == '\r' ? to - 1 : to;
        if (end - skipBlanks(in, begin, end) > maxControlLine) {
            throw tooLong();
        }
        return hold(in, from, to);
    }

    /** Of a line with everything; the same whether it comes whole or in pieces. */
    private void checkLength(int length) throws ProtocolFault {
        if (length > maxControlLine * WITH_BLANKS + AROUND_ARGUMENTS) {
            throw tooLong();
        }
    }

    private static ProtocolFault tooLong() {
        return new ProtocolFault("Maximum Control Line Exceeded", "maximum control line exceeded");
    }

    private void tell(Verb verb) {
        switch (verb) {
            case PING -> operations.ping();
            case PONG -> operations.pong();
            case PUB, HPUB, SUB, UNSUB, CONNECT, INFO, OK, ERR -> {}
        }
    }

    private int line(Verb verb, byte[] in, int at, int begin, int to) throws ProtocolFault {
        int newline = newline(in, begin, to);
        if (newline < 0) {
            return holdArguments(in, at, begin, to);
        }
        checkLength(newline - at);
        int from = skipBlanks(in, begin, newline);
        int end = end(in, from, newline);
        if (end - from > maxControlLine) {
            throw tooLong();
        }
        switch (verb) {
            case CONNECT -> operations.connect(in, from, end);
            case SUB -> {
                arguments.split(in, from, end);
                operations.subscribe(in, arguments);
            }
            case UNSUB -> {
                arguments.split(in, from, end);
                operations.unsubscribe(in, arguments);
            }
            case ERR -> operations.error();
            case PUB, HPUB, PING, PONG, INFO, OK -> {}
        }
        return newline + 1;
    }

    private static int skipBlanks(byte[] in, int from, int to) {
        int at = from;
        while (at < to && (in[at] == ' ' || in[at] == '\t')) {
            at++;
        }
        return at;
    }

    /** Where a CR is anywhere in a line, its last byte is taken for it. */
    private static int end(byte[] in, int from, int newline) {
        for (int at = newline - 1; at >= from; at--) {
            if (in[at] == '\r') {
                return newline - 1;
            }
        }
        return newline;
    }

    private int messageLine(byte[] in, int at, int begin, int to, boolean headers) throws ProtocolFault {
        int newline = newline(in, begin, to);
        if (newline < 0) {
            return holdArguments(in, at, begin, to);
        }
        checkLength(newline - at);
        int end = newline > begin && in[newline - 1] == '\r' ? newline - 1 : end(in, begin, newline);
        arguments.split(in, begin, end);
        if (newline - begin > maxControlLine && end - skipBlanks(in, begin, end) > maxControlLine) {
            throw tooLong();
        }
        take(in, headers);
        operations.announced(message);
        return body(in, at, newline + 1, to);
    }

    private void take(byte[] in, boolean headers) throws ProtocolFault {
        if (headers && !operations.hasHeaders()) {
            throw ProtocolFault.badArguments();
        }
        int sizes = headers ? 2 : 1;
        int count = arguments.count() - sizes;
        if (count != 1 && count != 2) {
            throw ProtocolFault.badArguments();
        }
        int last = arguments.count() - 1;
        message.line = in;
        message.subjectFrom = arguments.from(0);
        message.subjectTo = arguments.to(0);
        message.replyFrom = count == 2 ? arguments.from(1) : message.subjectTo;
        message.replyTo = count == 2 ? arguments.to(1) : message.subjectTo;
        message.sizeFrom = arguments.from(last);
        message.sizeTo = arguments.to(last);
        message.size = size(in, message.sizeFrom, message.sizeTo);
        message.headerSize = 0;
        if (headers) {
            message.headerSizeFrom = arguments.from(last - 1);
            message.headerSizeTo = arguments.to(last - 1);
            message.headerSize = size(in, message.headerSizeFrom, message.headerSizeTo);
            if (message.headerSize > message.size) {
                throw ProtocolFault.badArguments();
            }
        }
    }

    /** A number in decimal digits. */
    private static int size(byte[] in, int from, int to) throws ProtocolFault {
        int number = number(in, from, to);
        if (number < 0) {
            throw ProtocolFault.badArguments();
        }
        return number;
    }

    /** A number in decimal digits; -1 where it is none. */
    static int number(byte[] in, int from, int to) {
        if (to == from || to - from > LONGEST_SIZE) {
            return -1;
        }
        int number = 0;
        for (int at = from; at < to; at++) {
            int digit = in[at] - '0';
            if (digit < 0 || digit > 9) {
                return -1;
            }
            number = number * 10 + digit;
        }
        return number;
    }

    private int body(byte[] in, int lineFrom, int bodyFrom, int to) throws ProtocolFault {
        int end = bodyFrom + message.size + 2;
        if (end <= to) {
            message.body = in;
            message.bodyFrom = bodyFrom;
            deliver(message);
            return end;
        }
        begin(lineFrom, bodyFrom);
        return bodyFrom;
    }

    /** The rest of the body is still under way. */
    private void begin(int lineFrom, int lineTo) {
        Publication kept = new Publication();
        kept.line = message.line;
        kept.subjectFrom = message.subjectFrom;
        kept.subjectTo = message.subjectTo;
        kept.replyFrom = message.replyFrom;
        kept.replyTo = message.replyTo;
        kept.sizeFrom = message.sizeFrom;
        kept.sizeTo = message.sizeTo;
        kept.headerSizeFrom = message.headerSizeFrom;
        kept.headerSizeTo = message.headerSizeTo;
        kept.headerSize = message.headerSize;
        kept.size = message.size;
        kept.keepLine(lineFrom, lineTo);
        open = kept;
        filled = 0;
    }

    /** A body's memory grows with what has come of it, not with what was said of it. */
    private int fill(Publication waiting, byte[] in, int at, int to) throws ProtocolFault {
        int whole = waiting.size + 2;
        int taken = Math.min(whole - filled, to - at);
        if (filled + taken > body.length) {
            int room = Math.max(Math.max(FIRST_BODY, body.length * 2), filled + taken);
            keep(Arrays.copyOf(body, Math.min(whole, room)));
        }
        System.arraycopy(in, at, body, filled, taken);
        filled += taken;
        checkEnd(body, waiting.size, filled);
        if (filled == whole) {
            waiting.body = body;
            waiting.bodyFrom = 0;
            open = null;
            keep(NOTHING);
            operations.publish(waiting);
        }
        return at + taken;
    }

    /** A wrong end is told as soon as it is seen. */
    private static void checkEnd(byte[] body, int size, int filled) throws ProtocolFault {
        if ((filled > size && body[size] != '\r') || (filled > size + 1 && body[size + 1] != '\n')) {
            throw ProtocolFault.unknownOperation();
        }
    }

    private void deliver(Publication whole) throws ProtocolFault {
        int end = whole.bodyFrom + whole.size;
        if (whole.body[end] != '\r' || whole.body[end + 1] != '\n') {
            throw ProtocolFault.unknownOperation();
        }
        operations.publish(whole);
    }
}
