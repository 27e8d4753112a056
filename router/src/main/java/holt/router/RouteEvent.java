package holt.router;

import holt.model.Endpoint;
import holt.model.RouteUpdate;

/** What a router's {@link RouteKeeper} can be told. */
public sealed interface RouteEvent {

    /** The controller published something; in any order, doubled, or late. */
    record Updated(RouteUpdate update) implements RouteEvent {}

    /** The controller answered {@link RouteEffect.AskForAll} with the same number. */
    record Told(long ask, RouteUpdate update) implements RouteEvent {}

    /** It is known already that nobody will answer; silence needs no word, the keeper watches that itself. */
    record NotTold(long ask, String reason) implements RouteEvent {}

    /**
     * The last request under way on an endpoint has ended, after {@link RouteEffect.Change} retired it. Exactly one
     * follows each retirement.
     */
    record Drained(Endpoint endpoint) implements RouteEvent {}

    /** The moment that was asked for has come; too early or twice does no harm. */
    record Woken() implements RouteEvent {}
}
