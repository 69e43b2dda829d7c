// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "core/base/strongid.h"
#include "core/mime/messagecontent.h"

#include <QByteArray>
#include <QString>

#include <cstdint>
#include <utility>
#include <vector>

namespace kittiwake::engine
{

/** A message by its place on the server. */
struct MessageRef {
    MailboxId mailbox;
    Uid uid;
};

/** One part of a message, for lists of all parts. */
struct PartInfo {
    QByteArray id; ///< section number, "1.2"
    QByteArray type; ///< "text/plain"
    QString name;
    std::uint64_t size = 0; ///< octets as transferred
    QByteArray encoding;
    QByteArray disposition;
};

/** Everything "kittiwakectl show" prints. */
struct MessageDetails {
    std::vector<std::pair<QString, QString>> headers; ///< decoded, in the message's order
    std::vector<PartInfo> parts;
    mime::MessageContent content;
};

} // namespace kittiwake::engine
