package holt.router;

import io.netty.channel.Channel;
import io.netty.channel.EventLoopGroup;
import io.netty.channel.IoHandlerFactory;
import io.netty.channel.MultiThreadIoEventLoopGroup;
import io.netty.channel.ServerChannel;
import io.netty.channel.epoll.Epoll;
import io.netty.channel.epoll.EpollIoHandler;
import io.netty.channel.epoll.EpollServerSocketChannel;
import io.netty.channel.epoll.EpollSocketChannel;
import io.netty.channel.nio.NioIoHandler;
import io.netty.channel.socket.nio.NioServerSocketChannel;
import io.netty.channel.socket.nio.NioSocketChannel;
import io.netty.util.concurrent.DefaultThreadFactory;
import java.util.function.Supplier;

/**
 * The way to the operating system's sockets: epoll where Netty's native library for it is on the class path, Java's own
 * channels otherwise.
 */
record Transport(
        String name, EventLoopGroup group, Supplier<ServerChannel> serverChannel, Supplier<Channel> clientChannel) {

    static Transport best(int threads) {
        return Epoll.isAvailable()
                ? new Transport(
                        "epoll",
                        group(threads, EpollIoHandler.newFactory()),
                        EpollServerSocketChannel::new,
                        EpollSocketChannel::new)
                : new Transport(
                        "nio",
                        group(threads, NioIoHandler.newFactory()),
                        NioServerSocketChannel::new,
                        NioSocketChannel::new);
    }

    private static EventLoopGroup group(int threads, IoHandlerFactory factory) {
        return new MultiThreadIoEventLoopGroup(threads, new DefaultThreadFactory("holt-router", true), factory);
    }
}
