/**
 * A NATS server inside the process: any NATS client connects by socket, Holt's own parts without one. The protocol as
 * nats-server 2.9 speaks it to clients; no clusters, no gateways, no leaf nodes, no JetStream.
 */
@NullMarked
package holt.bus.server;

import org.jspecify.annotations.NullMarked;
