package holt.identity;

/** What can be asked of the platform, as far as permission is concerned. */
public enum Action {
    /** Name, version and domain of the platform. */
    READ_PLATFORM_INFO("see what platform this is"),
    /** Apps, their processes, builds and events. */
    READ_APPS("see apps"),
    /** What apps write. */
    READ_LOGS("read logs"),
    /** The hosts and how full they are. */
    READ_HOSTS("see hosts"),
    /** The files inside an instance. */
    READ_FILES("read the files of an instance"),
    /** Running programs, copying files and reaching ports inside an instance. */
    ENTER_INSTANCES("work inside an instance"),
    /** The values of environment variables. */
    READ_SECRETS("see the values of environment variables"),
    /** Contents and packages sent here. */
    UPLOAD("upload content"),
    /** Builds of droplets. */
    BUILD("build a package"),
    /** Making, changing, starting, stopping and scaling apps, and their routes. */
    CHANGE_APPS("change apps"),
    /** Deleting apps. */
    DELETE_APPS("delete apps"),
    /** Moving processes of any app to other hosts. */
    MANAGE_HOSTS("move processes between hosts"),
    /** Making and deleting stacks, which apps of all can run on. */
    MANAGE_STACKS("make and delete stacks"),
    /** Listing, making and deleting tokens. */
    MANAGE_TOKENS("manage tokens"),
    /** Sending and hearing messages on the bus, and what the bus tells of itself. */
    USE_BUS("use the bus");

    private final String words;

    Action(String words) {
        this.words = words;
    }

    /** What is done, for people: completes "may not ...". */
    String words() {
        return words;
    }
}
