package holt.kernel;

/** One step towards what an app is wanted to be; see {@link AppSupervisor}. */
sealed interface Decision {

    /** Makes a process for an instance. */
    record Create(int index, long version) implements Decision {}

    /** Looks for a host and starts the process there. */
    record Place(long pid) implements Decision {}

    /** Looks for another host for the instance of a process whose host is lost. */
    record Replace(long pid) implements Decision {}

    /** Takes a process out of service, for good. */
    record Retire(long pid) implements Decision {}

    /** Ends a process that was taken out of service. */
    record Stop(long pid) implements Decision {}

    /** Gives up a start that takes too long. */
    record TimeOut(long pid) implements Decision {}

    /** The target release serves alone from now on. */
    record GoLive(long version) implements Decision {}
}
