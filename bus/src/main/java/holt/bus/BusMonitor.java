package holt.bus;

import java.io.IOException;
import java.util.Map;

/** What a bus tells of itself, in the names and shapes of nats-server's monitoring pages. */
public interface BusMonitor {

    /**
     * A page as JSON.
     *
     * @param page {@code varz}, {@code connz}, {@code subsz} or {@code healthz}
     * @param query the page's parameters, such as {@code sort}, {@code limit}, {@code offset} and {@code subs}
     * @throws IllegalArgumentException for a page or a parameter there is not, saying what there is
     * @throws IOException where the bus cannot be asked
     */
    byte[] page(String page, Map<String, String> query) throws IOException;
}
