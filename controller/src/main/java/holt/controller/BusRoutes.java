package holt.controller;

import static holt.controller.ApiRoute.EVENTS;
import static holt.controller.ApiRoute.Method.GET;
import static holt.controller.ApiRoute.Method.POST;
import static holt.model.ErrorCode.NOT_FOUND;
import static holt.model.ErrorCode.NO_ANSWER;
import static holt.model.ErrorCode.NO_RESPONDERS;
import static holt.model.ErrorCode.PAYLOAD_TOO_LARGE;
import static holt.model.ErrorCode.SUBJECT_INVALID;
import static holt.model.ErrorCode.SUBJECT_RESERVED;
import static holt.model.ErrorCode.UNAVAILABLE;

import holt.identity.Action;
import holt.model.BusApi;
import java.util.List;

/** What can be asked below {@code /api/v1/bus}. */
final class BusRoutes {
    private BusRoutes() {}

    static List<ApiRoute> of(BusHandlers bus) {
        return List.of(
                ApiRoute.of(POST, "/bus/messages", Action.USE_BUS, "Sends a message on the bus.", bus::publish)
                        .takes(BusApi.BusPublish.class)
                        .fails(PAYLOAD_TOO_LARGE, SUBJECT_INVALID, SUBJECT_RESERVED, UNAVAILABLE),
                ApiRoute.of(
                                GET,
                                "/bus/messages",
                                Action.USE_BUS,
                                "Listens on the bus: an event listening, then each message as an event named message;"
                                        + " lost tells how many came too fast.",
                                bus::subscribe)
                        .query("subject", "What to listen to; * stands for one token, a last > for the rest.")
                        .query("queue", "Share the messages with the others of this queue.")
                        .query("payload", "no: without the payloads.")
                        .query("force", "true: also with a queue that could take the platform's own messages away.")
                        .answers(EVENTS, BusApi.BusMessage.class)
                        .fails(SUBJECT_INVALID, SUBJECT_RESERVED, UNAVAILABLE),
                ApiRoute.of(
                                POST,
                                "/bus/requests",
                                Action.USE_BUS,
                                "Sends a request on the bus and gives the first answer.",
                                bus::request)
                        .takes(BusApi.BusRequest.class)
                        .answers(200, BusApi.BusReply.class)
                        .fails(
                                NO_ANSWER,
                                NO_RESPONDERS,
                                PAYLOAD_TOO_LARGE,
                                SUBJECT_INVALID,
                                SUBJECT_RESERVED,
                                UNAVAILABLE),
                ApiRoute.of(
                                GET,
                                "/bus/monitor/{page}",
                                Action.USE_BUS,
                                "What the bus tells of itself, as nats-server does: varz, connz, subsz or healthz.",
                                bus::monitor)
                        .query("sort", "connz: by what.")
                        .query("limit", "connz, subsz: how many at most.")
                        .query("offset", "connz, subsz: how many to leave out first.")
                        .query("subs", "connz, subsz: with the subscriptions.")
                        .query("state", "connz: open, closed or all.")
                        .query("cid", "connz: this connection only.")
                        .query("test", "subsz: subscriptions that match this subject.")
                        .answers(ApiRoute.JSON, null)
                        .fails(NOT_FOUND, UNAVAILABLE));
    }
}
