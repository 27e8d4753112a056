package holt.controller;

import holt.bus.Bus;
import holt.kernel.Input;
import holt.model.Compact;
import holt.model.HostReport;
import holt.model.Json;
import holt.model.ProcessReport;
import holt.model.RouterReport;
import holt.model.Subjects;
import java.util.List;
import java.util.Queue;

/**
 * Listens to agents and routers, and queues what they say for the brain. When too much waits, reports are dropped: a bus
 * may lose messages, and agents report in full again and again.
 */
final class Reports implements AutoCloseable {
    private static final System.Logger LOG = System.getLogger(Reports.class.getName());
    private static final int MAX_WAITING = 10_000;

    private final Queue<Input> inputs;
    private final List<Bus.Subscription> subscriptions;

    Reports(Bus bus, Queue<Input> inputs, Callers callers) {
        this.inputs = inputs;
        this.subscriptions = List.of(
                bus.subscribe(
                        Subjects.HOSTS,
                        message -> queue(new Input.HostReported(Compact.read(message.payload(), HostReport.class)))),
                bus.subscribe(
                        Subjects.PROCESSES,
                        message -> queue(new Input.ProcessReported(Json.read(message.payload(), ProcessReport.class)))),
                bus.subscribe(
                        Subjects.ROUTERS,
                        message -> queue(new Input.RouterReported(Json.read(message.payload(), RouterReport.class)))),
                bus.subscribe(Subjects.ROUTES_SYNC, message -> queue(callers.routesWanted(message))));
    }

    private void queue(Input input) {
        if (inputs.size() > MAX_WAITING) {
            LOG.log(System.Logger.Level.WARNING, "event=report-dropped waiting={0}", inputs.size());
            return;
        }
        inputs.add(input);
    }

    @Override
    public void close() {
        subscriptions.forEach(Bus.Subscription::close);
    }
}
