package holt.router;

import io.netty.buffer.ByteBuf;
import io.netty.buffer.ByteBufAllocator;
import io.netty.buffer.Unpooled;
import io.netty.channel.Channel;
import io.netty.channel.ChannelFutureListener;
import io.netty.channel.ChannelOption;
import io.netty.channel.socket.DuplexChannel;

/** The way to a client, and the ways to end it. Belongs to the event loop of the client's connection. */
final class ClientOutput {
    private final Channel channel;
    private boolean unflushed;

    ClientOutput(Channel channel) {
        this.channel = channel;
    }

    ByteBufAllocator allocator() {
        return channel.alloc();
    }

    boolean isWritable() {
        return channel.isWritable();
    }

    void write(ByteBuf part) {
        unflushed = true;
        channel.write(part, channel.voidPromise());
    }

    void write(Scratch head) {
        write(head.buffer(channel.alloc(), 0));
    }

    void flush() {
        if (unflushed) {
            unflushed = false;
            channel.flush();
        }
    }

    /** Closes when all is written. */
    void closeAfterFlush() {
        unflushed = false;
        channel.writeAndFlush(Unpooled.EMPTY_BUFFER).addListener(ChannelFutureListener.CLOSE);
    }

    /**
     * Says when all is written that no more comes, but still reads: closing while the client sends would reset the
     * connection and destroy the answer on its way.
     */
    void endAfterFlush() {
        unflushed = false;
        channel.config().setAutoRead(true);
        channel.writeAndFlush(Unpooled.EMPTY_BUFFER).addListener(written -> ((DuplexChannel) channel).shutdownOutput());
    }

    /** Breaks off with a reset. */
    void abort() {
        if (channel.isOpen()) {
            channel.config().setOption(ChannelOption.SO_LINGER, 0);
            channel.close();
        }
    }
}
