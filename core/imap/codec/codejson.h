// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "core/imap/codec/responsecode.h"

#include <QJsonArray>
#include <QJsonObject>
#include <QString>

namespace kittiwake::imap
{

/** {"name": "UIDNEXT", "value": 5} and the like; empty where there is no code. */
[[nodiscard]] QJsonObject codeJson(const ResponseCode &code);
[[nodiscard]] QJsonArray flagsJson(const mail::Flags &flags);
/** "1:5,9" */
[[nodiscard]] QString setText(const SequenceSet &set);

} // namespace kittiwake::imap
