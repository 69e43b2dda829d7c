// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/accounts/identity.h"

#include "core/accounts/account.h"

#include <QUuid>

#include <algorithm>

namespace kittiwake::accounts
{

QString newIdentityKey()
{
    return QUuid::createUuid().toString(QUuid::Id128);
}

std::vector<Identity> identitiesOf(const Account &account)
{
    if (!account.identities.empty())
        return account.identities;
    return {{QStringLiteral("account"), account.displayName, account.email, {}, {}, {}}};
}

Identity identityOf(const Account &account, const QString &key)
{
    std::vector<Identity> all = identitiesOf(account);
    const auto found = std::find_if(all.begin(), all.end(), [&key](const Identity &one) { return one.key == key; });
    return found == all.end() ? all.front() : *found;
}

mail::AddressList addressesOf(const std::vector<Identity> &identities)
{
    mail::AddressList result;
    for (const Identity &identity : identities)
        result.push_back(identity.from());
    return result;
}

std::optional<Identity> identityWithAddress(const std::vector<Identity> &identities, const QString &address)
{
    const auto found = std::find_if(identities.begin(), identities.end(), [&address](const Identity &one) {
        return one.address.compare(address, Qt::CaseInsensitive) == 0;
    });
    return found == identities.end() ? std::nullopt : std::optional(*found);
}

} // namespace kittiwake::accounts
