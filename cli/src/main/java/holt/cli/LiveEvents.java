package holt.cli;

import holt.model.Event;
import java.util.function.Predicate;

/** Events as they come, each once; after a lost connection it goes on behind the last one. */
final class LiveEvents implements Following.Reader {
    private final String path;
    private final Predicate<Event> taker;
    private long last;

    /**
     * A reader.
     *
     * @param path of the stream, without parameters
     * @param last id of the event behind which to begin
     * @param taker false when it has enough
     */
    LiveEvents(String path, long last, Predicate<Event> taker) {
        this.path = path;
        this.last = last;
        this.taker = taker;
    }

    @Override
    public String path() {
        return ApiPath.query(path, "after", last);
    }

    @Override
    public boolean take(SseStream.Message message) {
        Event event = LeanJson.read(message.data(), Event.class);
        if (event.id() <= last) {
            return true;
        }
        last = event.id();
        return taker.test(event);
    }
}
