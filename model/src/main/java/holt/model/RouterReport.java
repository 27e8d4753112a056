package holt.model;

import java.util.List;

/**
 * What a router says of itself, on {@link Subjects#ROUTERS}: every few seconds, and at once when an endpoint that was
 * taken from it has answered its last request.
 *
 * @param router name of the router
 * @param drained endpoints it was told to use no longer, and on which no request is under way any more
 */
public record RouterReport(String router, List<Endpoint> drained) {
    public RouterReport {
        drained = List.copyOf(drained);
    }
}
