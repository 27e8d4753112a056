package holt.cli;

import holt.model.Api;
import holt.model.MemorySize;
import java.time.Duration;
import java.time.Instant;

/** The fields of a process as tables show them; empty where there is nothing to know. */
record ProcessText(Api.ProcessView process, Instant now) {

    String memory() {
        if (process.memoryBytes() == 0) {
            return "";
        }
        String used = rounded(process.memoryBytes());
        return process.memoryLimitBytes() == 0 ? used : used + "/" + MemorySize.format(process.memoryLimitBytes());
    }

    String cpu() {
        return LimitTable.cpu(process);
    }

    String disk() {
        return LimitTable.disk(process);
    }

    /** Of the program while it runs; otherwise how long it has been in its state. */
    String uptime() {
        Instant from = process.startedAt() != null && isAlive() ? process.startedAt() : process.since();
        return from == null ? "" : Times.span(Duration.between(from, now));
    }

    String host() {
        return process.host() == null ? "" : process.host();
    }

    String address() {
        return process.address() == null || process.port() == 0 ? "" : process.address() + ":" + process.port();
    }

    String note() {
        return process.note() == null ? "" : process.note();
    }

    private boolean isAlive() {
        return process.state().equals("running")
                || process.state().equals("starting")
                || process.state().equals("stopping");
    }

    /** Whole mebibytes: the last digits change with every look and say nothing. */
    private static String rounded(long bytes) {
        return bytes < 1 << 20 ? MemorySize.format(bytes) : MemorySize.format(bytes >> 20 << 20);
    }
}
