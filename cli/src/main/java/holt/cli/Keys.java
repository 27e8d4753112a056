package holt.cli;

import java.io.IOException;
import java.io.InputStream;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;

/** Waits, until the person at the keyboard has seen enough and presses {@code q}. */
final class Keys implements AutoCloseable {
    private static final int CONTROL_C = 3;
    private static final int CONTROL_D = 4;

    private final CountDownLatch quit = new CountDownLatch(1);
    private final RawTerminal raw;

    private Keys(RawTerminal raw) {
        this.raw = raw;
    }

    /** Nobody is at a keyboard. */
    static Keys none() {
        return new Keys(RawTerminal.none());
    }

    /** The keyboard of a terminal. */
    static Keys of(InputStream in) {
        Keys keys = new Keys(RawTerminal.enter());
        Thread.ofPlatform().daemon().name("holt-keys").start(() -> keys.read(in));
        return keys;
    }

    /** Waits so long; true at once when it is enough. */
    boolean quitWithin(long millis) throws InterruptedException {
        return quit.await(millis, TimeUnit.MILLISECONDS);
    }

    @Override
    public void close() {
        raw.close();
    }

    private void read(InputStream in) {
        try {
            for (int key = in.read(); key >= 0; key = in.read()) {
                if (key == 'q' || key == 'Q' || key == CONTROL_C || key == CONTROL_D) {
                    quit.countDown();
                    return;
                }
            }
        } catch (IOException closed) {
            quit.countDown();
        }
    }
}
