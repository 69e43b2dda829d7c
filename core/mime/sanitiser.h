// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <QByteArray>
#include <QByteArrayList>
#include <QString>

#include <cstdint>
#include <vector>

/**
 * HTML of a message -> HTML that can be shown. Parsed to a tree as browsers do (gumbo), written anew from that tree by
 * allow-lists of elements, attributes, URL schemes, CSS properties and values. Nothing that is written can load
 * anything, run anything or submit anything. View, reply and print use the same output, and nothing edits it later.
 */
namespace kittiwake::mime
{

struct SanitiserLimits {
    static constexpr qsizetype inputBytes = 8 * 1024 * 1024; ///< the rest is cut off
    static constexpr int depth = 200; ///< of the elements written; deeper ones are left out, their text stays
    static constexpr qsizetype dataImageBytes = 1024 * 1024; ///< of one data: URL
    static constexpr qsizetype outputBytes = 32 * 1024 * 1024; ///< markup written; what follows is left out
    static constexpr qsizetype attributeBytes = 16 * 1024 * 1024; ///< values looked at; further ones are left out
    static constexpr qsizetype styleBytes = 512 * 1024; ///< of all style elements; the rest is ignored
    static constexpr std::size_t blocked = 1000; ///< entries of the list
    static constexpr qsizetype contentIds = 500; ///< different images; further ones are left out
    static constexpr int milliseconds = 1000; ///< CPU time of parsing; 100 KB of a newsletter take about 5
};

/** The pieces of a sanitised text, so that several can share one document. UTF-8. */
struct SanitisedHtml {
    QByteArray bodyAttributes; ///< " class=\"kw-part …\" style=\"…\"": the scope, and what the mail's body asked for
    QByteArray body; ///< markup
    QByteArray styles; ///< style rules, each selector confined to the scope class
    std::vector<QString> blocked; ///< remote references that were taken out, as the mail had them, without repeats
    QByteArrayList contentIds; ///< what cid: images refer to, decoded, without repeats
    std::uint64_t removed = 0; ///< elements, attributes, rules and declarations left out: 0 for our own output
    bool truncated = false; ///< a size or depth limit was met
    bool failed = false; ///< too costly to parse: body and styles are empty; show the text instead (htmltext.h)
};

/** html is UTF-8. scope is the class that confines the styles ("kw-part1"): letters, digits and '-' only. */
[[nodiscard]] SanitisedHtml sanitiseHtml(const QByteArray &html,
                                         const QByteArray &scope = QByteArrayLiteral("kw-part1"));

enum class ColourScheme { Light, Dark };

/**
 * A whole document around sanitised texts and escaped plain ones: DOCTYPE, charset, Content-Security-Policy
 * (default-src 'none'; images from cid: and data: only), base style. Starts with a fixed html tag, whose class says the
 * colour scheme.
 */
class DocumentWriter
{
public:
    void addHtml(const SanitisedHtml &part);
    void addPlainText(const QString &text);
    [[nodiscard]] QString document(ColourScheme scheme = ColourScheme::Light) const;

private:
    QByteArray m_styles;
    QByteArray m_body;
};

/** The same document (one made by DocumentWriter; others are returned unchanged) in another colour scheme. */
[[nodiscard]] QString withColourScheme(const QString &document, ColourScheme scheme);

} // namespace kittiwake::mime
