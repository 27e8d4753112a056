package holt.agent;

import holt.bus.Message;
import holt.model.AgentReply;
import holt.model.AgentRequest;
import holt.model.Json;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.AtomicLong;
import java.util.function.BiConsumer;
import java.util.function.Consumer;
import tools.jackson.core.JacksonException;

/** What is asked of the agent on the bus: events for its brain, and whom to tell what became of them. Any thread. */
final class Requests {
    private final Consumer<AgentEvent> brain;
    private final BiConsumer<Message, AgentRequest.Files> files;
    private final BiConsumer<Message, AgentRequest.Enter> access;
    private final AtomicLong numbers = new AtomicLong();
    private final Map<Long, Message> waiting = new ConcurrentHashMap<>();

    /**
     * @param files answers requests to look into an instance, which need no decision
     * @param access answers requests to work inside one
     */
    Requests(
            Consumer<AgentEvent> brain,
            BiConsumer<Message, AgentRequest.Files> files,
            BiConsumer<Message, AgentRequest.Enter> access) {
        this.brain = brain;
        this.files = files;
        this.access = access;
    }

    void receive(Message message) {
        AgentRequest request;
        try {
            request = Json.read(message.payload(), AgentRequest.class);
        } catch (JacksonException fault) {
            message.reply(
                    Json.bytes(new AgentReply.Refused("the request cannot be read: " + fault.getOriginalMessage())));
            return;
        }
        switch (request) {
            case AgentRequest.Start start -> brain.accept(new AgentEvent.StartAsked(number(message), start.spec()));
            case AgentRequest.Stop stop ->
                brain.accept(new AgentEvent.StopAsked(
                        number(message), new InstanceKey(stop.pid(), stop.incarnation()), stop.graceMillis()));
            case AgentRequest.Files wanted -> files.accept(message, wanted);
            case AgentRequest.Enter enter -> access.accept(message, enter);
        }
    }

    private long number(Message message) {
        long number = numbers.incrementAndGet();
        waiting.put(number, message);
        return number;
    }

    void answer(AgentEffect.Answer answer) {
        Message message = waiting.remove(answer.request());
        if (message != null) {
            message.reply(Json.bytes(answer.reply()));
        }
    }
}
