// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/mime/htmltext.h"

#include "core/mime/content.h"
#include "core/mime/csstokens.h"
#include "core/mime/htmlpolicy.h"
#include "core/mime/urlpolicy.h"

#include <gumbo.h>

#include <algorithm>
#include <span>
#include <vector>

namespace kittiwake::mime
{

namespace
{

constexpr int maxQuoteDepth = 20;

std::span<GumboNode *const> childrenOf(const GumboNode *node)
{
    const GumboVector &children = node->v.element.children;
    return {reinterpret_cast<GumboNode *const *>(children.data), children.length};
}

bool isElement(const GumboNode *node)
{
    return node->type == GUMBO_NODE_ELEMENT || node->type == GUMBO_NODE_TEMPLATE;
}

QByteArrayView attribute(const GumboNode *node, const char *name)
{
    const GumboAttribute *found = gumbo_get_attribute(&node->v.element.attributes, name);
    return found != nullptr ? QByteArrayView(found->value) : QByteArrayView();
}

bool isZero(const CssToken &token)
{
    return !token.number.isEmpty() && token.number.toDouble() == 0;
}

/// Collects words into lines; blanks are folded and blocks separated as a browser would.
class TextBuilder
{
public:
    [[nodiscard]] bool isFull() const { return m_out.size() >= ContentLimits::textBytes; }
    [[nodiscard]] qsizetype size() const { return m_out.size(); }
    [[nodiscard]] QStringView tail(qsizetype from) const { return QStringView(m_out).sliced(from); }

    void addText(QStringView text, bool preformatted)
    {
        for (const QChar c : text) {
            if (preformatted && c == u'\n') {
                flushLines();
                m_out += u'\n';
                m_lineStart = true;
                m_blank = false;
            } else if (c == u' ' || c == u'\n' || c == u'\t' || c == u'\r' || c == u'\f') {
                if (preformatted)
                    put(c);
                else
                    m_blank = true;
            } else {
                put(c.unicode() == 0xA0 ? QChar(u' ') : c);
            }
        }
    }

    void addMark(QStringView mark)
    {
        for (const QChar c : mark)
            put(c);
        m_blank = true;
    }

    void lineBreak()
    {
        flushLines();
        startLine();
        m_out += u'\n';
        m_lineStart = true;
        m_blank = false;
    }

    void block(int lines) { m_lines = std::max(m_lines, lines); }
    void space() { m_blank = true; }
    void quote(int change) { m_quote = std::clamp(m_quote + change, 0, maxQuoteDepth); }

    [[nodiscard]] QString take() { return std::move(m_out); }

private:
    void put(QChar c)
    {
        flushLines();
        if (m_lineStart)
            startLine();
        else if (m_blank)
            m_out += u' ';
        m_blank = false;
        m_lineStart = false;
        m_out += c;
    }

    void flushLines()
    {
        if (m_lines == 0)
            return;
        if (!m_out.isEmpty()) {
            if (!m_lineStart)
                m_out += u'\n';
            // An empty line only where there is none yet.
            if (m_lines > 1 && !m_out.endsWith(QLatin1StringView("\n\n")))
                m_out += u'\n';
        }
        m_lineStart = true;
        m_blank = false;
        m_lines = 0;
    }

    void startLine()
    {
        for (int level = 0; m_lineStart && level < m_quote; ++level)
            m_out += QLatin1StringView("> ");
    }

    QString m_out;
    int m_lines = 0;
    int m_quote = 0;
    bool m_blank = false;
    bool m_lineStart = true;
};

class TreeReader
{
public:
    QString read(const GumboNode *root)
    {
        m_stack.push_back({root});
        while (!m_stack.empty() && !m_text.isFull()) {
            Frame &frame = m_stack.back();
            const auto children = childrenOf(frame.node);
            if (frame.next >= children.size()) {
                leave(frame);
                m_stack.pop_back();
                continue;
            }
            const GumboNode *child = children[frame.next++];
            if (isElement(child)) {
                if (enter(child))
                    m_stack.push_back({child, 0, m_text.size()});
            } else if (child->type != GUMBO_NODE_COMMENT) {
                m_text.addText(QString::fromUtf8(child->v.text.text), m_preformatted > 0);
            }
        }
        return m_text.take();
    }

private:
    struct Frame {
        const GumboNode *node;
        std::size_t next = 0;
        qsizetype start = 0; ///< of its text
    };

    bool enter(const GumboNode *node)
    {
        const GumboElement &element = node->v.element;
        if (node->type == GUMBO_NODE_TEMPLATE || element.tag_namespace != GUMBO_NAMESPACE_HTML || isHiddenByStyle(node))
            return false;
        const ElementAction action = elementRule(element.tag).action;
        if (action == ElementAction::Drop || action == ElementAction::Style)
            return false;
        m_text.block(blockMargin(element.tag));
        switch (element.tag) {
        case GUMBO_TAG_BR:
            m_text.lineBreak();
            return false;
        case GUMBO_TAG_HR:
            m_text.addMark(u"----------------------------------------");
            m_text.block(2);
            return false;
        case GUMBO_TAG_IMG:
            m_text.addText(QString::fromUtf8(attribute(node, "alt")), false);
            return false;
        case GUMBO_TAG_LI:
            m_text.addMark(u"\u2022");
            break;
        case GUMBO_TAG_TD:
        case GUMBO_TAG_TH:
            m_text.space();
            break;
        case GUMBO_TAG_BLOCKQUOTE:
            m_text.quote(1);
            break;
        case GUMBO_TAG_PRE:
        case GUMBO_TAG_XMP:
        case GUMBO_TAG_LISTING:
        case GUMBO_TAG_TEXTAREA:
        case GUMBO_TAG_PLAINTEXT:
            ++m_preformatted;
            break;
        default:
            break;
        }
        return true;
    }

