package holt.cli;

import holt.model.Api;
import holt.model.ErrorCode;
import holt.model.Nearest;
import java.io.IOException;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** Names the app that was probably meant where there is none of the given name. */
final class NearApp {
    private static final Pattern PATH = Pattern.compile("/apps/([^/?]+).*");
    private static final String HINT = "Did you mean ";

    private NearApp() {}

    /** The same refusal, with a near name as its remedy where the platform named none and there is one. */
    static RefusedException named(RefusedException refused, ApiClient api) {
        Matcher path = PATH.matcher(refused.path());
        String remedy = refused.problem().remedy();
        boolean told = remedy != null && remedy.startsWith(HINT);
        if (refused.problem().code() != ErrorCode.APP_NOT_FOUND || told || !path.matches()) {
            return refused;
        }
        try {
            return near(path.group(1), api)
                    .map(near -> new RefusedException(
                            refused.status(), refused.problem().remedy(HINT + "'" + near + "'?"), refused.path()))
                    .orElse(refused);
        } catch (IOException | RefusedException unknown) {
            refused.addSuppressed(unknown);
            return refused;
        }
    }

    private static Optional<String> near(String name, ApiClient api) throws IOException {
        return Nearest.to(
                name,
                api.get("/apps", Api.Apps.class).apps().stream()
                        .map(Api.AppView::name)
                        .toList());
    }
}
