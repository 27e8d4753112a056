package holt.model;

/** Whether a process that ended by itself is started again. */
public enum RestartPolicy {
    /** It stays ended, however it ended. */
    NEVER,
    /** It is started again unless it ended with exit code 0. */
    ON_FAILURE,
    /** It is started again, however it ended. */
    ALWAYS
}
