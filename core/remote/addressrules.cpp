// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/remote/addressrules.h"

#include <algorithm>
#include <array>
#include <cstdint>
#include <string_view>

namespace kittiwake::remote
{

namespace
{

struct Block4 {
    std::uint32_t network;
    int bits;
};

constexpr std::uint32_t dotted(std::uint32_t a, std::uint32_t b, std::uint32_t c, std::uint32_t d)
{
    return (a << 24U) | (b << 16U) | (c << 8U) | d;
}

constexpr std::array special4{
    Block4{dotted(0, 0, 0, 0), 8}, // this network
    Block4{dotted(10, 0, 0, 0), 8}, // private
    Block4{dotted(100, 64, 0, 0), 10}, // shared by customers of one provider
    Block4{dotted(127, 0, 0, 0), 8}, // loopback
    Block4{dotted(169, 254, 0, 0), 16}, // link-local, and the data of virtual machines
    Block4{dotted(172, 16, 0, 0), 12}, // private
    Block4{dotted(192, 0, 0, 0), 24}, // protocol assignments
    Block4{dotted(192, 0, 2, 0), 24}, // documentation
    Block4{dotted(192, 31, 196, 0), 24}, // AS112
    Block4{dotted(192, 52, 193, 0), 24}, // AMT
    Block4{dotted(192, 88, 99, 0), 24}, // 6to4 relays
    Block4{dotted(192, 168, 0, 0), 16}, // private
    Block4{dotted(192, 175, 48, 0), 24}, // AS112
    Block4{dotted(198, 18, 0, 0), 15}, // benchmarks
    Block4{dotted(198, 51, 100, 0), 24}, // documentation
    Block4{dotted(203, 0, 113, 0), 24}, // documentation
    Block4{dotted(224, 0, 0, 0), 4}, // multicast
    Block4{dotted(240, 0, 0, 0), 4}, // reserved, broadcast
};

bool isPublic4(std::uint32_t address)
{
    return std::none_of(special4.begin(), special4.end(), [address](const Block4 &block) {
        return ((address ^ block.network) >> static_cast<unsigned>(32 - block.bits)) == 0;
    });
}

bool startsWith(const Q_IPV6ADDR &address, std::initializer_list<std::uint8_t> bytes)
{
    return std::equal(bytes.begin(), bytes.end(), &address.c[0]);
}

std::uint32_t lastFour(const Q_IPV6ADDR &address)
{
    return dotted(address[12], address[13], address[14], address[15]);
}

bool isPublic6(const Q_IPV6ADDR &address)
{
    // ::ffff:0:0/96 (RFC 4291 section 2.5.5.2) and the well-known prefix of NAT64 (RFC 6052 section 2.1).
    if (startsWith(address, {0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0xFF, 0xFF})
        || startsWith(address, {0, 0x64, 0xFF, 0x9B, 0, 0, 0, 0, 0, 0, 0, 0}))
        return isPublic4(lastFour(address));
    if ((address[0] & 0xE0U) != 0x20U) // 2000::/3 is all that was ever given out
        return false;
    if (startsWith(address, {0x20, 0x01}) && address[2] < 2) // 2001::/23: Teredo, benchmarks, ORCHID
        return false;
    if (startsWith(address, {0x20, 0x01, 0x0D, 0xB8}) || startsWith(address, {0x20, 0x02})
        || startsWith(address, {0x26, 0x20, 0x00, 0x4F, 0x80, 0x00}) // documentation, 6to4, AS112
        || (startsWith(address, {0x3F, 0xFF}) && address[2] < 0x10)) // documentation (RFC 9637)
        return false;
    // ISATAP (RFC 5214 section 6.1): an interface identifier that is an IPv4 address.
    const bool isatap
        = (address[8] == 0 || address[8] == 2) && address[9] == 0 && address[10] == 0x5E && address[11] == 0xFE;
    return !isatap || isPublic4(lastFour(address));
}

} // namespace

bool isPublicAddress(const QHostAddress &address)
{
    if (address.protocol() == QAbstractSocket::IPv4Protocol)
        return isPublic4(address.toIPv4Address());
    return address.protocol() == QAbstractSocket::IPv6Protocol && isPublic6(address.toIPv6Address());
}

bool isLocalName(const QString &host)
{
    // RFC 6761, RFC 6762, RFC 8375, RFC 9476, and what routers make up.
    static constexpr std::array<std::u16string_view, 12> endings{
        u".local",     u".localhost", u".internal", u".intranet", u".lan",     u".home",
        u".home.arpa", u".corp",      u".private",  u".test",     u".invalid", u".onion"};
    return !host.contains(u'.') || std::any_of(endings.begin(), endings.end(), [&host](std::u16string_view ending) {
        return host.endsWith(QStringView(ending));
    });
}

} // namespace kittiwake::remote
