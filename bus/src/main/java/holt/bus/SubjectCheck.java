package holt.bus;

/** The rules of subjects for those who take them from people: every bus keeps to the same ones. */
public final class SubjectCheck {
    private SubjectCheck() {}

    /**
     * Accepts a subject that can be published to.
     *
     * @throws IllegalArgumentException saying what was expected
     */
    public static String literal(String subject) {
        Subject.literal(subject);
        return subject;
    }

    /**
     * Accepts a subject that can be subscribed to.
     *
     * @throws IllegalArgumentException saying what was expected
     */
    public static String pattern(String subject) {
        Subject.pattern(subject);
        return subject;
    }
}
