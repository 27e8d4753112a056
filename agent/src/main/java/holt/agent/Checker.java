package holt.agent;

import holt.model.ProcessSpec;
import java.io.IOException;
import java.net.ConnectException;
import java.net.InetSocketAddress;
import java.net.Socket;
import java.net.SocketTimeoutException;
import java.time.Duration;
import java.util.Objects;
import java.util.concurrent.atomic.AtomicReference;

/** Carries checks out. A check never fails with an exception: what is wrong is its result. Any thread. */
final class Checker {
    private static final int MAX_LINE = 200;

    private final InsideCommand inside;

    Checker(InsideCommand inside) {
        this.inside = inside;
    }

    /** Looks once; takes at most the check's limit, and what ending a command takes. */
    Check.Result run(Check check, ProcessSpec spec, Place place) throws InterruptedException {
        return switch (check.kind()) {
            case NONE -> Check.Result.passed("");
            case PORT -> port(place, check.limit());
            case HTTP -> HttpCheck.run(check, place);
            case COMMAND -> command(check, spec);
        };
    }

    private static Check.Result port(Place place, Duration limit) {
        String what = "port " + place.port();
        try (Socket socket = new Socket()) {
            socket.connect(new InetSocketAddress(place.address(), place.port()), (int) limit.toMillis());
            return Check.Result.passed(what + " accepts connections");
        } catch (ConnectException refused) {
            return Check.Result.failed(what + ": connection refused");
        } catch (SocketTimeoutException late) {
            return Check.Result.failed(what + " did not answer within " + seconds(limit));
        } catch (IOException fault) {
            return Check.Result.failed(what + ": " + line(String.valueOf(fault.getMessage())));
        }
    }

    private Check.Result command(Check check, ProcessSpec spec) throws InterruptedException {
        String what = "'" + line(check.target()) + "'";
        AtomicReference<String> last = new AtomicReference<>("");
        try {
            int status = inside.run(spec, check.target(), check.limit(), text -> {
                if (!text.isBlank()) {
                    last.set(text);
                }
            });
            String wrote = Objects.requireNonNullElse(last.get(), "");
            String tail = wrote.isEmpty() ? "" : ": " + line(wrote);
            return new Check.Result(status == 0, what + " ended with " + status + tail);
        } catch (InsideCommand.TimedOut late) {
            return Check.Result.failed(what + " did not end within " + seconds(check.limit()));
        } catch (IOException fault) {
            return Check.Result.failed(what + " could not be run: " + line(String.valueOf(fault.getMessage())));
        }
    }

    /** What a program wrote, fit for one sentence. */
    static String line(String text) {
        String clean = text.strip().replaceAll("\\p{Cntrl}+", " ");
        return clean.length() <= MAX_LINE ? clean : clean.substring(0, MAX_LINE) + "...";
    }

    static String seconds(Duration time) {
        return time.toMillis() % 1000 == 0 ? time.toSeconds() + " s" : time.toMillis() + " ms";
    }
}
