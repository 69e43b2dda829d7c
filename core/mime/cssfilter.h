// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <QByteArray>
#include <QByteArrayList>
#include <QByteArrayView>

#include <cstdint>

namespace kittiwake::mime
{

/** What was left out of a style. */
struct CssLosses {
    std::uint64_t removed = 0; ///< declarations, selectors and rules
    QByteArrayList references; ///< addresses that they held, as written; at most 1,000
};

/**
 * The declarations of a style attribute, written anew: "color:#333;margin:0". UTF-8, no '"', '<', '>' or '&'. dark gets
 * those that dark mode needs beside them, made strong enough to win over the attribute: "color:#d0d0d0 !important"; for
 * that the attribute's own colours lose their "!important".
 */
[[nodiscard]] QByteArray filterDeclarations(QByteArrayView css, CssLosses &losses, QByteArray *dark = nullptr);

/** A style sheet twice: as it is, and what is to be added for dark mode. */
struct FilteredSheet {
    QByteArray light;
    QByteArray dark; ///< each selector begins with ".kw-dark"
};

/**
 * A style sheet, written anew: style rules and @media around them. Each selector is confined to what lies below the
 * element of class scope (body and html mean that element itself), classes and ids get the prefix of filterName().
 * UTF-8, no '<' or '&'.
 */
[[nodiscard]] FilteredSheet filterStyleSheet(QByteArrayView css, const QByteArray &scope, CssLosses &losses);

/** The condition of an @media or media="…", written anew; null where nothing of it is known. */
[[nodiscard]] QByteArray filterMediaCondition(QByteArrayView css);

/**
 * A class or id of a mail with a prefix ("m-box"), so that it cannot meet a name of ours; a name that has it already
 * stays. Null for names of other than letters, digits, '-' and '_'.
 */
[[nodiscard]] QByteArray filterName(const QByteArray &name);

} // namespace kittiwake::mime
