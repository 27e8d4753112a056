package holt.controller;

import holt.model.ErrorCode;
import holt.model.Json;
import holt.model.Problem;
import java.nio.ByteBuffer;
import org.eclipse.jetty.http.HttpFields;
import org.eclipse.jetty.http.HttpHeader;
import org.eclipse.jetty.server.Request;
import org.eclipse.jetty.server.Response;
import org.eclipse.jetty.server.handler.ErrorHandler;
import org.eclipse.jetty.util.Callback;

/** Problem documents for what the HTTP server refuses before it is a request: malformed lines, headers too large. */
final class JettyErrors extends ErrorHandler {
    private static final int FIRST_SERVER_FAULT = 500;

    @Override
    public boolean handle(Request request, Response response, Callback callback) {
        response.getHeaders().put(HttpHeader.CONTENT_TYPE, Problems.CONTENT_TYPE);
        Object message = request.getAttribute(ERROR_MESSAGE);
        byte[] body = body(response.getStatus(), message == null ? "" : message.toString());
        response.write(true, ByteBuffer.wrap(body), callback);
        return true;
    }

    @Override
    public ByteBuffer badMessageError(int status, String reason, HttpFields.Mutable fields) {
        fields.put(HttpHeader.CONTENT_TYPE, Problems.CONTENT_TYPE);
        return ByteBuffer.wrap(body(status, reason == null ? "" : reason));
    }

    private static byte[] body(int status, String message) {
        Problem problem = status >= FIRST_SERVER_FAULT
                ? Problem.of(ErrorCode.INTERNAL, "Something failed that should not have; the server's log has more.")
                : Problem.of(
                        ErrorCode.PARAMETER_INVALID,
                        "The request cannot be understood" + (message.isEmpty() ? "" : ": " + Call.printable(message))
                                + ".");
        return Json.bytes(Problems.document(problem, status));
    }
}
