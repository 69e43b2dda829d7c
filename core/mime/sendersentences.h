// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "core/mime/authresults.h"
#include "core/mime/senderremarks.h"

#include <QStringList>

namespace kittiwake::mime
{

/** One translated sentence for each remark; text of the message in it is fit for one line and kept apart in direction.
 */
[[nodiscard]] QStringList sentencesOf(const std::vector<SenderRemark> &remarks);

/** What the own mail service says of a sender, as one sentence; empty for Unknown. */
[[nodiscard]] QString sentenceOf(Authenticity authenticity, const QString &senderDomain);

} // namespace kittiwake::mime