    void leave(const Frame &frame)
    {
        const GumboTag tag = frame.node->v.element.tag;
        switch (tag) {
        case GUMBO_TAG_A:
            addAddress(frame);
            break;
        case GUMBO_TAG_BLOCKQUOTE:
            m_text.quote(-1);
            break;
        case GUMBO_TAG_PRE:
        case GUMBO_TAG_XMP:
        case GUMBO_TAG_LISTING:
        case GUMBO_TAG_TEXTAREA:
        case GUMBO_TAG_PLAINTEXT:
            --m_preformatted;
            break;
        default:
            break;
        }
        m_text.block(blockMargin(tag));
    }

    /// The address of a link that has a text of its own; long ones are trackers that nobody would type.
    void addAddress(const Frame &frame)
    {
        constexpr qsizetype longestAddress = 200;
        if (m_text.size() == frame.start)
            return;
        const QByteArray link = filterLink(normalisedUrl(attribute(frame.node, "href").toByteArray()));
        if (link.isEmpty() || link.size() > longestAddress || link.startsWith('#'))
            return;
        const QString address = QString::fromUtf8(link.startsWith("mailto:") ? link.sliced(7) : link);
        const QStringView shown = m_text.tail(frame.start).trimmed();
        if (shown.size() <= address.size() && address.contains(shown, Qt::CaseInsensitive))
            return;
        m_text.space();
        m_text.addText(QString(u'<' + address + u'>'), false);
    }

    TextBuilder m_text;
    std::vector<Frame> m_stack;
    int m_preformatted = 0;
};

} // namespace

int blockMargin(int tag)
{
    switch (tag) {
    case GUMBO_TAG_P:
    case GUMBO_TAG_H1:
    case GUMBO_TAG_H2:
    case GUMBO_TAG_H3:
    case GUMBO_TAG_H4:
    case GUMBO_TAG_H5:
    case GUMBO_TAG_H6:
    case GUMBO_TAG_UL:
    case GUMBO_TAG_OL:
    case GUMBO_TAG_DL:
    case GUMBO_TAG_PRE:
    case GUMBO_TAG_BLOCKQUOTE:
    case GUMBO_TAG_TABLE:
    case GUMBO_TAG_HR:
    case GUMBO_TAG_FIGURE:
        return 2;
    case GUMBO_TAG_ADDRESS:
    case GUMBO_TAG_ARTICLE:
    case GUMBO_TAG_ASIDE:
    case GUMBO_TAG_CAPTION:
    case GUMBO_TAG_CENTER:
    case GUMBO_TAG_DD:
    case GUMBO_TAG_DETAILS:
    case GUMBO_TAG_DIV:
    case GUMBO_TAG_DT:
    case GUMBO_TAG_FIELDSET:
    case GUMBO_TAG_FIGCAPTION:
    case GUMBO_TAG_FOOTER:
    case GUMBO_TAG_FORM:
    case GUMBO_TAG_HEADER:
    case GUMBO_TAG_LEGEND:
    case GUMBO_TAG_LI:
    case GUMBO_TAG_MAIN:
    case GUMBO_TAG_NAV:
    case GUMBO_TAG_SECTION:
    case GUMBO_TAG_SUMMARY:
    case GUMBO_TAG_TR:
        return 1;
    default:
        return 0;
    }
}

bool isHiddenByStyle(const GumboNode *node)
{
    if (gumbo_get_attribute(&node->v.element.attributes, "hidden") != nullptr)
        return true;
    const QByteArrayView style = attribute(node, "style");
    if (style.isEmpty())
        return false;
    CssTokeniser tokeniser(style.first(std::min<qsizetype>(style.size(), 4096)));
    QByteArray property;
    bool inValue = false;
    for (CssToken token = tokeniser.next(); token.type != CssToken::Type::End; token = tokeniser.next()) {
        if (token.type == CssToken::Type::Semicolon) {
            inValue = false;
        } else if (token.type == CssToken::Type::Colon) {
            inValue = true;
        } else if (token.type != CssToken::Type::Whitespace) {
            if (!inValue) {
                property = token.text.toLower();
                continue;
            }
            if ((property == "display" && token.is(CssToken::Type::Ident, "none"))
                || (property == "visibility" && token.is(CssToken::Type::Ident, "hidden"))
                || (property == "mso-hide" && token.is(CssToken::Type::Ident, "all"))
                || ((property == "font-size" || property == "opacity" || property == "max-height") && isZero(token)))
                return true;
            property.clear(); // only the first token of a value tells
        }
    }
    return false;
}

QString textOfTree(const HtmlTree &tree)
{
    return tree.root() != nullptr ? TreeReader().read(tree.root()) : QString();
}

QString textWithoutTags(const QByteArray &utf8)
{
    QByteArray out;
    out.reserve(utf8.size());
    const QByteArrayView html = QByteArrayView(utf8).first(std::min<qsizetype>(utf8.size(), ContentLimits::textBytes));
    bool noMoreEnds = false; ///< no '>' follows: looking again would be quadratic
    for (qsizetype at = 0; at < html.size(); ++at) {
        const char next = at + 1 < html.size() ? html[at + 1] : ' ';
        const bool tag = html[at] == '<' && (next == '/' || next == '!' || next == '?' || (next | 0x20) >= 'a');
        const qsizetype end = tag && !noMoreEnds ? html.indexOf('>', at) : -1;
        if (end < 0) {
            noMoreEnds = noMoreEnds || tag;
            out += html[at];
            continue;
        }
        out += ' ';
        at = end;
    }
    return QString::fromUtf8(out);
}

} // namespace kittiwake::mime
