package holt.simulator;

import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;

/** Loads all of Holt anew, one class of it with a mistake. Everything else comes from the parent. */
final class MutantLoader extends ClassLoader {
    private final Mutation mutation;

    MutantLoader(Mutation mutation, ClassLoader parent) {
        super(parent);
        this.mutation = mutation;
    }

    @Override
    protected Class<?> loadClass(String name, boolean resolve) throws ClassNotFoundException {
        if (!name.startsWith("holt.")) {
            return super.loadClass(name, resolve);
        }
        synchronized (getClassLoadingLock(name)) {
            Class<?> loaded = findLoadedClass(name);
            return loaded != null ? loaded : define(name);
        }
    }

    private Class<?> define(String name) throws ClassNotFoundException {
        byte[] original = bytes(name);
        byte[] used = name.equals(mutation.type()) ? mutation.applyTo(original, getParent()) : original;
        return defineClass(name, used, 0, used.length);
    }

    private byte[] bytes(String name) throws ClassNotFoundException {
        try (InputStream in = getParent().getResourceAsStream(name.replace('.', '/') + ".class")) {
            if (in == null) {
                throw new ClassNotFoundException(name);
            }
            return in.readAllBytes();
        } catch (IOException fault) {
            throw new UncheckedIOException(fault);
        }
    }
}
