// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "core/mime/linkhonesty.h"
#include "core/mime/remoteimages.h"

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
    static constexpr std::size_t remoteImages = 500; ///< different ones that may be asked for
    static constexpr std::size_t misleadingLinks = 200; ///< entries of the list
    static constexpr qsizetype darkRules = 3000; ///< different sets of colours of elements; others stay as they are
    static constexpr int milliseconds = 1000; ///< CPU time of parsing; 100 KB of a newsletter take about 5
};

/** The pieces of a sanitised text, so that several can share one document. UTF-8. */
struct SanitisedHtml {
    QByteArray bodyAttributes; ///< " class=\"kw-part …\" style=\"…\"": the scope, and what the mail's body asked for
    QByteArray body; ///< markup
    QByteArray styles; ///< style rules, each selector confined to the scope class
    QByteArray darkStyles; ///< rules that give the same things colours for dark mode, below html.kw-dark
    std::vector<QString> blocked; ///< remote references that were taken out, as the mail had them, without repeats
    std::vector<RemoteImage> remoteImages; ///< those of blocked that are pictures, in order, each once
    std::vector<MisleadingLink> misleadingLinks; ///< each target once
    QByteArrayList contentIds; ///< what cid: images refer to, decoded, without repeats
    std::uint64_t removed = 0; ///< elements, attributes, rules and declarations left out: 0 for our own output
    bool truncated = false; ///< a size or depth limit was met
    bool failed = false; ///< too costly to parse: body and styles are empty; show the text instead (htmltext.h)
};

/** In front of the id of a remote picture, in the place of its src: withRemoteImages() puts that in. */
inline constexpr char remoteImageMark[] = " data-kw-remote=\""; // NOLINT(modernize-avoid-c-arrays)

enum class SanitiserPurpose {
    Display,
    /** For mail that goes out: what an inline style hides is left out (nobody has read it: CVE-2018-12373), and so are
     * the marks of our own display. */
    Quotation,
};

/** html is UTF-8. scope is the class that confines the styles ("kw-part1"): letters, digits and '-' only. */
[[nodiscard]] SanitisedHtml sanitiseHtml(const QByteArray &html,
                                         const QByteArray &scope = QByteArrayLiteral("kw-part1"),
                                         SanitiserPurpose purpose = SanitiserPurpose::Display);

enum class ColourScheme { Light, Dark };

/** What stands before and behind the texts in a document. */
inline constexpr char documentBodyStart[] = "<body><div class=\"kw-page\">"; // NOLINT(modernize-avoid-c-arrays)
inline constexpr char documentBodyEnd[] = "</div></body></html>"; // NOLINT(modernize-avoid-c-arrays)

/**
 * A whole document around sanitised texts and escaped plain ones: DOCTYPE, charset, Content-Security-Policy
 * (default-src 'none'; images from cid: and data:, and those that the program has fetched), base style. Starts with a
 * fixed html tag, whose class says the colour scheme; on paper it is always the light one.
 */
class DocumentWriter
{
public:
    void addHtml(const SanitisedHtml &part);
    void addPlainText(const QString &text);
    /** HTML that core/mime itself has made (quotation.h); never anything of a message. */
    void addFragment(const QByteArray &html);
    [[nodiscard]] QString document(ColourScheme scheme = ColourScheme::Light) const;

private:
    QByteArray m_styles;
    QByteArray m_darkStyles;
    QByteArray m_body;
};

/** The same document (one made by DocumentWriter; others are returned unchanged) in another colour scheme. */
[[nodiscard]] QString withColourScheme(const QString &document, ColourScheme scheme);

} // namespace kittiwake::mime
