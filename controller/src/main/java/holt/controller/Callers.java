package holt.controller;

import holt.bus.Message;
import holt.kernel.Effect;
import holt.kernel.Input;
import holt.model.AppCommand;
import holt.model.ErrorCode;
import holt.model.Json;
import holt.model.Problem;
import holt.model.ProcessCommand;
import java.time.Duration;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.Semaphore;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.concurrent.atomic.AtomicLong;
import java.util.function.Consumer;
import java.util.function.LongFunction;

/**
 * Those who wait for an answer of the cluster's brain: callers of the API, and routers. Any thread may ask; only the
 * loop's thread answers.
 */
final class Callers {
    private static final Duration PATIENCE = Duration.ofSeconds(30);
    private static final int MAX_WAITING = 1000;

    private final AtomicLong requests = new AtomicLong();
    private final Map<Long, CompletableFuture<Effect.Reply>> commands = new ConcurrentHashMap<>();
    private final Map<Long, Message> routers = new ConcurrentHashMap<>();
    private final Semaphore places = new Semaphore(MAX_WAITING);

    /** What the present brain has been given and not yet answered. Owned by the loop's thread. */
    private final Set<Long> given = new HashSet<>();

    Effect.Reply command(AppCommand command, Consumer<Input> queue) {
        return decide(request -> new Input.Command(request, command), queue);
    }

    Effect.Reply command(ProcessCommand command, Consumer<Input> queue) {
        return decide(request -> new Input.ProcessCommand(request, command), queue);
    }

    private Effect.Reply decide(LongFunction<Input> command, Consumer<Input> queue) {
        if (!places.tryAcquire()) {
            throw unavailable("Too many commands wait to be decided on.").exception();
        }
        long request = requests.incrementAndGet();
        CompletableFuture<Effect.Reply> answer = new CompletableFuture<>();
        commands.put(request, answer);
        try {
            queue.accept(command.apply(request));
            return await(answer);
        } finally {
            commands.remove(request);
            places.release();
        }
    }

    private static Effect.Reply await(CompletableFuture<Effect.Reply> answer) {
        try {
            Effect.Reply reply = answer.get(PATIENCE.toNanos(), TimeUnit.NANOSECONDS);
            Problem problem = reply.problem();
            if (problem != null) {
                throw problem.exception();
            }
            return reply;
        } catch (ExecutionException fault) {
            throw Problems.of(fault).exception();
        } catch (TimeoutException fault) {
            throw unavailable("The command was not decided on in " + PATIENCE.toSeconds() + " s. It may still be.")
                    .exception();
        } catch (InterruptedException interrupted) {
            Thread.currentThread().interrupt();
            throw ending().exception();
        }
    }

    Input routesWanted(Message message) {
        long request = requests.incrementAndGet();
        routers.put(request, message);
        return new Input.RoutesWanted(request);
    }

    void givenToBrain(Input input) {
        if (input instanceof Input.Command command) {
            given.add(command.request());
        } else if (input instanceof Input.ProcessCommand command) {
            given.add(command.request());
        } else if (input instanceof Input.RoutesWanted wanted) {
            given.add(wanted.request());
        }
    }

    void reply(Effect.Reply reply) {
        given.remove(reply.request());
        CompletableFuture<Effect.Reply> answer = commands.get(reply.request());
        if (answer != null) {
            answer.complete(reply);
        }
    }

    void answer(Effect.AnswerSync answer) {
        given.remove(answer.request());
        Message message = routers.remove(answer.request());
        if (message != null) {
            message.reply(Json.bytes(answer.update()));
        }
    }

    /** The brain is lost that would have answered these. A router asks again by itself. */
    void failGiven(Problem problem) {
        for (long request : List.copyOf(given)) {
            routers.remove(request);
            reply(new Effect.Reply(request, problem, false, 0, 0));
        }
    }

    void failAll(Problem problem) {
        commands.values().forEach(answer -> answer.completeExceptionally(problem.exception()));
        routers.clear();
    }

    static Problem ending() {
        return unavailable("The server is being stopped.");
    }

    private static Problem unavailable(String detail) {
        return Problem.of(ErrorCode.UNAVAILABLE, detail).remedy("Look at the app, then try again.");
    }
}
