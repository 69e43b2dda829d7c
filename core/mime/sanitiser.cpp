// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/mime/sanitiser.h"

#include "core/mime/attributewriter.h"
#include "core/mime/htmlescape.h"
#include "core/mime/htmlpolicy.h"
#include "core/mime/htmltext.h"
#include "core/mime/htmltree.h"
#include "core/mime/treesanitiser.h"

#include <gumbo.h>

#include <span>

namespace kittiwake::mime
{

namespace
{

std::span<GumboNode *const> childrenOf(const GumboNode *node)
{
    const GumboVector &children = node->v.element.children;
    return {reinterpret_cast<GumboNode *const *>(children.data), children.length};
}

bool isElement(const GumboNode *node)
{
    return node->type == GUMBO_NODE_ELEMENT || node->type == GUMBO_NODE_TEMPLATE;
}

/// Walks the tree with a stack of its own: the depth of a mail must not become the depth of our calls.
class TreeWriter
{
public:
    TreeWriter(SanitisedHtml &result, const QByteArray &scope, SanitiserPurpose purpose)
        : m_result(result), m_scope(scope), m_purpose(purpose), m_attributes(result, scope, purpose)
    {
    }

    void run(const GumboNode *root)
    {
        for (const GumboNode *child : childrenOf(root)) {
            if (!isElement(child))
                continue;
            if (child->v.element.tag == GUMBO_TAG_HEAD) {
                writeHead(child);
            } else if (child->v.element.tag == GUMBO_TAG_BODY) {
                m_result.bodyAttributes = m_attributes.bodyAttributes(child->v.element, m_scope);
                writeChildren(child);
            } else {
                m_attributes.noteDropped(child->v.element);
            }
        }
        if (m_result.bodyAttributes.isEmpty())
            m_result.bodyAttributes = m_attributes.bodyAttributes({}, m_scope);
        // Those of attributes first: they are the weakest (HTML standard, presentational hints).
        m_result.darkStyles = m_attributes.darkRules() + m_result.darkStyles;
    }

private:
    struct Frame {
        const GumboNode *node;
        std::size_t next = 0; ///< index of the child that comes next
        std::string_view endTag; ///< empty where no element was written
        bool isLink = false; ///< the innermost open link is this one
    };

    /// A link that is being written: what its text says is known when it ends.
    struct OpenLink {
        QByteArray target;
        QByteArray text;
    };

    void writeHead(const GumboNode *head)
    {
        for (const GumboNode *child : childrenOf(head)) {
            if (!isElement(child))
                continue;
            const GumboElement &element = child->v.element;
            if (element.tag == GUMBO_TAG_STYLE && element.tag_namespace == GUMBO_NAMESPACE_HTML)
                addStyle(child);
            else
                m_attributes.noteDropped(element);
        }
    }

    void writeChildren(const GumboNode *body)
    {
        std::vector<Frame> stack;
        stack.push_back({body, 0, {}});
        int depth = 0;
        while (!stack.empty()) {
            Frame &frame = stack.back();
            const auto children = childrenOf(frame.node);
            if (frame.next >= children.size() || m_result.body.size() > SanitiserLimits::outputBytes) {
                m_result.truncated = m_result.truncated || frame.next < children.size();
                if (!frame.endTag.empty()) {
                    writeEndTag(frame.endTag);
                    --depth;
                }
                if (frame.isLink)
                    closeLink();
                stack.pop_back();
                continue;
            }
            const GumboNode *child = children[frame.next++];
            if (!isElement(child)) {
                writeText(child);
                continue;
            }
            const std::size_t links = m_links.size();
            const auto [enter, endTag] = writeElement(child, depth);
            if (enter) {
                depth += endTag.empty() ? 0 : 1;
                stack.push_back({child, 0, endTag, m_links.size() > links}); // frame is invalid from here on
            }
        }
    }

    void writeText(const GumboNode *node)
    {
        if (node->type == GUMBO_NODE_COMMENT)
            return;
        const QByteArrayView text(node->v.text.text);
        appendEscaped(m_result.body, text);
        addToLink(text);
    }

    void addToLink(QByteArrayView text)
    {
        if (!m_links.empty() && m_links.back().text.size() < linkTextBytes)
            m_links.back().text.append(text.first(std::min(text.size(), linkTextBytes)));
    }

    void closeLink()
    {
        const OpenLink link = std::move(m_links.back());
        m_links.pop_back();
        if (link.target.isEmpty() || m_result.misleadingLinks.size() >= SanitiserLimits::misleadingLinks
            || m_misleading.contains(link.target))
            return;
        if (auto misleading = misleadingLink(link.text, link.target)) {
            m_misleading.insert(link.target);
            m_result.misleadingLinks.push_back(std::move(*misleading));
        }
    }

    struct Entry {
        bool enter;
        std::string_view endTag;
    };

