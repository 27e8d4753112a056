package holt.agent;

import java.io.IOException;
import java.io.InputStream;
import java.net.ConnectException;
import java.net.InetSocketAddress;
import java.net.Socket;
import java.net.SocketTimeoutException;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.concurrent.TimeUnit;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * Asks a program for a path, and looks at nothing of its answer but the status. Reads at most {@link #MAX_ANSWER_BYTES}.
 * Stateless; any thread.
 */
final class HttpCheck {
    static final int MAX_ANSWER_BYTES = 64 << 10;

    private static final Pattern STATUS = Pattern.compile("HTTP/1\\.[01] (\\d{3})(?: .*)?");
    private static final Pattern LENGTH = Pattern.compile("(?mi)^content-length:[ \t]*(\\d{1,10})[ \t]*$");
    private static final int MAX_STATUS_LINE = 256;
    private static final int FIRST_GOOD = 200;
    private static final int LAST_GOOD = 399;

    private HttpCheck() {}

    static Check.Result run(Check check, Place place) {
        String what = "GET " + check.target();
        try (Socket socket = new Socket()) {
            long deadline = System.nanoTime() + check.limit().toNanos();
            socket.connect(new InetSocketAddress(place.address(), place.port()), millisUntil(deadline));
            socket.getOutputStream().write(request(check).getBytes(StandardCharsets.UTF_8));
            return judged(what, answer(socket, deadline));
        } catch (SocketTimeoutException late) {
            return Check.Result.failed(what + " was not answered within " + Checker.seconds(check.limit()));
        } catch (ConnectException refused) {
            return Check.Result.failed(what + ": connection refused at port " + place.port());
        } catch (IOException fault) {
            return Check.Result.failed(what + " failed: " + Checker.line(String.valueOf(fault.getMessage())));
        }
    }

    private static String request(Check check) {
        return "GET " + check.target() + " HTTP/1.1\r\nHost: " + check.host()
                + "\r\nUser-Agent: holt-check\r\nAccept: */*\r\nConnection: close\r\n\r\n";
    }

    /** The answer's beginning: at least its status line, and the rest as far as it comes in time. */
    private static String answer(Socket socket, long deadline) throws IOException {
        InputStream in = socket.getInputStream();
        byte[] bytes = new byte[MAX_ANSWER_BYTES];
        int length = 0;
        while (length < bytes.length && !isWhole(bytes, length)) {
            int read;
            try {
                socket.setSoTimeout(millisUntil(deadline));
                read = in.read(bytes, length, bytes.length - length);
            } catch (SocketTimeoutException late) {
                if (hasStatus(bytes, length)) {
                    break;
                }
                throw late;
            }
            if (read < 0) {
                break;
            }
            length += read;
        }
        return text(bytes, length);
    }

    private static int millisUntil(long deadline) throws SocketTimeoutException {
        long left = TimeUnit.NANOSECONDS.toMillis(deadline - System.nanoTime());
        if (left <= 0) {
            throw new SocketTimeoutException("no time is left");
        }
        return (int) Math.min(left, Duration.ofHours(1).toMillis());
    }

    private static boolean hasStatus(byte[] bytes, int length) {
        return text(bytes, length).indexOf('\n') >= 0;
    }

    private static boolean isWhole(byte[] bytes, int length) {
        String text = text(bytes, length);
        int head = text.indexOf("\r\n\r\n");
        if (head < 0) {
            return text.indexOf('\n') < 0 && length > MAX_STATUS_LINE;
        }
        Matcher stated = LENGTH.matcher(text.substring(0, head).replace("\r", ""));
        return stated.find() && length - (head + 4) >= Long.parseLong(stated.group(1));
    }

    private static String text(byte[] bytes, int length) {
        return new String(bytes, 0, length, StandardCharsets.ISO_8859_1);
    }

    private static Check.Result judged(String what, String answer) {
        String first = answer.lines().findFirst().orElse("");
        Matcher status = STATUS.matcher(first);
        if (!status.matches()) {
            return Check.Result.failed(
                    what + (answer.isEmpty() ? " was answered with nothing" : " was not answered in HTTP"));
        }
        int code = Integer.parseInt(status.group(1));
        boolean good = code >= FIRST_GOOD && code <= LAST_GOOD;
        return new Check.Result(good, what + " answered " + code);
    }
}
