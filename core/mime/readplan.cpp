// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/mime/content.h"
#include "core/mime/contenttype.h"
#include "core/mime/filename.h"

#include <algorithm>
#include <optional>

namespace kittiwake::mime
{

namespace
{

using mail::BodyPart;

bool isText(const BodyPart &part, QByteArrayView subtype)
{
    return part.type == "text" && part.subtype == subtype;
}

bool isShownType(const BodyPart &part)
{
    return isText(part, "plain") || isText(part, "html");
}

bool isNamed(const BodyPart &part)
{
    return !decodedParameter(part.dispositionParameters, "filename").isEmpty()
        || !decodedParameter(part.parameters, "name").isEmpty();
}

/// As mail::hasAttachment() sees it, so that the list and the reader agree: a text that has a file name is a file.
bool isShownText(const BodyPart &part)
{
    return isShownType(part) && part.disposition != "attachment" && !isNamed(part);
}

/// A signature is a property of the message, not something that its sender attached.
bool isSignature(const BodyPart &part)
{
    return part.type == "application"
        && (part.subtype == "pgp-signature" || part.subtype == "pkcs7-signature" || part.subtype == "x-pkcs7-signature"
            || part.subtype == "pgp-encrypted");
}

/// Base64 makes 57 octets a line of 76 characters and a line end (RFC 2045 section 6.8).
std::uint64_t decodedSize(const BodyPart &part)
{
    if (part.encoding != "base64")
        return part.size;
    return part.size > 78 ? part.size / 78 * 57 + part.size % 78 * 3 / 4 : part.size * 3 / 4;
}

class Planner
{
public:
    ReadPlan plan(const BodyPart &root)
    {
        visit(root, {}, 0);
        if (m_plan.texts.empty() && m_fallback)
            m_plan.texts.push_back(*m_fallback);
        return std::move(m_plan);
    }

private:
    static QByteArray sectionOf(const QByteArray &parent, std::size_t index)
    {
        const QByteArray number = QByteArray::number(qulonglong{index} + 1);
        return parent.isEmpty() ? number : QByteArray(parent + '.' + number);
    }

    void visit(const BodyPart &part, const QByteArray &section, int depth)
    {
        if (m_leaves >= ContentLimits::parts || depth > ContentLimits::depth)
            return;
        if (!part.isMultipart()) {
            visitLeaf(part, section.isEmpty() ? QByteArrayLiteral("1") : section);
            return;
        }
        if (part.subtype == "alternative") {
            visitAlternative(part, section, depth);
            return;
        }
        for (std::size_t index = 0; index < part.children.size(); ++index)
            visit(part.children[index], sectionOf(section, index), depth + 1);
    }

    /// Shows the best form and lists what the others hold beside text (RFC 2046 section 5.1.4: the last one that can be
    /// shown; HTML wins over plain text wherever it stands).
    void visitAlternative(const BodyPart &part, const QByteArray &section, int depth)
    {
        int best = 0;
        std::optional<std::size_t> chosen;
        for (std::size_t index = 0; index < part.children.size(); ++index) {
            const int worth = worthOf(part.children[index], depth + 1);
            if (worth > 0 && worth >= best) {
                best = worth;
                chosen = index;
            }
        }
        for (std::size_t index = 0; index < part.children.size(); ++index) {
            const BodyPart &child = part.children[index];
            const QByteArray childSection = sectionOf(section, index);
            if (chosen == index)
                visit(child, childSection, depth + 1);
            else
                listOnly(child, childSection, depth + 1);
        }
    }

    /// 2: has HTML to show, 1: has plain text, 0: nothing. Each part is looked at once in all, as m_visited bounds it.
    int worthOf(const BodyPart &part, int depth)
    {
        if (++m_visited > 4 * ContentLimits::parts || depth > ContentLimits::depth)
            return 0;
        if (!part.isMultipart())
            return isShownText(part) ? (part.subtype == "html" ? 2 : 1) : 0;
        int best = 0;
        for (const BodyPart &child : part.children)
            best = std::max(best, worthOf(child, depth + 1));
        return best;
    }

    /// The forms of an alternative that are not shown: other texts (AMP, watch) are left out, files are listed.
    void listOnly(const BodyPart &part, const QByteArray &section, int depth)
    {
        if (m_leaves >= ContentLimits::parts || depth > ContentLimits::depth)
            return;
        if (part.isMultipart()) {
            for (std::size_t index = 0; index < part.children.size(); ++index)
                listOnly(part.children[index], sectionOf(section, index), depth + 1);
            return;
        }
        ++m_leaves;
        const bool otherForm
            = part.type == "text" && part.subtype != "calendar" && part.disposition != "attachment" && !isNamed(part);
        if (!otherForm && !isSignature(part))
            attach(part, section.isEmpty() ? QByteArrayLiteral("1") : section);
    }

    void visitLeaf(const BodyPart &part, const QByteArray &section)
    {
        ++m_leaves;
        if (isShownText(part)) {
            m_plan.texts.push_back({section, part.subtype == "html"});
            return;
        }
        if (isSignature(part))
            return;
        // Where nothing else is shown, the first text is, whatever its name or its subtype: no reader of mail should
        // open a file to see the only sentence that somebody wrote.
        if (!m_fallback && part.type == "text" && part.disposition != "attachment")
            m_fallback = ShownText{section, part.subtype == "html"};
        attach(part, section);
    }

    void attach(const BodyPart &part, const QByteArray &section)
    {
        Attachment attachment;
        attachment.section = section;
        attachment.fileName = attachmentName(part);
        attachment.mimeType = part.type.isEmpty() ? QByteArrayLiteral("application/octet-stream")
                                                  : QByteArray(part.type + '/' + part.subtype);
        attachment.encoding = part.encoding;
        attachment.size = decodedSize(part);
        attachment.isMessage = part.isMessage();
        attachment.hasHiddenName = hidesItsKind(part);
        m_plan.attachments.push_back(std::move(attachment));
    }

    ReadPlan m_plan;
    std::optional<ShownText> m_fallback;
    std::size_t m_leaves = 0;
    std::size_t m_visited = 0;
};

} // namespace

QByteArrayList ReadPlan::sections() const
{
    QByteArrayList sections;
    for (const ShownText &text : texts)
        sections.append(text.section);
    return sections;
}

ReadPlan planReading(const mail::BodyPart &root)
{
    return Planner().plan(root);
}

} // namespace kittiwake::mime
