package holt.router;

import io.netty.util.concurrent.Ticker;
import java.time.InstantSource;

/** What the event loops of one router share. Any thread. */
final class RouterContext {
    final RouterSettings settings;
    final RouteTable table;
    final StatsCollector stats;
    final AccessLog log;
    final InstantSource clock;
    final Ticker ticker;
    final Transport transport;

    final long headNanos;
    final long bodyNanos;
    final long responseNanos;
    final long streamNanos;
    final long keepAliveNanos;
    final long upstreamIdleNanos;

    /** Set once when the router closes: no connection is kept alive from then on. */
    volatile boolean closing;

    RouterContext(
            RouterSettings settings,
            RouteTable table,
            StatsCollector stats,
            AccessLog log,
            InstantSource clock,
            Ticker ticker,
            Transport transport) {
        this.settings = settings;
        this.table = table;
        this.stats = stats;
        this.log = log;
        this.clock = clock;
        this.ticker = ticker;
        this.transport = transport;
        RouterSettings.Timeouts timeouts = settings.timeouts();
        headNanos = timeouts.head().toNanos();
        bodyNanos = timeouts.body().toNanos();
        responseNanos = timeouts.response().toNanos();
        streamNanos = timeouts.stream().toNanos();
        keepAliveNanos = timeouts.keepAlive().toNanos();
        upstreamIdleNanos = timeouts.upstreamIdle().toNanos();
    }
}
