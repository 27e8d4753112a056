package holt.agent;

import java.io.IOException;
import java.net.ConnectException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.StandardProtocolFamily;
import java.nio.channels.SocketChannel;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;

/**
 * Makes connections inside another network namespace: by a thread that enters it for this alone, because a socket stays in
 * the namespace in which it was made. Stateless; any thread.
 */
final class NamespaceDoor {
    private static final byte[] LOCAL4 = {127, 0, 0, 1};
    private static final byte[] LOCAL6 = {0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 1};

    private NamespaceDoor() {}

    /**
     * Connects to a port of the namespace's own 127.0.0.1, or of its ::1.
     *
     * @param namespace descriptor of the namespace
     */
    static SocketChannel connect(int namespace, int port) throws IOException {
        CompletableFuture<SocketChannel> made = new CompletableFuture<>();
        Thread.ofPlatform().daemon().name("holt-agent-door").start(() -> {
            try {
                Native.enterNamespace(namespace, Native.CLONE_NEWNET);
                made.complete(connectHere(port));
            } catch (IOException | RuntimeException fault) {
                made.completeExceptionally(fault);
            }
        });
        try {
            return made.get();
        } catch (ExecutionException failed) {
            throw failed.getCause() instanceof IOException fault ? fault : new IOException(failed.getCause());
        } catch (InterruptedException stop) {
            Thread.currentThread().interrupt();
            made.thenAccept(NamespaceDoor::drop);
            throw new IOException("Interrupted while connecting", stop);
        }
    }

    private static void drop(SocketChannel unwanted) {
        try {
            unwanted.close();
        } catch (IOException fault) {
            throw new java.io.UncheckedIOException(fault);
        }
    }

    /** The same in the namespace of the calling thread. */
    static SocketChannel connectHere(int port) throws IOException {
        try {
            return connect(StandardProtocolFamily.INET, LOCAL4, port);
        } catch (ConnectException refused) {
            try {
                return connect(StandardProtocolFamily.INET6, LOCAL6, port);
            } catch (IOException | UnsupportedOperationException alsoRefused) {
                refused.addSuppressed(alsoRefused);
                throw refused;
            }
        }
    }

    private static SocketChannel connect(StandardProtocolFamily family, byte[] address, int port) throws IOException {
        SocketChannel channel = SocketChannel.open(family);
        try {
            channel.connect(new InetSocketAddress(InetAddress.getByAddress(address), port));
            return channel;
        } catch (IOException fault) {
            channel.close();
            throw fault;
        }
    }
}
