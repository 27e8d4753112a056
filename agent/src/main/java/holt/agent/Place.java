package holt.agent;

/** Where an instance is reached; decided before it starts. */
public record Place(String address, int port) {}
