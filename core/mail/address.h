// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <QString>

#include <vector>

namespace kittiwake::mail
{

/**
 * One address for display: name decoded, address as "local@domain" (or whatever the header held where that is no valid
 * address; isValid tells). Text for people, never passed back to a server unchecked.
 */
struct Address {
    QString name;
    QString address;

    [[nodiscard]] bool isValid() const;
    /** The name, or the address where there is no name. */
    [[nodiscard]] QString shortText() const { return name.isEmpty() ? address : name; }
    bool operator==(const Address &) const = default;
};

using AddressList = std::vector<Address>;

} // namespace kittiwake::mail
