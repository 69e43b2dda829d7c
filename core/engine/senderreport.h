// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "core/mail/address.h"
#include "core/mime/authresults.h"
#include "core/mime/senderremarks.h"

#include <QMetaType>
#include <QStringList>

#include <optional>
#include <vector>

namespace kittiwake::engine
{

/** What is known of who sent a message: from its header on the server, its account, and the header cache. */
struct SenderReport {
    mail::Address sender; ///< the first author
    std::vector<mime::SenderRemark> remarks;
    mime::Authenticity authenticity = mime::Authenticity::Unknown;
    QString domain; ///< that authenticity is about
    /** The domains whose signatures the account's own server has found valid; nothing where it does not say. */
    std::optional<QStringList> validSigners;
};

} // namespace kittiwake::engine

Q_DECLARE_METATYPE(kittiwake::engine::SenderReport)
