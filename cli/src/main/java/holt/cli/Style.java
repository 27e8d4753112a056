package holt.cli;

/** Colours for terminals that want them; the text itself everywhere else. */
enum Style {
    PLAIN(""),
    BOLD("1"),
    DIM("2"),
    RED("31"),
    GREEN("32"),
    YELLOW("33"),
    CYAN("36");

    private final String code;

    Style(String code) {
        this.code = code;
    }

    String apply(String text, boolean colour) {
        return colour && this != PLAIN && !text.isEmpty() ? "\u001b[" + code + "m" + text + "\u001b[0m" : text;
    }

    /** How states and healths of the API look. */
    static Style ofState(String state) {
        return switch (state) {
            case "running", "live", "up", "ready", "succeeded" -> GREEN;
            case "starting", "rolling", "waiting", "stopping", "partial", "staging" -> YELLOW;
            case "crashed", "flapping", "lost", "failed", "down" -> RED;
            case "stopped", "exited", "empty" -> DIM;
            default -> PLAIN;
        };
    }
}
