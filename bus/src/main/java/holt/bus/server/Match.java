package holt.bus.server;

/**
 * Whom a subject's messages are for: each of the plain ones, and of each queue one. Immutable, except that it stops being
 * current when subscriptions change.
 */
final class Match {
    static final Interest[] NOBODY = {};
    private static final Interest[][] NO_QUEUES = {};

    final byte[] subject;
    final int hash;
    final Interest[] plain;
    final Interest[][] queues;
    /** The state of wildcard subscriptions it was made in. */
    final long generation;
    /** Whether it is kept, and no literal subscription to this subject has come or gone since. */
    boolean current = true;

    Match(byte[] subject, int hash, Interest[] plain, Interest[][] queues, long generation) {
        this.subject = subject;
        this.hash = hash;
        this.plain = plain;
        this.queues = queues;
        this.generation = generation;
    }

    /** How many it names. */
    int interests() {
        int count = plain.length;
        for (Interest[] queue : queues) {
            count += queue.length;
        }
        return count;
    }

    static Match none(byte[] subject, int hash, long generation) {
        return new Match(subject, hash, NOBODY, NO_QUEUES, generation);
    }
}
