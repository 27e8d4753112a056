package holt.agent;

/** What an instance uses: memory now, bytes, and cpu time since its start, nanoseconds. */
record Usage(long memoryBytes, long cpuNanos) {
    static final Usage NONE = new Usage(0, 0);
}
