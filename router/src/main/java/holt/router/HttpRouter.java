package holt.router;

import holt.bus.Bus;
import holt.model.ErrorCode;
import holt.model.Problem;
import holt.model.RouteUpdate;
import io.netty.bootstrap.ServerBootstrap;
import io.netty.channel.Channel;
import io.netty.channel.ChannelFuture;
import io.netty.channel.ChannelInitializer;
import io.netty.channel.ChannelOption;
import io.netty.channel.EventLoop;
import io.netty.util.concurrent.EventExecutor;
import io.netty.util.concurrent.Ticker;
import java.net.InetSocketAddress;
import java.time.InstantSource;
import java.util.IdentityHashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;

/**
 * Brings HTTP requests to the processes behind their host names. What it knows of routes comes over the bus; with the
 * bus or the controller away it goes on with what it knows.
 *
 * <p>Started and closed once, by one thread; {@link #stats} and {@link #port} are for any thread.
 */
public final class HttpRouter implements AutoCloseable {
    private static final System.Logger LOG = System.getLogger(HttpRouter.class.getName());
    private static final int BACKLOG = 4096;

    private final RouterSettings settings;
    private final StatsCollector stats = new StatsCollector();
    private final Transport transport;
    private final RouteSync routes;
    private final RouterContext context;
    private final Map<EventLoop, Loop> loops = new IdentityHashMap<>();
    private @Nullable Channel listener;

    public HttpRouter(RouterSettings settings, Bus bus, InstantSource clock) {
        this(settings, bus, clock, AccessLog.NONE);
    }

    /** @param log is told of each request that is over */
    public HttpRouter(RouterSettings settings, Bus bus, InstantSource clock, AccessLog log) {
        this.settings = settings;
        this.transport = Transport.best(settings.threads());
        Ticker ticker = Ticker.systemTicker();
        this.routes = new RouteSync(settings.name(), bus, stats, this::retire, ticker::nanoTime);
        this.context = new RouterContext(settings, routes.table(), stats, log, clock, ticker, transport);
        for (EventExecutor each : transport.group()) {
            EventLoop eventLoop = (EventLoop) each;
            loops.put(eventLoop, new Loop(eventLoop, context));
        }
    }

    /**
     * Listens, and begins to follow the routes.
     *
     * @throws holt.model.ProblemException {@code port-taken}
     */
    public void start() {
        listener = listen();
        loops.values().forEach(Loop::start);
        routes.start();
        LOG.log(
                System.Logger.Level.INFO,
                "event=router-started router={0} address={1} port={2,number,#} transport={3}",
                settings.name(),
                settings.address(),
                port(),
                transport.name());
    }

    private Channel listen() {
        ChannelFuture bound = new ServerBootstrap()
                .group(transport.group())
                .channelFactory(() -> transport.serverChannel().get())
                .option(ChannelOption.SO_BACKLOG, BACKLOG)
                .option(ChannelOption.SO_REUSEADDR, true)
                .childOption(ChannelOption.TCP_NODELAY, true)
                .childOption(ChannelOption.SO_KEEPALIVE, true)
                .childOption(ChannelOption.WRITE_BUFFER_WATER_MARK, UpstreamPool.WATER_MARK)
                .childHandler(new ChannelInitializer<>() {
                    @Override
                    protected void initChannel(Channel channel) {
                        accept(channel);
                    }
                })
                .bind(settings.address(), settings.port())
                .awaitUninterruptibly();
        if (bound.isSuccess()) {
            return bound.channel();
        }
        transport.group().shutdownGracefully(0, 1, TimeUnit.SECONDS);
        throw Problem.of(
                        ErrorCode.PORT_TAKEN,
                        "The router cannot listen on " + settings.address() + ":" + settings.port() + ".")
                .expected("a free port", String.valueOf(bound.cause().getMessage()))
                .remedy("Choose another port with --http-port, or 0 for any free one.")
                .exception();
    }

    private void accept(Channel channel) {
        Loop loop = loops.get(channel.eventLoop());
        if (loop == null) {
            throw new IllegalStateException("A connection was accepted on an event loop that is not the router's");
        }
        if (channel.remoteAddress() == null) {
            // It was closed by its client before it was looked at.
            channel.close();
            return;
        }
        ClientConnection client = new ClientConnection(loop, channel);
        channel.pipeline().addLast(client);
        loop.add(client);
        if (stats.connections.incrementAndGet() > settings.maxConnections()) {
            client.overloaded();
        }
    }

    /** The port it listens on. */
    public int port() {
        Channel present = listener;
        if (present == null) {
            throw new IllegalStateException("The router was not started");
        }
        return ((InetSocketAddress) present.localAddress()).getPort();
    }

    /**
     * Completes when all routes are known for the first time, by the first whole answer of a controller; until then each
     * request is answered 503 {@code starting}, and 404 is never said of a route that was only not told yet. It never
     * fails and stays complete: a bus or controller that goes away later makes nothing unknown again. The router listens
     * since {@link #start}, whether or not this is complete; it never completes where no controller answers.
     */
    public CompletableFuture<Void> ready() {
        return routes.firstSync();
    }

    /** What was counted since the start. */
    public RouterStats stats() {
        return stats.read();
    }

    /** Whether requests for a host go exactly where this route says. */
    boolean knows(RouteUpdate.Route route) {
        RouteTarget target = context.table.find(route.host());
        return target == null
                ? route.app() == null
                : target.app.equals(route.app())
                        && target.backends().stream()
                                .map(Backend::endpoint)
                                .toList()
                                .equals(route.endpoints());
    }

    private void retire(List<Backend> backends) {
        loops.values().forEach(loop -> loop.eventLoop.execute(() -> loop.pool.retire(backends)));
    }

    /** Accepts no more, lets requests under way end for a while, and closes. */
    @Override
    public void close() {
        Channel present = listener;
        if (transport.group().isShuttingDown()) {
            return;
        }
        if (present != null) {
            present.close().awaitUninterruptibly();
            context.closing = true;
            onLoops(loop -> loop.clients().forEach(ClientConnection::closeWhenIdle));
            awaitClients();
            onLoops(loop -> loop.clients().forEach(ClientConnection::closeNow));
            onLoops(loop -> loop.pool.closeAll());
        }
        routes.close();
        transport.group().shutdownGracefully(0, 1, TimeUnit.SECONDS).awaitUninterruptibly();
    }

    private void onLoops(java.util.function.Consumer<Loop> task) {
        CountDownLatch done = new CountDownLatch(loops.size());
        for (Loop loop : loops.values()) {
            loop.eventLoop.execute(() -> {
                task.accept(loop);
                done.countDown();
            });
        }
        try {
            done.await();
        } catch (InterruptedException interrupted) {
            Thread.currentThread().interrupt();
        }
    }

    private void awaitClients() {
        long endNanos = context.ticker.nanoTime() + settings.timeouts().close().toNanos();
        try {
            while (stats.connections.get() > 0 && context.ticker.nanoTime() - endNanos < 0) {
                TimeUnit.MILLISECONDS.sleep(10);
            }
        } catch (InterruptedException interrupted) {
            Thread.currentThread().interrupt();
        }
    }
}
