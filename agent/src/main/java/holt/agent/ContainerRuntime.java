package holt.agent;

import java.util.List;

/**
 * A container runtime that was tried on this host and works.
 *
 * @param command how it is called, before its own options
 * @param description name and version, for people
 * @param overlay whether containers can have overlays here; else each gets a copy of its files
 * @param swapLimit whether it can hold swap down
 * @param notes why a better one was not taken, for people
 */
record ContainerRuntime(
        List<String> command, String description, boolean overlay, boolean swapLimit, List<String> notes) {

    /** Whether this is crun, or something that takes the same options. */
    boolean isCrun() {
        return description.startsWith("crun");
    }
}
