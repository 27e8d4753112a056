package holt.bus.server;

import org.jspecify.annotations.Nullable;

/** What a client sent is not the protocol: its connection ends, with the protocol's words where there are any. */
final class ProtocolFault extends Exception {
    private static final long serialVersionUID = 1L;

    private final @Nullable String answer;

    /**
     * @param reason as monitoring shows it
     * @param answer what the client is told; null for nothing
     */
    ProtocolFault(String reason, @Nullable String answer) {
        super(reason, null, false, false);
        this.answer = answer;
    }

    @Nullable
    String answer() {
        return answer;
    }

    static ProtocolFault unknownOperation() {
        return new ProtocolFault("Protocol Violation", "Unknown Protocol Operation");
    }

    /** Arguments that make no sense get no words. */
    static ProtocolFault badArguments() {
        return new ProtocolFault("Protocol Violation", null);
    }
}
