package holt.agent;

import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** Ranges of addresses for instances: the {@code /20} parts of 10.192.0.0/10. An address is a number here. */
final class AddressRange {
    /** Addresses in a range. */
    static final int SIZE = 1 << 12;

    private static final int FIRST = (10 << 24) | (192 << 16);
    private static final int COUNT = 1 << 10;
    private static final int ADDRESS_BITS = 32;
    private static final Pattern ADDRESS = Pattern.compile("(\\d+)\\.(\\d+)\\.(\\d+)\\.(\\d+)(?:/(\\d+))?");

    private AddressRange() {}

    private record Taken(int first, int last) {
        boolean touches(int range) {
            return first < range + SIZE && range <= last;
        }
    }

    /** A range that no address and no route of this host touches; where to look first depends on the platform. */
    static int findFree(String platform) throws IOException {
        return findFree(platform, Tool.check(List.of("ip", "-4", "route", "show", "table", "all"), ""));
    }

    static int findFree(String platform, String routes) throws IOException {
        List<Taken> taken = new ArrayList<>();
        for (String word : routes.split("\\s+")) {
            parse(word).ifPresent(taken::add);
        }
        int start = Math.floorMod(platform.hashCode(), COUNT);
        for (int tries = 0; tries < COUNT; tries++) {
            int candidate = FIRST + ((start + tries) % COUNT) * SIZE;
            if (taken.stream().noneMatch(each -> each.touches(candidate))) {
                return candidate;
            }
        }
        throw new IOException("no free range of addresses in 10.192.0.0/10");
    }

    private static Optional<Taken> parse(String word) {
        Matcher matcher = ADDRESS.matcher(word);
        if (!matcher.matches()) {
            return Optional.empty();
        }
        int address = 0;
        for (int part = 1; part <= 4; part++) {
            address = (address << 8) | Integer.parseInt(matcher.group(part));
        }
        int bits = matcher.group(5) == null ? ADDRESS_BITS : Integer.parseInt(matcher.group(5));
        int last = address + (int) ((1L << (ADDRESS_BITS - bits)) - 1);
        return bits == 0 ? Optional.empty() : Optional.of(new Taken(address, last));
    }

    static String text(int address) {
        return ((address >>> 24) & 255) + "." + ((address >>> 16) & 255) + "." + ((address >>> 8) & 255) + "."
                + (address & 255);
    }

    /** A hardware address that is always the same for one address. */
    static String hardware(int address) {
        byte[] bytes = hardwareBytes(address);
        return "%02x:%02x:%02x:%02x:%02x:%02x".formatted(bytes[0], bytes[1], bytes[2], bytes[3], bytes[4], bytes[5]);
    }

    static byte[] hardwareBytes(int address) {
        return new byte[] {
            2, 0x48, (byte) (address >>> 24), (byte) (address >>> 16), (byte) (address >>> 8), (byte) address
        };
    }
}
