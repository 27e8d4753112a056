package holt.controller;

import holt.bus.Bus;
import holt.bus.NoResponders;
import holt.bus.PayloadTooLarge;
import holt.kernel.Effect;
import holt.kernel.Input;
import holt.model.AgentReply;
import holt.model.AgentRequest;
import holt.model.Json;
import holt.model.Subjects;
import java.time.Duration;
import java.util.concurrent.TimeoutException;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/**
 * Asks agents, and says when a start was refused or not answered. Other silence needs no word: what agents report shows
 * what was done, and the brain asks again.
 */
final class Asker {
    private static final System.Logger LOG = System.getLogger(Asker.class.getName());
    private static final Duration PATIENCE = Duration.ofSeconds(10);

    private final Bus bus;
    private final Consumer<Input> queue;

    Asker(Bus bus, Consumer<Input> queue) {
        this.bus = bus;
        this.queue = queue;
    }

    void ask(Effect.Ask ask) {
        bus.request(Subjects.agent(ask.host()), Json.bytes(ask.request()), PATIENCE)
                .thenApply(answer -> Json.read(answer, AgentReply.class))
                .whenComplete((reply, fault) -> answered(ask, reply, fault));
    }

    private void answered(Effect.Ask ask, @Nullable AgentReply reply, @Nullable Throwable fault) {
        String reason = refusal(reply, fault);
        if (reason == null) {
            return;
        }
        LOG.log(System.Logger.Level.INFO, "event=agent-refused host={0} reason=\"{1}\"", ask.host(), reason);
        if (ask.request() instanceof AgentRequest.Start start) {
            queue.accept(new Input.StartRefused(
                    ask.host(), start.spec().pid(), start.spec().incarnation(), reason));
        }
    }

    /** Why an agent will not do something; null when it will. */
    static @Nullable String refusal(@Nullable AgentReply reply, @Nullable Throwable fault) {
        if (fault != null) {
            return switch (Problems.unwrapped(fault)) {
                case NoResponders nobody -> "its agent is not connected";
                case PayloadTooLarge tooLarge -> "the request cannot be sent: " + tooLarge.getMessage();
                case TimeoutException silence -> "its agent did not answer in " + PATIENCE.toSeconds() + " s";
                case Throwable other -> "its agent's answer cannot be used: " + other.getMessage();
            };
        }
        return reply instanceof AgentReply.Refused refused ? refused.reason() : null;
    }
}
