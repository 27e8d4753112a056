package holt.server;

import holt.model.Problem;
import org.jspecify.annotations.Nullable;

/**
 * The one line that a starting server writes to its standard output for whoever started it: where it is, or why it is
 * not. The admin token goes this way and no other, so that it is never on disk in clear by the server's hand.
 *
 * @param run where the server is; null when it did not start
 * @param adminToken the first admin token; null but at the very first start
 * @param code of the problem; null when it started
 * @param problem why it did not start, for people; null when it did
 */
record StartReport(
        @Nullable RunFile run,
        @Nullable String adminToken,
        @Nullable String code,
        @Nullable String problem) {

    static StartReport ready(RunFile run, @Nullable String adminToken) {
        return new StartReport(run, adminToken, null, null);
    }

    static StartReport failed(Problem problem) {
        return new StartReport(null, null, problem.code().code(), problem.text());
    }
}
