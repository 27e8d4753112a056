package holt.bus.server;

import holt.model.Json;
import java.util.Arrays;
import java.util.Locale;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import tools.jackson.core.JacksonException;
import tools.jackson.databind.JsonNode;

/**
 * What a client says of itself in CONNECT. What it does not mention stays as it was: before any CONNECT a client is
 * verbose and pedantic. Owned by its client.
 */
final class ConnectOptions {
    private static final int LONGEST_NAME = 1024;

    boolean verbose = true;
    boolean pedantic = true;
    boolean echo = true;
    boolean headers;
    boolean noResponders;
    int protocol;
    String name = "";
    String language = "";
    String version = "";

    @Nullable
    Claim claim;

    /**
     * Who somebody says they are; forgotten as soon as it is checked.
     *
     * @param signature of the nonce, in base64 for URLs
     */
    record Claim(
            @Nullable String user,
            @Nullable String password,
            @Nullable String token,
            @Nullable String nkey,
            @Nullable String signature) {

        boolean isEmpty() {
            return user == null && password == null && token == null && nkey == null;
        }

        /** Secrets do not belong in a log. */
        @Override
        public String toString() {
            return "Claim[" + user + "]";
        }
    }

    /** Takes over what is said. Names of members are taken in any case, those that are not known are passed over. */
    void read(byte[] line, int from, int to) throws ProtocolFault {
        JsonNode root;
        try {
            root = Json.tree(Arrays.copyOfRange(line, from, to));
        } catch (JacksonException bad) {
            throw ProtocolFault.badArguments();
        }
        if (root == null || !root.isObject()) {
            throw ProtocolFault.badArguments();
        }
        String user = null;
        String password = null;
        String token = null;
        String nkey = null;
        String signature = null;
        for (Map.Entry<String, JsonNode> member : root.properties()) {
            JsonNode value = member.getValue();
            switch (member.getKey().toLowerCase(Locale.ROOT)) {
                case "verbose" -> verbose = flag(value, verbose);
                case "pedantic" -> pedantic = flag(value, pedantic);
                case "echo" -> echo = flag(value, echo);
                case "headers" -> headers = flag(value, headers);
                case "no_responders" -> noResponders = flag(value, noResponders);
                case "tls_required" -> flag(value, false);
                case "protocol" -> protocol = number(value, protocol);
                case "name" -> name = brief(text(value, name));
                case "lang" -> language = brief(text(value, language));
                case "version" -> version = brief(text(value, version));
                case "user" -> user = text(value, "");
                case "pass" -> password = text(value, "");
                case "auth_token" -> token = text(value, "");
                case "nkey" -> nkey = text(value, "");
                case "sig" -> signature = text(value, "");
                default -> {}
            }
        }
        claim = new Claim(user, password, token, nkey, signature);
    }

    private static boolean flag(JsonNode value, boolean before) throws ProtocolFault {
        if (value.isNull()) {
            return before;
        }
        if (!value.isBoolean()) {
            throw ProtocolFault.badArguments();
        }
        return value.booleanValue();
    }

    private static int number(JsonNode value, int before) throws ProtocolFault {
        if (value.isNull()) {
            return before;
        }
        if (!value.isIntegralNumber() || !value.canConvertToInt()) {
            throw ProtocolFault.badArguments();
        }
        return value.intValue();
    }

    private static String text(JsonNode value, String before) throws ProtocolFault {
        if (value.isNull()) {
            return before;
        }
        if (!value.isString()) {
            throw ProtocolFault.badArguments();
        }
        return value.stringValue();
    }

    private static String brief(String name) {
        return name.length() <= LONGEST_NAME ? name : name.substring(0, LONGEST_NAME);
    }
}
