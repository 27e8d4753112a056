package holt.controller;

import holt.bus.Bus;
import holt.bus.Message;
import holt.model.AgentReply;
import holt.model.Droplet;
import holt.model.Json;
import holt.model.StageProgress;
import holt.model.StageRequest;
import holt.model.Subjects;
import holt.model.Tree;
import holt.store.Blobs;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.util.Map;
import java.util.concurrent.CountDownLatch;

/** A stager that makes a droplet of any tree, saying two lines. */
final class FakeStager implements AutoCloseable {
    /** Builds wait for this before their second line. */
    volatile CountDownLatch gate = new CountDownLatch(0);

    private final Bus bus;
    private final Blobs blobs;
    private Bus.Subscription subscription;

    FakeStager(Bus bus, Blobs blobs) {
        this.bus = bus;
        this.blobs = blobs;
        this.subscription = bus.subscribe(Subjects.STAGE, "stagers", this::stage);
    }

    void open() {
        subscription = bus.subscribe(Subjects.STAGE, "stagers", this::stage);
    }

    private void stage(Message message) {
        StageRequest request = Json.read(message.payload(), StageRequest.class);
        message.reply(Json.bytes(new AgentReply.Accepted()));
        say(message.bus(), new StageProgress(request.build(), "looking", null));
        try {
            gate.await();
            String command = request.command() == null ? "run" : request.command();
            Tree tree = Json.read(blobs.bytes(request.tree()), Tree.class);
            Droplet droplet = new Droplet(tree, "static", command, Map.of("web", command), Map.of());
            say(message.bus(), new StageProgress(request.build(), "done", null));
            say(
                    message.bus(),
                    new StageProgress(
                            request.build(),
                            null,
                            new StageProgress.Result(blobs.putBytes(droplet.bytes()), "static", command, null, null)));
        } catch (IOException fault) {
            throw new UncheckedIOException(fault);
        } catch (InterruptedException fault) {
            Thread.currentThread().interrupt();
        }
    }

    private static void say(Bus bus, StageProgress step) {
        bus.publish(Subjects.stageProgress(step.build()), Json.bytes(step));
    }

    @Override
    public void close() {
        subscription.close();
    }
}
