// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/mime/htmlpolicy.h"

#include <algorithm>
#include <array>

namespace kittiwake::mime
{

ElementRule elementRule(GumboTag tag)
{
    switch (tag) {
    case GUMBO_TAG_A:
    case GUMBO_TAG_ABBR:
    case GUMBO_TAG_ACRONYM:
    case GUMBO_TAG_ADDRESS:
    case GUMBO_TAG_ARTICLE:
    case GUMBO_TAG_ASIDE:
    case GUMBO_TAG_B:
    case GUMBO_TAG_BDI:
    case GUMBO_TAG_BIG:
    case GUMBO_TAG_BLOCKQUOTE:
    case GUMBO_TAG_CAPTION:
    case GUMBO_TAG_CENTER:
    case GUMBO_TAG_CITE:
    case GUMBO_TAG_CODE:
    case GUMBO_TAG_COLGROUP:
    case GUMBO_TAG_DD:
    case GUMBO_TAG_DEL:
    case GUMBO_TAG_DFN:
    case GUMBO_TAG_DIR:
    case GUMBO_TAG_DIV:
    case GUMBO_TAG_DL:
    case GUMBO_TAG_DT:
    case GUMBO_TAG_EM:
    case GUMBO_TAG_FIGCAPTION:
    case GUMBO_TAG_FIGURE:
    case GUMBO_TAG_FONT:
    case GUMBO_TAG_FOOTER:
    case GUMBO_TAG_H1:
    case GUMBO_TAG_H2:
    case GUMBO_TAG_H3:
    case GUMBO_TAG_H4:
    case GUMBO_TAG_H5:
    case GUMBO_TAG_H6:
    case GUMBO_TAG_HEADER:
    case GUMBO_TAG_I:
    case GUMBO_TAG_INS:
    case GUMBO_TAG_KBD:
    case GUMBO_TAG_LI:
    case GUMBO_TAG_MAIN:
    case GUMBO_TAG_MARK:
    case GUMBO_TAG_MENU:
    case GUMBO_TAG_NAV:
    case GUMBO_TAG_NOBR:
    case GUMBO_TAG_OL:
    case GUMBO_TAG_P:
    case GUMBO_TAG_PRE:
    case GUMBO_TAG_Q:
    case GUMBO_TAG_RP:
    case GUMBO_TAG_RT:
    case GUMBO_TAG_RUBY:
    case GUMBO_TAG_S:
    case GUMBO_TAG_SAMP:
    case GUMBO_TAG_SECTION:
    case GUMBO_TAG_SMALL:
    case GUMBO_TAG_SPAN:
    case GUMBO_TAG_STRIKE:
    case GUMBO_TAG_STRONG:
    case GUMBO_TAG_SUB:
    case GUMBO_TAG_SUP:
    case GUMBO_TAG_TABLE:
    case GUMBO_TAG_TBODY:
    case GUMBO_TAG_TD:
    case GUMBO_TAG_TFOOT:
    case GUMBO_TAG_TH:
    case GUMBO_TAG_THEAD:
    case GUMBO_TAG_TIME:
    case GUMBO_TAG_TR:
    case GUMBO_TAG_TT:
    case GUMBO_TAG_U:
    case GUMBO_TAG_UL:
    case GUMBO_TAG_VAR:
        return {ElementAction::Keep, gumbo_normalized_tagname(tag)};
    case GUMBO_TAG_BR:
    case GUMBO_TAG_COL:
    case GUMBO_TAG_HR:
    case GUMBO_TAG_WBR:
        return {ElementAction::Void, gumbo_normalized_tagname(tag)};
    case GUMBO_TAG_IMG:
        return {ElementAction::Image, "img"};
    // Contents of these are text that the sender wants to be read; what they do is not wanted.
    case GUMBO_TAG_FORM:
    case GUMBO_TAG_FIELDSET:
    case GUMBO_TAG_LEGEND:
    case GUMBO_TAG_DETAILS:
    case GUMBO_TAG_SUMMARY:
    case GUMBO_TAG_MARQUEE:
        return {ElementAction::Replace, "div"};
    case GUMBO_TAG_BUTTON:
    case GUMBO_TAG_LABEL:
    // An override would turn "gpj.exe" around.
    case GUMBO_TAG_BDO:
        return {ElementAction::Replace, "span"};
    // Their contents are raw text to the parser: written as text, they can never become markup.
    case GUMBO_TAG_LISTING:
    case GUMBO_TAG_PLAINTEXT:
    case GUMBO_TAG_XMP:
    case GUMBO_TAG_TEXTAREA:
        return {ElementAction::Replace, "pre"};
    case GUMBO_TAG_STYLE:
        return {ElementAction::Style, {}};
    case GUMBO_TAG_APPLET:
    case GUMBO_TAG_BASE:
    case GUMBO_TAG_CANVAS:
    case GUMBO_TAG_DATALIST:
    case GUMBO_TAG_EMBED:
    case GUMBO_TAG_FRAME:
    case GUMBO_TAG_FRAMESET:
    case GUMBO_TAG_HEAD:
    case GUMBO_TAG_IFRAME:
    case GUMBO_TAG_INPUT:
    case GUMBO_TAG_KEYGEN:
    case GUMBO_TAG_LINK:
    case GUMBO_TAG_MATH:
    case GUMBO_TAG_META:
    case GUMBO_TAG_NOEMBED:
    case GUMBO_TAG_NOFRAMES:
    case GUMBO_TAG_PARAM:
    case GUMBO_TAG_SCRIPT:
    case GUMBO_TAG_SELECT:
    case GUMBO_TAG_SOURCE:
    case GUMBO_TAG_SVG:
    case GUMBO_TAG_TEMPLATE:
    case GUMBO_TAG_TITLE:
    case GUMBO_TAG_TRACK:
        return {ElementAction::Drop, {}};
    default:
        // Unknown elements of mail programs (o:p), and containers whose contents stand in for them (object, video).
        return {ElementAction::Unwrap, {}};
    }
}

namespace
{

struct AttributeRule {
    std::string_view name;
    AttributeKind kind;
};

/// On every element. No title (a link's tooltip could show another address than the one that opens), no events, nothing
/// that fetches.
constexpr std::array everywhere{
    AttributeRule{"align", AttributeKind::Word},  AttributeRule{"bgcolor", AttributeKind::Colour},
    AttributeRule{"class", AttributeKind::Class}, AttributeRule{"dir", AttributeKind::Word},
    AttributeRule{"id", AttributeKind::Id},       AttributeRule{"lang", AttributeKind::Language},
    AttributeRule{"style", AttributeKind::Style},
};

constexpr std::array table{
    AttributeRule{"abbr", AttributeKind::Text},          AttributeRule{"border", AttributeKind::Number},
    AttributeRule{"bordercolor", AttributeKind::Colour}, AttributeRule{"cellpadding", AttributeKind::Length},
    AttributeRule{"cellspacing", AttributeKind::Length}, AttributeRule{"colspan", AttributeKind::Number},
    AttributeRule{"frame", AttributeKind::Word},         AttributeRule{"height", AttributeKind::Length},
    AttributeRule{"nowrap", AttributeKind::Word},        AttributeRule{"role", AttributeKind::Word},
    AttributeRule{"rowspan", AttributeKind::Number},     AttributeRule{"rules", AttributeKind::Word},
    AttributeRule{"scope", AttributeKind::Word},         AttributeRule{"span", AttributeKind::Number},
    AttributeRule{"summary", AttributeKind::Text},       AttributeRule{"valign", AttributeKind::Word},
    AttributeRule{"width", AttributeKind::Length},
};

constexpr std::array image{
    AttributeRule{"alt", AttributeKind::Text},      AttributeRule{"border", AttributeKind::Number},
    AttributeRule{"height", AttributeKind::Length}, AttributeRule{"hspace", AttributeKind::Number},
    AttributeRule{"vspace", AttributeKind::Number}, AttributeRule{"width", AttributeKind::Length},
};

constexpr std::array font{
    AttributeRule{"color", AttributeKind::Colour},
    AttributeRule{"face", AttributeKind::Fonts},
    AttributeRule{"size", AttributeKind::Number},
};

constexpr std::array anchor{
    AttributeRule{"href", AttributeKind::Link},
    AttributeRule{"name", AttributeKind::Id},
};

constexpr std::array list{
    AttributeRule{"start", AttributeKind::Number},
    AttributeRule{"type", AttributeKind::Word},
    AttributeRule{"value", AttributeKind::Number},
};

constexpr std::array line{
    AttributeRule{"color", AttributeKind::Colour},
    AttributeRule{"noshade", AttributeKind::Word},
    AttributeRule{"size", AttributeKind::Number},
    AttributeRule{"width", AttributeKind::Length},
};

constexpr std::array lineBreak{AttributeRule{"clear", AttributeKind::Word}};

constexpr std::array abbreviation{AttributeRule{"title", AttributeKind::Text}};

template <std::size_t Size>
AttributeKind kindIn(const std::array<AttributeRule, Size> &rules, std::string_view name)
{
    const auto found
        = std::find_if(rules.begin(), rules.end(), [&](const AttributeRule &rule) { return rule.name == name; });
    return found == rules.end() ? AttributeKind::None : found->kind;
}

AttributeKind kindOn(GumboTag tag, std::string_view name)
{
    switch (tag) {
    case GUMBO_TAG_TABLE:
    case GUMBO_TAG_THEAD:
    case GUMBO_TAG_TBODY:
    case GUMBO_TAG_TFOOT:
    case GUMBO_TAG_TR:
    case GUMBO_TAG_TD:
    case GUMBO_TAG_TH:
    case GUMBO_TAG_COL:
    case GUMBO_TAG_COLGROUP:
    case GUMBO_TAG_CAPTION:
        return kindIn(table, name);
    case GUMBO_TAG_IMG:
        return kindIn(image, name);
    case GUMBO_TAG_FONT:
        return kindIn(font, name);
    case GUMBO_TAG_A:
        return kindIn(anchor, name);
    case GUMBO_TAG_OL:
    case GUMBO_TAG_UL:
    case GUMBO_TAG_LI:
        return kindIn(list, name);
    case GUMBO_TAG_HR:
        return kindIn(line, name);
    case GUMBO_TAG_BR:
        return kindIn(lineBreak, name);
    case GUMBO_TAG_ABBR:
    case GUMBO_TAG_ACRONYM:
    case GUMBO_TAG_DFN:
        return kindIn(abbreviation, name);
    default:
        return AttributeKind::None;
    }
}

} // namespace

AttributeKind attributeKind(GumboTag tag, std::string_view name)
{
    const AttributeKind kind = kindIn(everywhere, name);
    return kind != AttributeKind::None ? kind : kindOn(tag, name);
}

bool isFetchingAttribute(GumboTag tag, std::string_view name)
{
    if (name == "href")
        return tag == GUMBO_TAG_LINK || tag == GUMBO_TAG_BASE || tag == GUMBO_TAG_IMAGE;
    if (name == "data")
        return tag == GUMBO_TAG_OBJECT;
    return name == "src" || name == "background" || name == "poster" || name == "dynsrc" || name == "lowsrc"
        || name == "codebase" || name == "archive" || name == "manifest" || name == "icon";
}

} // namespace kittiwake::mime
