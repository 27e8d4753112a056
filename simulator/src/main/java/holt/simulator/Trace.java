package holt.simulator;

import holt.agent.InstanceStatus;
import holt.kernel.Input;
import holt.model.Change;
import holt.model.Process;
import java.util.List;

/**
 * A fingerprint of a run: two runs of one plan must have the same, or something in them does not follow from the plan.
 * Mixes what is decided, committed and reported, with the time. Owned by the simulation's thread.
 */
final class Trace {
    private final Agenda agenda;
    private long hash = 0x484F4C54;

    Trace(Agenda agenda) {
        this.agenda = agenda;
    }

    long hash() {
        return hash;
    }

    private void note(long what) {
        hash = Dice.mix(hash + 31 * what + agenda.now());
    }

    void input(Input input) {
        switch (input) {
            case Input.Command command -> note(1 + 10 * command.request());
            case Input.ProcessCommand command -> note(8 + 10 * command.request());
            case Input.HostReported reported ->
                note(2
                        + 10
                                * (reported.report().sequence()
                                        + reported.report().processes().size() * 1000L));
            case Input.ProcessReported reported ->
                note(3 + 10 * reported.report().pid());
            case Input.StartRefused refused -> note(4 + 10 * refused.pid());
            case Input.RouterReported reported ->
                note(5 + 10L * reported.report().drained().size());
            case Input.RoutesWanted wanted -> note(6 + 10 * wanted.request());
            case Input.Woken _ -> note(7);
        }
    }

    void committed(List<Change> changes) {
        for (Change change : changes) {
            switch (change) {
                case Change.PutApp put ->
                    note(put.app().name().hashCode() + 7L * put.app().instances());
                case Change.DeleteApp delete -> note(delete.name().hashCode());
                case Change.PutRelease put -> note(put.release().version());
                case Change.PutProcess put -> note(fingerprint(put.process()));
                case Change.DeleteProcess delete -> note(-delete.pid());
                case Change.PutDrain put -> note(put.drain().host().hashCode());
                case Change.DeleteDrain delete -> note(~delete.host().hashCode());
                case Change.AddEvent add ->
                    note(add.event().kind().hashCode() + add.event().id());
            }
        }
    }

    private static long fingerprint(Process row) {
        return row.pid() * 1_000_003
                + row.incarnation() * 1009L
                + row.state().ordinal()
                + (row.host() == null ? 0 : row.host().hashCode() * 31L);
    }

    void process(int host, InstanceStatus status) {
        note(host + 10_007L * status.spec().pid() + status.state().ordinal());
    }
}
