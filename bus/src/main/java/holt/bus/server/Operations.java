package holt.bus.server;

/** What a client may ask for; called by its {@link Parser}. Ranges are valid during the call only. */
interface Operations {

    /** Whether nothing but CONNECT is taken now. */
    boolean awaitsConnect();

    /** Whether the client was cut, so that what it sent besides is of no interest. */
    boolean isOver();

    /** Whether an answer has to be waited for before the next operation is looked at. */
    boolean isPaused();

    void connect(byte[] line, int from, int to) throws ProtocolFault;

    void ping();

    void pong();

    /** The client complains of us, and leaves. */
    void error();

    /** Arguments of a subscription; two, or with a queue three, else there is none. */
    void subscribe(byte[] line, Arguments arguments) throws ProtocolFault;

    void unsubscribe(byte[] line, Arguments arguments) throws ProtocolFault;

    /** A message's line is known and its body not yet: sizes can be judged. */
    void announced(Publication message) throws ProtocolFault;

    /** Whether headers were agreed to. */
    boolean hasHeaders();

    void publish(Publication message);

    /** An operation before {@code CONNECT} from one who has to say who they are. */
    ProtocolFault unauthorized();
}
