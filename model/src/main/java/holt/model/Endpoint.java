package holt.model;

/** A process that requests can be sent to. Equal in all parts or another endpoint. */
public record Endpoint(String app, long pid, int incarnation, int index, String instanceId, String address, int port) {}
