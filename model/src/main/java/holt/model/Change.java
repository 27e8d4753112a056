package holt.model;

/** One change of the truth. Changes that belong together are committed together, before anybody is told. */
public sealed interface Change {

    /** Makes or replaces an app. */
    record PutApp(App app) implements Change {}

    /** Removes an app with its releases and processes; its events stay. */
    record DeleteApp(String name) implements Change {}

    /** Makes or replaces a release. */
    record PutRelease(Release release) implements Change {}

    /** Makes or replaces a row of the process table. */
    record PutProcess(Process process) implements Change {}

    /** Removes a row of the process table. */
    record DeleteProcess(long pid) implements Change {}

    /** Has a host hold no process from now on. */
    record PutDrain(Drain drain) implements Change {}

    /** Lets a host hold processes again. */
    record DeleteDrain(String host) implements Change {}

    /** Appends an event. */
    record AddEvent(Event event) implements Change {}
}
