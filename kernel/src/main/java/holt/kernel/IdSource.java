package holt.kernel;

/** Gives instance ids: UUIDs, each once. Injected, so that the kernel itself has no randomness. */
@FunctionalInterface
public interface IdSource {
    String next();
}
