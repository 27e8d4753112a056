package holt.cli;

import holt.model.ErrorCode;
import holt.model.Problem;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.attribute.PosixFilePermission;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;

/**
 * The platforms a person is logged in to, kept in {@code <home>/client.json}, which only its owner can read. Written as
 * a whole and moved into place. Immutable: each change is written and gives a new value.
 */
public final class Credentials {
    /** The profile of {@code holt login} where no other is named. */
    public static final String DEFAULT_PROFILE = "default";

    /** The profile of the platform that {@code holt up} starts here. */
    public static final String LOCAL_PROFILE = "local";

    private static final Set<PosixFilePermission> OWNER_ONLY = PosixFilePermissions.fromString("rw-------");
    private static final Set<PosixFilePermission> OWNER_FOLDER = PosixFilePermissions.fromString("rwx------");

    private final Path file;
    private final State state;

    /**
     * One platform.
     *
     * @param api its address
     * @param token null after a logout
     */
    public record Profile(String api, @Nullable String token) {
        @Override
        public String toString() {
            return "Profile[" + api + "]";
        }
    }

    /** The file's shape. */
    record State(@Nullable String current, Map<String, Object> profiles) {}

    private Credentials(Path file, State state) {
        this.file = file;
        this.state = state;
    }

    /** Reads what is kept below a home folder; nothing kept is nobody logged in. */
    public static Credentials load(Path home) {
        Path file = home.resolve("client.json");
        try {
            return new Credentials(file, LeanJson.read(Files.readAllBytes(file), State.class));
        } catch (NoSuchFileException none) {
            return new Credentials(file, new State(null, Map.of()));
        } catch (IOException | JsonParser.Fault broken) {
            throw Problem.of(
                            ErrorCode.UNAUTHORIZED,
                            "The file " + file + " cannot be read: " + broken.getMessage() + ".")
                    .remedy("Remove it and log in again with 'holt login --api URL'.")
                    .exception();
        }
    }

    /** The name of the profile in use; empty where nobody ever logged in. */
    public Optional<String> currentName() {
        return Optional.ofNullable(state.current()).filter(state.profiles()::containsKey);
    }

    /** The profile in use. */
    public Optional<Profile> current() {
        return currentName().flatMap(this::profile);
    }

    /** A profile by name. */
    public Optional<Profile> profile(String name) {
        return Optional.ofNullable(state.profiles().get(name)).map(found -> LeanJson.convert(found, Profile.class));
    }

    /** All names, sorted. */
    public Set<String> names() {
        return new TreeMap<>(state.profiles()).keySet();
    }

    /** Keeps a platform and its token under a name, and uses it from now on. */
    public Credentials save(String name, String api, @Nullable String token) throws IOException {
        Map<String, Object> profiles = new TreeMap<>(state.profiles());
        profiles.put(name, new Profile(api, token));
        return write(new State(name, profiles));
    }

    /** Uses another profile from now on. */
    public Credentials use(String name) throws IOException {
        return write(new State(name, state.profiles()));
    }

    private Credentials write(State next) throws IOException {
        Path folder = file.toAbsolutePath().getParent();
        if (folder == null) {
            throw new IOException(file + " is not in a folder");
        }
        Files.createDirectories(folder, PosixFilePermissions.asFileAttribute(OWNER_FOLDER));
        Path fresh = Files.createTempFile(folder, ".client", ".json", PosixFilePermissions.asFileAttribute(OWNER_ONLY));
        try {
            Files.write(fresh, LeanJson.bytes(next));
            Files.move(fresh, file, StandardCopyOption.ATOMIC_MOVE, StandardCopyOption.REPLACE_EXISTING);
        } finally {
            Files.deleteIfExists(fresh);
        }
        return new Credentials(file, LeanJson.read(LeanJson.bytes(next), State.class));
    }
}
