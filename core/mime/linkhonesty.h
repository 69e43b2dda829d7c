// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <QByteArray>
#include <QMetaType>
#include <QString>

#include <optional>

namespace kittiwake::mime
{

/** A link whose text names another site, or another address, than the one it leads to. */
struct MisleadingLink {
    QString target; ///< as the sanitised HTML has it
    QString shown; ///< the site or address that the text names, in letters
    QString real; ///< where it goes

    bool operator==(const MisleadingLink &) const = default;
};

/**
 * What is to be said of a link, from all of its text and its address (http, https or mailto, UTF-8). Sites are compared
 * by what their owners have registered, so "www.example.org" may lead to "shop.example.org". Linear; of the text only
 * the first 500 characters are looked at.
 */
[[nodiscard]] std::optional<MisleadingLink> misleadingLink(const QByteArray &text, const QByteArray &href);

} // namespace kittiwake::mime
