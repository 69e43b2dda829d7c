// SPDX-License-Identifier: GPL-3.0-or-later
// HTML -> sanitised HTML. Properties: the output holds only what the lists allow, a second pass finds nothing to remove
// in it and shows the same characters, and no scheme but http, https, mailto, cid and data: images is left.
#include "core/mime/csstokens.h"
#include "core/mime/htmltext.h"
#include "core/mime/sanitiser.h"
#include "tests/fuzz/check.h"

#include <algorithm>
#include <array>

using namespace kittiwake::mime;

namespace
{

/// How often each byte stands in the text between the tags: parsers may move text about, not lose or invent it.
std::array<std::size_t, 256> textBytes(const QByteArray &markup)
{
    std::array<std::size_t, 256> counts{};
    bool inTag = false;
    for (const char c : markup) {
        if (c == '<')
            inTag = true;
        else if (c == '>')
            inTag = false;
        else if (!inTag && static_cast<unsigned char>(c) > 0x20)
            ++counts[static_cast<unsigned char>(c)];
    }
    return counts;
}

void checkAttribute(const QByteArray &element, const QByteArray &name, const QByteArray &value)
{
    static const QByteArrayList allowed{
        "abbr",  "align",  "alt",     "bgcolor", "border",        "bordercolor", "cellpadding", "cellspacing", "class",
        "clear", "color",  "colspan", "dir",     "face",          "frame",       "height",      "href",        "hspace",
        "id",    "lang",   "name",    "noshade", "nowrap",        "role",        "rowspan",     "rules",       "scope",
        "size",  "span",   "src",     "start",   "style",         "summary",     "title",       "type",        "valign",
        "value", "vspace", "width",   "data-kw", "data-kw-remote"};
    FUZZ_CHECK(allowed.contains(name));
    FUZZ_CHECK(!value.contains('<') && !value.contains('>'));
    if (name == "src")
        FUZZ_CHECK(element == "img" && (value.startsWith("cid:") || value.startsWith("data:image/")));
    if (name == "href")
        FUZZ_CHECK(element == "a"
                   && (value.startsWith("http://") || value.startsWith("https://") || value.startsWith("mailto:")
                       || value.startsWith("#m-")));
    if (name == "style")
        FUZZ_CHECK(!value.toLower().contains("url(") && !value.contains('\\') && !value.contains('@'));
    if (name.startsWith("data-kw"))
        FUZZ_CHECK(std::all_of(value.begin(), value.end(), [](char c) {
            return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9') || c == '-' || c == '_';
        }));
    if (name == "id" || name == "name")
        FUZZ_CHECK(value.startsWith("m-"));
}

/// Reads the bytes themselves, in the one form in which tags are written, so that a fault of the parser cannot hide one
/// of the sanitiser.
void checkMarkup(const QByteArray &markup)
{
    static const QByteArrayList forbidden{"script", "style", "iframe", "object",   "embed",   "svg",   "math",
                                          "form",   "input", "link",   "meta",     "base",    "video", "audio",
                                          "frame",  "title", "select", "template", "noscript"};
    qsizetype at = markup.indexOf('<');
    FUZZ_CHECK(markup.first(std::max<qsizetype>(at, 0)).indexOf('>') < 0);
    while (at >= 0) {
        const qsizetype end = markup.indexOf('>', at);
        FUZZ_CHECK(end > at);
        QByteArray tag = markup.sliced(at + 1, end - at - 1);
        at = markup.indexOf('<', end);
        FUZZ_CHECK(markup.sliced(end + 1, (at < 0 ? markup.size() : at) - end - 1).indexOf('>') < 0);
        const bool endTag = tag.startsWith('/');
        if (endTag)
            tag.remove(0, 1);
        qsizetype from = 0;
        while (from < tag.size() && ((tag[from] >= 'a' && tag[from] <= 'z') || (tag[from] >= '1' && tag[from] <= '6')))
            ++from;
        const QByteArray element = tag.first(from);
        FUZZ_CHECK(!element.isEmpty() && !forbidden.contains(element));
        FUZZ_CHECK(!endTag || from == tag.size());
        while (from < tag.size()) {
            FUZZ_CHECK(tag[from] == ' ');
            const qsizetype open = tag.indexOf("=\"", from);
            FUZZ_CHECK(open > from);
            const qsizetype close = tag.indexOf('"', open + 2);
            FUZZ_CHECK(close > open);
            checkAttribute(element, tag.sliced(from + 1, open - from - 1), tag.sliced(open + 2, close - open - 2));
            from = close + 1;
        }
    }
}

/// Of dark mode: beside what any style may hold, only the ground of the pane.
void checkDarkStyles(QByteArray styles)
{
    styles.replace("var(--kw-ground)", "none");
    FUZZ_CHECK(!styles.contains('<') && !styles.contains('\\'));
    for (const CssToken &token : tokeniseCss(styles)) {
        FUZZ_CHECK(token.type != CssToken::Type::Url && token.type != CssToken::Type::BadUrl);
        FUZZ_CHECK(token.type != CssToken::Type::AtKeyword || token.text == "media");
        FUZZ_CHECK(!token.is(CssToken::Type::Function, "url") && !token.is(CssToken::Type::Function, "var"));
    }
}

void checkStyles(const QByteArray &styles)
{
    FUZZ_CHECK(!styles.contains('<') && !styles.contains('\\'));
    for (const CssToken &token : tokeniseCss(styles)) {
        FUZZ_CHECK(token.type != CssToken::Type::Url && token.type != CssToken::Type::BadUrl);
        FUZZ_CHECK(token.type != CssToken::Type::AtKeyword || token.text == "media");
        FUZZ_CHECK(!token.is(CssToken::Type::Function, "url") && !token.is(CssToken::Type::Function, "var")
                   && !token.is(CssToken::Type::Function, "expression"));
    }
}

} // namespace

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t *data, std::size_t size)
{
    const QByteArray html(reinterpret_cast<const char *>(data), static_cast<qsizetype>(size));
    const SanitisedHtml once = sanitiseHtml(html);
    static_cast<void>(textOfTree(HtmlTree(html)));
    static_cast<void>(textWithoutTags(html));
    if (once.failed)
        return 0;
    checkMarkup(once.body);
    checkMarkup("<div" + once.bodyAttributes + '>');
    checkStyles(once.styles);
    checkDarkStyles(once.darkStyles);
    if (once.truncated)
        return 0;
    const SanitisedHtml twice = sanitiseHtml("<style>" + once.styles + "</style><body>" + once.body + "</body>");
    FUZZ_CHECK(twice.removed == 0);
    FUZZ_CHECK(twice.blocked.empty());
    FUZZ_CHECK(twice.styles == once.styles);
    FUZZ_CHECK(twice.truncated || textBytes(twice.body) == textBytes(once.body));
    return 0;
}
