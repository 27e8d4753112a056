package holt.agent;

import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;

/**
 * The requests that make one instance's link: a pair of virtual devices, one end in the instance's namespace and one on
 * the host, and a route of its own between them. No bridge joins the links, because one takes at most 1,023 of them and
 * asks all of them where an address is; here nobody has to ask, so that the thousandth costs what the first did. Pure.
 *
 * @param port name of the host's end
 * @param address of the instance
 * @param gateway of all instances
 */
record InstanceLink(String port, int address, int gateway) {
    private static final int INNER_INDEX = 100;
    private static final int LOOPBACK_INDEX = 1;

    private static final int AF_INET = 2;
    private static final int AF_INET6 = 10;
    private static final int UP = 1;
    private static final int ADDRESS_BITS = 32;
    private static final int PERMANENT = 0x80;
    private static final int TABLE_MAIN = 254;
    private static final int PROTOCOL_BOOT = 3;
    private static final int SCOPE_LINK = 253;
    private static final int UNICAST = 1;
    private static final int ON_LINK = 4;

    private static final int IFLA_ADDRESS = 1;
    private static final int IFLA_IFNAME = 3;
    private static final int IFLA_LINKINFO = 18;
    private static final int IFLA_AF_SPEC = 26;
    private static final int IFLA_NET_NS_FD = 28;
    private static final int IFLA_INFO_KIND = 1;
    private static final int IFLA_INFO_DATA = 2;
    private static final int VETH_INFO_PEER = 1;
    private static final int IFLA_INET6_ADDR_GEN_MODE = 8;
    private static final int IFA_ADDRESS = 1;
    private static final int IFA_LOCAL = 2;
    private static final int RTA_DST = 1;
    private static final int RTA_OIF = 4;
    private static final int RTA_GATEWAY = 5;
    private static final int RTA_PREFSRC = 7;
    private static final int NDA_DST = 1;
    private static final int NDA_LLADDR = 2;

    private static final boolean IPV6 = Files.exists(Path.of("/proc/sys/net/ipv6"));

    /** For the instance's namespace: makes the pair, with the other end in the host's. */
    List<NetlinkMessage> inside(int host) {
        List<NetlinkMessage> messages = new ArrayList<>(List.of(pair(host)));
        messages.addAll(withoutOwnIpv6(INNER_INDEX));
        messages.add(up(LOOPBACK_INDEX));
        messages.add(new NetlinkMessage(NetlinkMessage.NEW_ADDRESS, NetlinkMessage.CREATE)
                .bytes(AF_INET, ADDRESS_BITS, 0, 0)
                .number(INNER_INDEX)
                .address(IFA_LOCAL, address)
                .address(IFA_ADDRESS, address));
        messages.add(up(INNER_INDEX));
        messages.add(neighbour(INNER_INDEX, gateway));
        messages.add(route(0, ON_LINK, 0).address(RTA_GATEWAY, gateway).attribute(RTA_OIF, INNER_INDEX));
        return messages;
    }

    private NetlinkMessage pair(int host) {
        NetlinkMessage message = new NetlinkMessage(NetlinkMessage.NEW_LINK, NetlinkMessage.CREATE)
                .link(INNER_INDEX, 0, 0)
                .attribute(IFLA_IFNAME, "eth0")
                .attribute(IFLA_ADDRESS, AddressRange.hardwareBytes(address));
        int info = message.begin(IFLA_LINKINFO);
        message.attribute(IFLA_INFO_KIND, "veth");
        int data = message.begin(IFLA_INFO_DATA);
        int peer = message.begin(VETH_INFO_PEER);
        message.link(0, 0, 0)
                .attribute(IFLA_IFNAME, port)
                .attribute(IFLA_ADDRESS, AddressRange.hardwareBytes(gateway))
                .attribute(IFLA_NET_NS_FD, host);
        return message.end(peer).end(data).end(info);
    }

    /** For the host's namespace: its end of the pair has that number. */
    List<NetlinkMessage> outside(int index) {
        List<NetlinkMessage> messages = new ArrayList<>(withoutOwnIpv6(index));
        messages.add(up(index));
        messages.add(neighbour(index, address));
        messages.add(route(ADDRESS_BITS, 0, SCOPE_LINK)
                .address(RTA_DST, address)
                .attribute(RTA_OIF, index)
                .address(RTA_PREFSRC, gateway));
        return messages;
    }

    static List<NetlinkMessage> delete(String port) {
        return List.of(
                new NetlinkMessage(NetlinkMessage.DELETE_LINK, 0).link(0, 0, 0).attribute(IFLA_IFNAME, port));
    }

    private static NetlinkMessage up(int index) {
        return new NetlinkMessage(NetlinkMessage.NEW_LINK, 0).link(index, UP, UP);
    }

    /** Thousands of links that each look for IPv6 routers would keep a machine busy. */
    private static List<NetlinkMessage> withoutOwnIpv6(int index) {
        if (!IPV6) {
            return List.of();
        }
        NetlinkMessage message = new NetlinkMessage(NetlinkMessage.NEW_LINK, 0).link(index, 0, 0);
        int families = message.begin(IFLA_AF_SPEC);
        int family = message.begin(AF_INET6);
        message.attribute(IFLA_INET6_ADDR_GEN_MODE, new byte[] {1});
        return List.of(message.end(family).end(families));
    }

    /** Nobody has to ask for hardware addresses: they follow from the others, which keeps them true for ever. */
    private static NetlinkMessage neighbour(int index, int of) {
        return new NetlinkMessage(NetlinkMessage.NEW_NEIGHBOUR, NetlinkMessage.CREATE_OR_REPLACE)
                .number(AF_INET)
                .number(index)
                .shortNumber(PERMANENT)
                .shortNumber(0)
                .address(NDA_DST, of)
                .attribute(NDA_LLADDR, AddressRange.hardwareBytes(of));
    }

    /** struct rtmsg. */
    private static NetlinkMessage route(int bits, int flags, int scope) {
        return new NetlinkMessage(NetlinkMessage.NEW_ROUTE, NetlinkMessage.CREATE_OR_REPLACE)
                .bytes(AF_INET, bits, 0, 0, TABLE_MAIN, PROTOCOL_BOOT, scope, UNICAST)
                .number(flags);
    }
}
