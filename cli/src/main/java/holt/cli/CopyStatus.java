package holt.cli;

import holt.model.ErrorCode;
import holt.model.Problem;

/** What the exit statuses of a copy's other end mean, in words. Pure. */
final class CopyStatus {
    private CopyStatus() {}

    /**
     * Does nothing where all went well.
     *
     * @param said what the other end complained of
     * @throws holt.model.ProblemException otherwise
     */
    static void check(int status, String said, CopyCommand.Remote remote) {
        if (status == 0) {
            return;
        }
        String place = "'" + Text.printable(remote.toString(), 200) + "'";
        Problem problem = switch (status) {
            case 40 -> Problem.of(ErrorCode.FILE_NOT_FOUND, "There is no file or folder " + place + ".");
            case 41 -> Problem.of(ErrorCode.FILE_NOT_FOUND, place + " is no folder, so nothing can be copied into it.");
            case 42 ->
                Problem.of(ErrorCode.FILE_NOT_FOUND, "There is no folder in which " + place + " could be made.")
                        .remedy("Make it first: 'holt exec " + remote.instance() + " -- mkdir -p DIR'.");
            case 43 ->
                Problem.of(ErrorCode.FORBIDDEN, "The instance's user may not read or write " + place + ".")
                        .remedy("Its own folder and /tmp can be written.");
            case 44 -> Problem.of(ErrorCode.UNAVAILABLE, "The instance has no program 'tar', which copies take.");
            case 45 -> Problem.of(ErrorCode.FILE_NOT_FOUND, place + " is a folder; a file cannot replace it.");
            default ->
                Problem.of(
                        ErrorCode.INTERNAL,
                        "The copy failed in the instance with status " + status
                                + (said.isBlank() ? "." : ": " + Text.printable(said.strip(), 500)));
        };
        throw problem.exception();
    }
}
