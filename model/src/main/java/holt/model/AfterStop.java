package holt.model;

/** What follows when a process that was asked to stop has stopped. Without any of these it leaves the table. */
public enum AfterStop {
    /** It stays, ended, until its parent has waited for it. */
    KEEP,
    /** It is started again together with its siblings. */
    RESTART,
    /** Its children could not be kept: its end counts as a failure, which its own parent's supervision decides on. */
    FAIL
}
