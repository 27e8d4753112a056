package holt.kernel;

import holt.model.AppCommand;
import holt.model.HostReport;
import holt.model.ProcessReport;
import holt.model.RouterReport;

/** What the cluster's brain can be told. */
public sealed interface Input {

    /** A person asks for something; the answer is an {@link Effect.Reply} with the same id. */
    record Command(long request, AppCommand command) implements Input {}

    /** A program, or a person, asks something of processes; the answer is an {@link Effect.Reply} with the same id. */
    record ProcessCommand(long request, holt.model.ProcessCommand command) implements Input {}

    /** An agent reports its host and all its processes. */
    record HostReported(HostReport report) implements Input {}

    /** An agent reports a change of one process. */
    record ProcessReported(ProcessReport report) implements Input {}

    /** An agent would not start a process, or did not answer in time. */
    record StartRefused(String host, long pid, int incarnation, String reason) implements Input {}

    /** A router reports. */
    record RouterReported(RouterReport report) implements Input {}

    /** A router asks for everything; the answer is an {@link Effect.AnswerSync} with the same id. */
    record RoutesWanted(long request) implements Input {}

    /** A moment that was asked for by {@link Effect.WakeAt} has come; too early or twice does no harm. */
    record Woken() implements Input {}
}
