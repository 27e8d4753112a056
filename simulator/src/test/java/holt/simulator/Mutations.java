package holt.simulator;

import holt.simulator.Mutation.Answers;
import holt.simulator.Mutation.Change;
import holt.simulator.Mutation.Confuses;
import holt.simulator.Mutation.Decides;
import holt.simulator.Mutation.Forgets;
import holt.simulator.Mutation.Inverts;
import java.util.List;

/** Mistakes that would break a promise, in all parts of the rules. */
final class Mutations {
    private Mutations() {}

    static List<Mutation> all() {
        return List.of(
                kernel("a host is never lost", "HealthManager", "silence", new Inverts(2)),
                kernel("a host is lost before its lease ends", "HealthManager", "silence", new Decides(1, false)),
                kernel("a host that is back is still taken for lost", "KnownHosts", "comeBack", new Answers(0)),
                kernel("a host that is back gets no more work", "Repairs", "comesBack", new Forgets("comeBack", 0)),
                kernel(
                        "what was on a lost host goes on being believed in",
                        "Repairs",
                        "lose",
                        new Forgets("forEach", 0)),
                kernel(
                        "a lost process is kept beside its replacement",
                        "Instance",
                        "settleTarget",
                        new Decides(2, false)),
                kernel("a lost process that is shown running stays lost", "Watched", "isReadyAt", new Answers(1)),
                kernel("a report of an older start of an agent counts", "WatchedHost", "follows", new Decides(6, true)),
                kernel("what was seen before counts again", "Watched", "hasSeen", new Answers(0)),
                kernel(
                        "an early full report makes missing what it lacks",
                        "HealthManager",
                        "findMissing",
                        new Decides(2, false)),
                kernel("a finding is acted on whatever the incarnation", "Repairs", "find", new Decides(1, false)),
                kernel("another incarnation is shown for the present one", "Watched", "isOf", new Answers(1)),
                kernel("what is missing is never noticed", "Findings", "missing", new Answers(0)),
                kernel("what nobody wants is never ended", "Repairs", "end", new Decides(0, true)),
                kernel(
                        "a start that got lost is not asked for again",
                        "Repairs",
                        "startAgain",
                        new Forgets("askToStart", 0)),
                kernel(
                        "a stop that got lost is not asked for again",
                        "Repairs",
                        "stopAgain",
                        new Forgets("askToStop", 0)),
                kernel("requests under way are not waited for", "Endings", "drain", new Decides(0, true)),
                kernel("no router is waited for", "Routers", "hear", new Forgets("put", 0)),
                kernel("what ended keeps its room", "Hosts$Host", "release", new Decides(0, true)),
                kernel("what is placed takes no room", "Hosts$Host", "place", new Decides(0, true)),
                kernel("what is disowned keeps its room", "Hosts$Host", "disown", new Confuses("minus", "plus", 0)),
                kernel("alarms are forgotten", "Timers", "put", new Forgets("add", 0)),
                kernel("a removed row stays in the truth", "Outbox", "deleteProcess", new Answers(0)),
                kernel("a pid is used again", "State", "nextPid", new Answers(7)),
                kernel("an index gets two processes", "Instance", "lacksTarget", new Answers(1)),
                kernel("a route that is taken away goes on leading", "RouteTable", "remove", new Decides(0, true)),
                kernel("routes lead to what stops", "Slot", "isServing", new Answers(1)),
                kernel("what crashed stays ended", "Supervision", "staysEnded", new Answers(1)),
                kernel("a refusal is forgotten at once", "Need", "refusal", new Answers(0)),
                agent("an agent starts what runs", "AgentSupervisor", "start", new Decides(0, false)));
    }

    private static Mutation kernel(String name, String type, String method, Change change) {
        return new Mutation(name, "holt.kernel." + type, method, change);
    }

    private static Mutation agent(String name, String type, String method, Change change) {
        return new Mutation(name, "holt.agent." + type, method, change);
    }
}
