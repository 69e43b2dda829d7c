// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <QString>
#include <QUrl>

#include <vector>

namespace kittiwake::ui
{

/** A link in a line of plain text. */
struct TextLink {
    int start = 0;
    int length = 0;
    QUrl target;
};

/** Web and mail addresses in one line. Linear in its length; at most 200 links. */
[[nodiscard]] std::vector<TextLink> findLinks(const QString &line);

/** Whether a link of a message may be opened at all: http, https and mailto, with a host or an address. */
[[nodiscard]] bool mayOpen(const QUrl &url);

/** The very address that will be opened, with nothing decoded: what people are shown before they click. */
[[nodiscard]] QString linkText(const QUrl &url);

/** Hands a link to the system's browser or mail program, if mayOpen() allows. */
bool openLink(const QUrl &url);

} // namespace kittiwake::ui
