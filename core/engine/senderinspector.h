// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "core/accounts/account.h"
#include "core/async/task.h"
#include "core/engine/correspondents.h"
#include "core/engine/messageaccess.h"
#include "core/engine/offload.h"
#include "core/engine/senderreport.h"

#include <functional>
#include <map>
#include <memory>

namespace kittiwake::engine
{

/**
 * Finds out what is to be said of a message's sender: asks the server for the fields of its header that tell, weighs
 * Authentication-Results by whose word counts in the account (learnt once a session from the newest messages of its
 * INBOX), and looks into the header cache for whom the person knows. Engine thread; outlived by what it is given.
 */
class SenderInspector
{
public:
    using OwnDomains = std::function<QStringList()>;

    SenderInspector(QString profile, MessageAccess &access, Offload &offload, OwnDomains ownDomains)
        : m_profile(std::move(profile)), m_access(access), m_offload(offload), m_ownDomains(std::move(ownDomains))
    {
    }

    /** Errors: those of MessageAccess. What the cache or the server cannot tell is left out. */
    async::Task<Result<SenderReport>> inspect(MessageRef message);

private:
    struct Known; ///< what the cache has told
    async::Task<Known> look(AccountId account);
    async::Task<QString> authorityOf(AccountId account, MessageAccess::Target inbox, imap::UidSet newest);

    QString m_profile;
    MessageAccess &m_access;
    Offload &m_offload;
    OwnDomains m_ownDomains;
    std::map<AccountId, std::shared_ptr<const Correspondents>> m_correspondents;
    std::map<AccountId, QString> m_authorities; ///< learnt; empty: there is none
};

} // namespace kittiwake::engine