    Entry writeElement(const GumboNode *node, int depth)
    {
        const GumboElement &element = node->v.element;
        if (node->type == GUMBO_NODE_TEMPLATE || element.tag_namespace != GUMBO_NAMESPACE_HTML) {
            m_attributes.noteDropped(element);
            return {false, {}};
        }
        if (m_purpose == SanitiserPurpose::Quotation && isHiddenByStyle(node)) {
            ++m_result.removed;
            return {false, {}};
        }
        const ElementRule rule = elementRule(element.tag);
        switch (rule.action) {
        case ElementAction::Drop:
            m_attributes.noteDropped(element);
            return {false, {}};
        case ElementAction::Style:
            addStyle(node);
            return {false, {}};
        case ElementAction::Unwrap:
            m_attributes.noteDropped(element);
            return {true, {}};
        case ElementAction::Void:
        case ElementAction::Image:
            if (depth < SanitiserLimits::depth)
                writeStartTag(element, rule.name);
            else
                m_result.truncated = true;
            addToLink(" ");
            return {false, {}};
        case ElementAction::Replace:
            ++m_result.removed;
            break;
        case ElementAction::Keep:
            break;
        }
        if (depth >= SanitiserLimits::depth) {
            m_result.truncated = true;
            return {true, {}};
        }
        writeStartTag(element, rule.name);
        if (element.tag == GUMBO_TAG_A)
            m_links.push_back({m_attributes.takeLinkTarget(), {}});
        else if (blockMargin(element.tag) > 0)
            addToLink(" ");
        if (rule.name == "pre")
            keepFirstNewline(node);
        return {true, rule.name};
    }

    void writeStartTag(const GumboElement &element, std::string_view name)
    {
        m_result.body += '<';
        m_result.body.append(name.data(), static_cast<qsizetype>(name.size()));
        m_attributes.write(m_result.body, element);
        m_result.body += '>';
    }

    void writeEndTag(std::string_view name)
    {
        m_result.body += "</";
        m_result.body.append(name.data(), static_cast<qsizetype>(name.size()));
        m_result.body += '>';
    }

    /// Parsers drop a line end right after <pre>.
    void keepFirstNewline(const GumboNode *node)
    {
        const auto children = childrenOf(node);
        if (!children.empty() && !isElement(children.front()) && children.front()->type != GUMBO_NODE_COMMENT
            && *children.front()->v.text.text == '\n')
            m_result.body += '\n';
    }

    void addStyle(const GumboNode *node)
    {
        const GumboElement &element = node->v.element;
        QByteArray media;
        if (const GumboAttribute *attribute = gumbo_get_attribute(&element.attributes, "media")) {
            media = filterMediaCondition(attribute->value);
            if (media.isEmpty() && *attribute->value != '\0') {
                ++m_result.removed;
                return;
            }
        }
        CssLosses losses;
        for (const GumboNode *child : childrenOf(node)) {
            if (isElement(child) || child->type == GUMBO_NODE_COMMENT)
                continue;
            const QByteArrayView css(child->v.text.text);
            m_styleBytes += css.size();
            if (m_styleBytes > SanitiserLimits::styleBytes) {
                m_result.truncated = true;
                break;
            }
            const FilteredSheet rules = filterStyleSheet(css, m_scope, losses);
            const auto within = [&media](const QByteArray &some) {
                return media.isEmpty() || some.isEmpty() ? some : QByteArray("@media " + media + '{' + some + '}');
            };
            m_result.styles += within(rules.light);
            m_result.darkStyles += within(rules.dark);
        }
        m_attributes.noteLosses(losses);
    }

    SanitisedHtml &m_result;
    static constexpr qsizetype linkTextBytes = 2000;

    const QByteArray &m_scope;
    SanitiserPurpose m_purpose;
    AttributeWriter m_attributes;
    std::vector<OpenLink> m_links;
    QSet<QByteArray> m_misleading;
    qsizetype m_styleBytes = 0;
};

/// gumbo makes bytes that are no UTF-8 of character references beyond Unicode ("&#99999999999;").
void makeValid(QByteArray &utf8)
{
    if (!utf8.isValidUtf8())
        utf8 = QString::fromUtf8(utf8).toUtf8();
}

} // namespace

SanitisedHtml sanitiseTree(const HtmlTree &tree, const QByteArray &scope, SanitiserPurpose purpose)
{
    SanitisedHtml result;
    result.truncated = tree.isTruncated();
    if (tree.root() == nullptr) {
        result.failed = true;
        return result;
    }
    result.body.reserve(tree.source().size());
    TreeWriter(result, scope, purpose).run(tree.root());
    makeValid(result.body);
    makeValid(result.bodyAttributes);
    return result;
}

SanitisedHtml sanitiseHtml(const QByteArray &html, const QByteArray &scope, SanitiserPurpose purpose)
{
    return sanitiseTree(HtmlTree(html), scope, purpose);
}

} // namespace kittiwake::mime
