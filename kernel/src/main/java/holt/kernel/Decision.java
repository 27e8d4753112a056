package holt.kernel;

/** One step towards what an app is wanted to be; see {@link AppSupervisor}. */
sealed interface Decision {

    /** A step of which there may be only so many a second: it waits for its turn, see {@link Actions}. */
    sealed interface Paced extends Decision {}

    /** Makes a process for an instance. */
    record Create(int index, long version) implements Decision {}

    /** Looks for a host and starts the process there. */
    record Place(long pid) implements Paced {}

    /** Looks for another host for the instance of a process whose host is lost. */
    record Replace(long pid) implements Paced {}

    /** Takes a process out of service, for good. */
    record Retire(long pid) implements Decision {}

    /** Ends a process that was taken out of service. */
    record Stop(long pid) implements Paced {}

    /** Gives up a start that takes too long. */
    record TimeOut(long pid) implements Decision {}

    /** The target release serves alone from now on. */
    record GoLive(long version) implements Decision {}
}
