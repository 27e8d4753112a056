package holt.model;

/**
 * Every error a user of Holt can meet: a stable name for programs, an HTTP status, and a title for people. Codes are
 * never renamed or reused.
 */
public enum ErrorCode {
    APP_NAME_INVALID(422, "The app name cannot be used"),
    APP_NAME_RESERVED(422, "The app name is reserved"),
    APP_NOT_FOUND(404, "There is no such app"),
    APP_HAS_NO_RELEASE(409, "The app has nothing to run yet"),
    BUILD_NOT_FOUND(404, "There is no such build"),
    BUILD_NOT_FINISHED(409, "The build has no result to release"),
    BODY_INVALID(400, "The request body cannot be read"),
    BODY_TOO_LARGE(413, "The request body is too large"),
    CONFLICT(409, "Somebody else changed this meanwhile"),
    CONTENT_MISMATCH(422, "The content does not have the digest it was sent under"),
    CONTENT_MISSING(422, "Content named by the package was not uploaded"),
    CONTENT_TYPE_UNSUPPORTED(415, "The content type is not understood here"),
    DETECTION_FAILED(422, "No way to run this package was found"),
    ENVIRONMENT_INVALID(422, "The environment variable cannot be used"),
    FILE_NOT_FOUND(404, "There is no such file"),
    FORBIDDEN(403, "The token may not do this"),
    HOST_NOT_FOUND(404, "There is no such host"),
    IMAGE_INVALID(422, "The image cannot be used"),
    IMAGE_NOT_FOUND(404, "There is no such image"),
    IMAGE_UNAUTHORIZED(422, "The registry does not give the image to this user"),
    INSTANCES_INVALID(422, "The number of instances cannot be used"),
    INSTANCE_NOT_FOUND(404, "There is no such instance"),
    INTERNAL(500, "Holt failed to do this"),
    KEEPING_INVALID(422, "Children cannot be kept like this"),
    LIMIT_INVALID(422, "The limit cannot be used"),
    MEMORY_INVALID(422, "The memory limit cannot be used"),
    METHOD_NOT_ALLOWED(405, "The resource does not take this method"),
    NO_ANSWER(504, "No answer came in time"),
    NO_RESPONDERS(404, "Nobody answers on this subject"),
    NOT_FOUND(404, "There is nothing at this address"),
    PACKAGE_EMPTY(422, "The package holds no file"),
    PACKAGE_INVALID(422, "The package cannot be used"),
    PACKAGE_TOO_LARGE(413, "The package is too large"),
    PARAMETER_INVALID(400, "The parameter cannot be used"),
    PAYLOAD_TOO_LARGE(413, "The message is too large for the bus"),
    PORT_CLOSED(409, "Nobody listens on the port"),
    PORT_TAKEN(409, "The port is taken"),
    PROCESS_NOT_ENDED(409, "The process has not ended"),
    PROCESS_NOT_FOUND(404, "There is no such process"),
    PROCESS_NOT_RUNNING(409, "The process does not run"),
    QUOTA_EXCEEDED(409, "The group has no room for this"),
    REGISTRY_UNREACHABLE(502, "The registry does not answer"),
    ROUTE_INVALID(422, "The route cannot be used"),
    ROUTE_NOT_FOUND(404, "The app has no such route"),
    ROUTE_TAKEN(409, "The route belongs to another app"),
    STACK_EXISTS(409, "There is such a stack already"),
    STACK_IN_USE(409, "Apps use the stack"),
    STACK_NAME_INVALID(422, "The name of the stack cannot be used"),
    STACK_NOT_FOUND(404, "There is no such stack"),
    STAGING_FAILED(422, "Staging failed"),
    STORAGE_FULL(507, "There is no space left"),
    SUBJECT_INVALID(422, "The subject cannot be used"),
    SUBJECT_RESERVED(422, "The subject belongs to the platform"),
    TOKEN_NOT_FOUND(404, "There is no such token"),
    UNAUTHORIZED(401, "A valid token is needed"),
    UNAVAILABLE(503, "This part of Holt is not ready"),
    UPGRADE_REQUIRED(426, "The connection has to be upgraded");

    private final int status;
    private final String title;

    ErrorCode(int status, String title) {
        this.status = status;
        this.title = title;
    }

    /** The HTTP status of an answer that carries this error. */
    public int status() {
        return status;
    }

    /** One short line for people, the same for each occurrence. */
    public String title() {
        return title;
    }

    /** The stable name in JSON, for example {@code app-name-invalid}. */
    public String code() {
        return name().toLowerCase(java.util.Locale.ROOT).replace('_', '-');
    }

    /** The error with the given stable name; {@link #INTERNAL} for a name this version does not know. */
    public static ErrorCode of(String code) {
        for (ErrorCode each : values()) {
            if (each.code().equals(code)) {
                return each;
            }
        }
        return INTERNAL;
    }
}
