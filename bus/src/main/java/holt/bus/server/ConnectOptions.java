package holt.bus.server;

import holt.model.Json;
import java.util.Locale;
import org.jspecify.annotations.Nullable;
import tools.jackson.core.JacksonException;
import tools.jackson.core.JsonParser;
import tools.jackson.core.JsonToken;

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
        Said said = new Said();
        try (JsonParser json = Json.parser(line, from, to - from)) {
            JsonToken first = json.nextToken();
            if (first == JsonToken.START_OBJECT) {
                while (json.nextToken() == JsonToken.PROPERTY_NAME) {
                    String name = json.currentName().toLowerCase(Locale.ROOT);
                    take(name, json, json.nextToken(), said);
                }
            }
            if ((first != JsonToken.START_OBJECT && first != JsonToken.VALUE_NULL) || json.nextToken() != null) {
                throw ProtocolFault.badArguments();
            }
        } catch (JacksonException bad) {
            throw ProtocolFault.badArguments();
        }
        claim = new Claim(said.user, said.password, said.token, said.nkey, said.signature);
    }

    /** What is gathered for a claim. */
    private static final class Said {
        private @Nullable String user;
        private @Nullable String password;
        private @Nullable String token;
        private @Nullable String nkey;
        private @Nullable String signature;
    }

    private void take(String member, JsonParser json, JsonToken value, Said said) throws ProtocolFault {
        switch (member) {
            case "verbose" -> verbose = flag(value, verbose);
            case "pedantic" -> pedantic = flag(value, pedantic);
            case "echo" -> echo = flag(value, echo);
            case "headers" -> headers = flag(value, headers);
            case "no_responders" -> noResponders = flag(value, noResponders);
            case "tls_required" -> flag(value, false);
            case "protocol" -> protocol = number(json, value, protocol);
            case "name" -> name = brief(text(json, value, name));
            case "lang" -> language = brief(text(json, value, language));
            case "version" -> version = brief(text(json, value, version));
            case "user" -> said.user = text(json, value, "");
            case "pass" -> said.password = text(json, value, "");
            case "auth_token" -> said.token = text(json, value, "");
            case "nkey" -> said.nkey = text(json, value, "");
            case "sig" -> said.signature = text(json, value, "");
            default -> json.skipChildren();
        }
    }

    private static boolean flag(JsonToken value, boolean before) throws ProtocolFault {
        return switch (value) {
            case VALUE_TRUE -> true;
            case VALUE_FALSE -> false;
            case VALUE_NULL -> before;
            default -> throw ProtocolFault.badArguments();
        };
    }

    private static int number(JsonParser json, JsonToken value, int before) throws ProtocolFault {
        if (value == JsonToken.VALUE_NULL) {
            return before;
        }
        if (value != JsonToken.VALUE_NUMBER_INT || json.getNumberType() != JsonParser.NumberType.INT) {
            throw ProtocolFault.badArguments();
        }
        return json.getIntValue();
    }

    private static String text(JsonParser json, JsonToken value, String before) throws ProtocolFault {
        if (value == JsonToken.VALUE_NULL) {
            return before;
        }
        if (value != JsonToken.VALUE_STRING) {
            throw ProtocolFault.badArguments();
        }
        return json.getString();
    }

    private static String brief(String name) {
        return name.length() <= LONGEST_NAME ? name : name.substring(0, LONGEST_NAME);
    }
}
