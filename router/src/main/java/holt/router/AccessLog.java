package holt.router;

/** Is told of each request that is over. Called on event loops: must be quick and must not block or throw. */
@FunctionalInterface
public interface AccessLog {
    /** Tells nobody; the router does not even make the entries then. */
    AccessLog NONE = entry -> {};

    void finished(Entry entry);

    /**
     * One request.
     *
     * @param host as it was looked up; empty for a request that could not be read
     * @param app whose route it was; empty for none
     * @param index of the instance that had it last; -1 for none
     * @param method empty for a request that could not be read
     * @param path with its query
     * @param status of the response; 499 where the client went away before
     * @param bytes of the response's body that were sent on
     * @param durationNanos from the complete head to the end of the response
     */
    record Entry(
            String host,
            String app,
            int index,
            String method,
            String path,
            int status,
            long bytes,
            long durationNanos) {}
}
