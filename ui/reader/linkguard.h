// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "core/mime/messagecontent.h"

#include <QFontMetrics>
#include <QString>
#include <QUrl>

namespace kittiwake::ui
{

/**
 * What is to be said before a link of the message is opened: that its text names another site than the one it leads to.
 * Empty where it may be opened at once. Chromium writes addresses in its own way; one that cannot be found again in a
 * message that has misleading links counts as one of them.
 */
[[nodiscard]] QString warningBefore(const mime::MessageContent &content, const QUrl &target);

/**
 * A link's address for one line of that width: the whole of it where there is room; else the end of its host, which
 * says whose it is, stays in sight whatever else is left out. target is what linkText() gives.
 */
[[nodiscard]] QString elidedLink(const QString &target, const QFontMetrics &metrics, int width);

/** linkText(), and the host in its own letters behind it where it has others than Latin ones and does not mix them. */
[[nodiscard]] QString linkHint(const QUrl &url);

} // namespace kittiwake::ui
