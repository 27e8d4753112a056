package holt.router;

import java.util.concurrent.ThreadLocalRandom;
import org.jspecify.annotations.Nullable;

/**
 * Writes the heads that the router sends on: what came, without the fields that concern one hop only, and with the
 * router's own. Neighbouring lines that stay are copied in one go.
 *
 * <p>What a client says of the way it came is not believed: X-Forwarded-Host, -Port, -Proto and X-Request-Start are
 * written anew from what the router sees, since an application builds links and decides on safety by them. With
 * {@link RouterSettings#trustForwarded} those that came stay, and only missing ones are written. To X-Forwarded-For the
 * client's address is added in either case: its last element is the only one that the router has seen itself.
 */
final class HeadWriter {
    private static final byte[] HTTP_1_1 = Ascii.bytes(" HTTP/1.1\r\n");
    private static final byte[] STATUS_LINE = Ascii.bytes("HTTP/1.1 ");
    private static final byte[] CHUNKED = Ascii.bytes("Transfer-Encoding: chunked\r\n");
    private static final byte[] CLOSE = Ascii.bytes("Connection: close\r\n");
    private static final byte[] KEEP_ALIVE = Ascii.bytes("Connection: keep-alive\r\n");
    private static final byte[] UPGRADE = Ascii.bytes("Connection: Upgrade\r\n");
    private static final byte[] FORWARDED_FOR = Ascii.bytes("X-Forwarded-For: ");
    private static final byte[] FORWARDED_HOST = Ascii.bytes("X-Forwarded-Host: ");
    private static final byte[] FORWARDED_PORT = Ascii.bytes("X-Forwarded-Port: ");
    private static final byte[] FORWARDED_PROTO = Ascii.bytes("X-Forwarded-Proto: http\r\n");
    private static final byte[] REQUEST_START = Ascii.bytes("X-Request-Start: ");
    private static final byte[] REQUEST_ID = Ascii.bytes("X-Request-Id: ");
    private static final byte[] HOST = Ascii.bytes("Host: ");
    private static final byte[] LIST_SEPARATOR = Ascii.bytes(", ");

    /** How a response's body reaches the client. */
    enum Framing {
        /** As the fields of the response say, or without body. */
        AS_IT_IS,
        /** In chunks, which the response may have been in or not. */
        CHUNKED,
        /** Until the connection ends. */
        UNTIL_CLOSE
    }

    private HeadWriter() {}

    /**
     * Writes a request for an endpoint.
     *
     * @param clientAddress as text
     * @param port the client came to
     * @param trustForwarded see {@link RouterSettings}
     */
    static void request(
            Scratch out, RequestHead head, byte[] clientAddress, int port, long nowMillis, boolean trustForwarded) {
        boolean upgrade = head.wantsUpgrade();
        out.clear().bytes(head.bytes, head.methodStart(), head.methodEnd()).one(Ascii.SPACE);
        if (head.absoluteTarget && (head.pathStart == head.pathEnd || head.bytes[head.pathStart] != '/')) {
            out.one((byte) '/');
        }
        out.bytes(head.bytes, head.pathStart, head.pathEnd).text(HTTP_1_1);
        if (head.absoluteTarget) {
            out.text(HOST)
                    .bytes(head.bytes, head.authorityStart, head.authorityEnd)
                    .lineEnd();
        }
        int trusted = copyRequestFields(out, head, upgrade, trustForwarded);
        if (head.chunked) {
            out.text(CHUNKED);
        }
        if (upgrade) {
            out.text(UPGRADE);
        }
        forwarded(out, head, clientAddress, port, trusted);
        if ((trusted & 1 << KnownField.X_REQUEST_START.ordinal()) == 0) {
            out.text(REQUEST_START).decimal(nowMillis).lineEnd();
        }
        if (!head.hasRequestId) {
            ThreadLocalRandom random = ThreadLocalRandom.current();
            out.text(REQUEST_ID).hex(random.nextLong()).hex(random.nextLong()).lineEnd();
        }
        out.lineEnd();
    }

