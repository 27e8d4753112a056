package holt.stager;

import holt.model.Problem;

/** What a rule makes of a package. */
sealed interface Finding {
    /** It knows how to run it. */
    record Found(Plan plan) implements Finding {}

    /** It has nothing to do with it. */
    record Nothing() implements Finding {}

    /** It nearly fits; why not, for people, should no other rule fit. */
    record NearMiss(String why) implements Finding {}

    /** It is the right rule, but something it needs is wrong. */
    record Faulty(Problem problem) implements Finding {}

    static Finding nothing() {
        return new Nothing();
    }
}