    /** Copies what stays; returns which trusted fields were there, one bit by ordinal. */
    private static int copyRequestFields(Scratch out, RequestHead head, boolean upgrade, boolean trustForwarded) {
        int trusted = 0;
        int run = -1;
        boolean lengthSeen = false;
        for (int i = 0; i < head.fields(); i++) {
            KnownField known = head.known(i);
            boolean stays;
            if (known == null) {
                stays = !head.isNamedByConnection(i);
            } else {
                stays = switch (known) {
                    case ACCEPT, EXPECT, X_REQUEST_ID -> true;
                    case HOST -> !head.absoluteTarget;
                    case UPGRADE -> upgrade;
                    case CONTENT_LENGTH -> !lengthSeen;
                    case X_FORWARDED_HOST, X_FORWARDED_PORT, X_FORWARDED_PROTO, X_REQUEST_START -> trustForwarded;
                    case CONNECTION,
                            KEEP_ALIVE,
                            PROXY_AUTHORIZATION,
                            PROXY_CONNECTION,
                            TE,
                            TRANSFER_ENCODING,
                            X_FORWARDED_FOR -> false;
                };
                lengthSeen |= known == KnownField.CONTENT_LENGTH;
                trusted |= stays ? 1 << known.ordinal() : 0;
            }
            run = run(out, head, i, stays, run);
        }
        run(out, head, head.fields(), false, run);
        return trusted;
    }

    /** Copies the run of lines before a field that goes; returns where the present run began, -1 for none. */
    private static int run(Scratch out, MessageHead head, int field, boolean stays, int run) {
        if (stays) {
            return run < 0 ? head.lineStart(field) : run;
        }
        if (run >= 0) {
            out.bytes(head.bytes, run, head.lineEndOf(field - 1));
        }
        return -1;
    }

    private static void forwarded(Scratch out, RequestHead head, byte[] clientAddress, int port, int trusted) {
        out.text(FORWARDED_FOR);
        if (head.hasForwardedFor) {
            for (int i = 0; i < head.fields(); i++) {
                if (head.known(i) == KnownField.X_FORWARDED_FOR && head.valueEnd(i) > head.valueStart(i)) {
                    out.bytes(head.bytes, head.valueStart(i), head.valueEnd(i)).text(LIST_SEPARATOR);
                }
            }
        }
        out.text(clientAddress).lineEnd();
        if ((trusted & 1 << KnownField.X_FORWARDED_PROTO.ordinal()) == 0) {
            out.text(FORWARDED_PROTO);
        }
        if ((trusted & 1 << KnownField.X_FORWARDED_HOST.ordinal()) == 0) {
            out.text(FORWARDED_HOST)
                    .bytes(head.bytes, head.authorityStart, head.authorityEnd)
                    .lineEnd();
        }
        if ((trusted & 1 << KnownField.X_FORWARDED_PORT.ordinal()) == 0) {
            out.text(FORWARDED_PORT).decimal(port).lineEnd();
        }
    }

    /**
     * Writes a response for the client.
     *
     * @param connection what to say of the client's connection: true stays open, false closes, null says nothing
     */
    static void response(Scratch out, ResponseHead head, Framing framing, @Nullable Boolean connection) {
        boolean switching = head.status == 101;
        out.clear()
                .text(STATUS_LINE)
                .decimal(head.status)
                .one(Ascii.SPACE)
                .bytes(head.bytes, head.reasonStart, head.reasonEnd)
                .lineEnd();
        boolean withoutLength = framing != Framing.AS_IT_IS || head.status == 204 || head.status < 200;
        copyResponseFields(out, head, switching, withoutLength);
        if (framing == Framing.CHUNKED) {
            out.text(CHUNKED);
        }
        if (switching) {
            out.text(UPGRADE);
        } else if (connection != null) {
            out.text(connection ? KEEP_ALIVE : CLOSE);
        }
        out.lineEnd();
    }

    private static void copyResponseFields(Scratch out, ResponseHead head, boolean switching, boolean withoutLength) {
        int run = -1;
        boolean lengthSeen = withoutLength;
        for (int i = 0; i < head.fields(); i++) {
            KnownField known = head.known(i);
            boolean stays;
            if (known == null) {
                stays = !head.isNamedByConnection(i);
            } else {
                stays = switch (known) {
                    case CONNECTION, KEEP_ALIVE, PROXY_CONNECTION, TRANSFER_ENCODING -> false;
                    case UPGRADE -> switching || head.status == 426;
                    case CONTENT_LENGTH -> !lengthSeen;
                    case ACCEPT,
                            EXPECT,
                            HOST,
                            PROXY_AUTHORIZATION,
                            TE,
                            X_FORWARDED_FOR,
                            X_FORWARDED_HOST,
                            X_FORWARDED_PORT,
                            X_FORWARDED_PROTO,
                            X_REQUEST_ID,
                            X_REQUEST_START -> true;
                };
                lengthSeen |= known == KnownField.CONTENT_LENGTH;
            }
            if (head.bareLf) {
                line(out, head, i, stays);
            } else {
                run = run(out, head, i, stays, run);
            }
        }
        run(out, head, head.fields(), false, run);
    }

    private static void line(Scratch out, MessageHead head, int field, boolean stays) {
        if (stays) {
            out.bytes(head.bytes, head.lineStart(field), head.valueEnd(field)).lineEnd();
        }
    }
}
