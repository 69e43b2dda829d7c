// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/mime/content.h"

#include "core/mime/bodycharset.h"
#include "core/mime/charset.h"
#include "core/mime/contenttype.h"
#include "core/mime/htmltext.h"
#include "core/mime/partindex.h"
#include "core/mime/plaintext.h"
#include "core/mime/sanitiser.h"
#include "core/mime/sealedparts.h"
#include "core/mime/treesanitiser.h"
#include "core/mime/urlpolicy.h"

#include <QCoreApplication>
#include <QSet>

#include <algorithm>
#include <map>

namespace kittiwake::mime
{

namespace
{

using mail::BodyPart;

/// What can be wrong with a message, each said once.
enum class Defect { MissingText, CutText, UnknownCharset, UnknownEncoding, CostlyHtml };

QString sentenceOf(Defect defect)
{
    switch (defect) {
    case Defect::MissingText:
        return QCoreApplication::translate("core", "A part of this message's text could not be fetched.");
    case Defect::CutText:
        return QCoreApplication::translate("core", "This message is very long; only its beginning is shown.");
    case Defect::UnknownCharset:
        return QCoreApplication::translate(
            "core", "This message names a character set that is not known; some characters may be wrong.");
    case Defect::UnknownEncoding:
        return QCoreApplication::translate(
            "core", "A part of this message is encoded in an unknown way and is shown as it came.");
    case Defect::CostlyHtml:
        return QCoreApplication::translate("core",
                                           "The formatting of this message is damaged; only its text is shown.");
    }
    return {};
}

bool isKnownEncoding(const QByteArray &encoding)
{
    return encoding.isEmpty() || encoding == "7bit" || encoding == "8bit" || encoding == "binary"
        || encoding == "base64" || encoding == "quoted-printable";
}

/// The charset that an HTML text names itself, for parts that do not: <meta charset=x> or content="…; charset=x".
QByteArray charsetOfHtml(QByteArrayView html)
{
    const QByteArray head = html.first(std::min<qsizetype>(html.size(), 1024)).toByteArray().toLower();
    const qsizetype meta = head.indexOf("<meta");
    const qsizetype at = meta < 0 ? -1 : head.indexOf("charset=", meta);
    if (at < 0)
        return {};
    QByteArray name;
    for (qsizetype index = at + 8; index < head.size() && name.size() < 40; ++index) {
        const char c = head[index];
        if ((c >= 'a' && c <= 'z') || (c >= '0' && c <= '9') || c == '-' || c == '_')
            name += c;
        else if (!name.isEmpty() || (c != '"' && c != '\'' && c != ' '))
            break;
    }
    return name;
}

class ContentMaker
{
public:
    ContentMaker(const BodyPart &root, const PartBodies &bodies, const ContentOptions &options)
        : m_root(root), m_index(root), m_bodies(bodies), m_options(options), m_plan(planReading(root))
    {
    }

    MessageContent make()
    {
        readTexts();
        addImages();
        for (const Attachment &attachment : m_plan.attachments) {
            if (!m_shownImages.contains(attachment.section))
                m_content.attachments.push_back(attachment);
        }
        for (const Defect defect : m_defects)
            m_content.defects.append(sentenceOf(defect));
        sayWhatIsNotShown();
        countBytes();
        return std::move(m_content);
    }

    /// Sections of the images that the texts refer to.
    QByteArrayList imageSections()
    {
        readTexts();
        QByteArrayList sections;
        for (const QByteArray &id : m_contentIds) {
            const NumberedImage *image = imageOf(id);
            if (image != nullptr && !sections.contains(image->section))
                sections.append(image->section);
        }
        return sections;
    }

    [[nodiscard]] bool hasImages() const { return !m_index.images().empty(); }

private:
    using NumberedImage = PartIndex::Image;

    void note(Defect defect)
    {
        if (std::find(m_defects.begin(), m_defects.end(), defect) == m_defects.end())
            m_defects.push_back(defect);
    }

    [[nodiscard]] const NumberedImage *imageOf(const QByteArray &contentId) const
    {
        const auto found = m_index.images().find(contentId);
        return found == m_index.images().end() ? nullptr : &found->second;
    }

    void readTexts()
    {
        const bool anyHtml
            = std::any_of(m_plan.texts.begin(), m_plan.texts.end(), [](const ShownText &text) { return text.isHtml; });
        DocumentWriter document;
        QStringList plain;
        bool htmlShown = false;
        int number = 0;
        for (const ShownText &text : m_plan.texts) {
            const BodyPart *part = m_index.part(text.section);
            const auto body = m_bodies.constFind(text.section);
            if (part == nullptr || body == m_bodies.constEnd()) {
                note(Defect::MissingText);
                continue;
            }
            QString decoded = decodedText(*part, *body);
            if (text.isHtml) {
                const HtmlTree tree(decoded.toUtf8());
                SanitisedHtml html = sanitiseTree(tree, "kw-part" + QByteArray::number(++number));
                if (!html.failed) {
                    noteHtml(html);
                    plain.append(normaliseText(textOfTree(tree)));
                    document.addHtml(html);
                    htmlShown = true;
                    continue;
                }
                note(Defect::CostlyHtml);
                decoded = textWithoutTags(tree.source());
            }
            decoded = plainText(*part, decoded);
            if (anyHtml)
                document.addPlainText(decoded);
            plain.append(std::move(decoded));
        }
        m_content.plainText = plain.join(QStringLiteral("\n\n"));
        if (htmlShown)
            m_content.html = document.document();
    }

    /// Never a blank pane without a sentence.
    void sayWhatIsNotShown()
    {
        Seal seal = sealOf(m_root);
        const bool isBlank = m_content.plainText.trimmed().isEmpty();
        if (isBlank && m_content.inlineImages.empty() && m_content.blocked.empty())
            m_content.html.clear(); // nothing that could be seen
        const bool isMissing = std::find(m_defects.begin(), m_defects.end(), Defect::MissingText) != m_defects.end();
        if (isBlank && m_content.html.isEmpty()) {
            m_content.plainText.clear();
            m_content.notice = sentenceInsteadOfText(seal, m_content, isMissing);
            return;
        }
        if (seal == Seal::None && holdsPgpMessage(m_content.plainText))
            seal = Seal::Encrypted;
        if (seal != Seal::None)
            m_content.defects.append(sentenceBesideText(seal));
    }

    void noteHtml(const SanitisedHtml &html)
    {
        if (html.truncated)
            note(Defect::CutText);
        for (const QString &reference : html.blocked) {
            if (m_content.blocked.size() < SanitiserLimits::blocked)
                m_content.blocked.push_back(reference);
        }
        for (const RemoteImage &image : html.remoteImages) {
            const auto known = std::find_if(m_content.remoteImages.begin(), m_content.remoteImages.end(),
                                            [&image](const RemoteImage &one) { return one.id == image.id; });
            if (known != m_content.remoteImages.end())
                known->looksLikeTracker = known->looksLikeTracker && image.looksLikeTracker;
            else if (m_content.remoteImages.size() < SanitiserLimits::remoteImages)
                m_content.remoteImages.push_back(image);
        }
        for (const MisleadingLink &link : html.misleadingLinks) {
            if (m_content.misleadingLinks.size() < SanitiserLimits::misleadingLinks)
                m_content.misleadingLinks.push_back(link);
        }
        for (const QByteArray &id : html.contentIds) {
            if (static_cast<std::size_t>(m_contentIds.size()) < ContentLimits::inlineImages
                && !m_contentIds.contains(id))
                m_contentIds.append(id);
        }
    }

    QString decodedText(const BodyPart &part, const QByteArray &body)
    {
        if (!isKnownEncoding(part.encoding))
            note(Defect::UnknownEncoding);
        QByteArray bytes = decodePart(part.encoding, body);
        if (bytes.size() > ContentLimits::textBytes - m_textBytes) {
            bytes.truncate(ContentLimits::textBytes - m_textBytes);
            note(Defect::CutText);
        }
        m_textBytes += bytes.size();
        QByteArray charset = BodyPart::parameter(part.parameters, "charset");
        if (charset.isEmpty() && part.subtype == "html")
            charset = charsetOfHtml(bytes);
        if (!charset.isEmpty() && !isKnownCharset(charset) && !isAscii(bytes) && m_options.charset.isEmpty())
            note(Defect::UnknownCharset);
        BodyText read = m_options.charset.isEmpty() ? readBody(charset, bytes) : readBodyIn(m_options.charset, bytes);
        if (m_content.charset.isEmpty()) {
            m_content.charset = read.charset;
            m_content.isCharsetGuessed = read.isGuessed;
        }
        return std::move(read.text);
    }

    static QString plainText(const BodyPart &part, const QString &decoded)
    {
        QString text = normaliseText(decoded);
        if (part.subtype == "plain"
            && BodyPart::parameter(part.parameters, "format").compare("flowed", Qt::CaseInsensitive) == 0) {
            const bool deleteSpace
                = BodyPart::parameter(part.parameters, "delsp").compare("yes", Qt::CaseInsensitive) == 0;
            text = joinFlowedLines(text, deleteSpace);
        }
        return text;
    }

    /// An image that is shown within the text is not listed as an attachment as well.
    void addImages()
    {
        qsizetype left = ContentLimits::inlineImageBytes;
        for (const QByteArray &id : m_contentIds) {
            const NumberedImage *image = imageOf(id);
            const auto body = image != nullptr ? m_bodies.constFind(image->section) : m_bodies.constEnd();
            if (body == m_bodies.constEnd() || m_content.inlineImages.size() >= ContentLimits::inlineImages)
                continue;
            QByteArray data = decodePart(image->part->encoding, *body);
            const QByteArray type = imageTypeOf(data);
            if (type.isNull() || data.size() > left)
                continue;
            left -= data.size();
            m_shownImages.insert(image->section);
            m_content.inlineImages.push_back({id, type, std::move(data)});
        }
    }

    void countBytes()
    {
        auto bytes = static_cast<std::uint64_t>(m_content.plainText.size() + m_content.html.size()) * sizeof(QChar);
        for (const InlineImage &image : m_content.inlineImages)
            bytes += static_cast<std::uint64_t>(image.data.size());
        for (const QString &reference : m_content.blocked)
            bytes += static_cast<std::uint64_t>(reference.size()) * sizeof(QChar);
        for (const RemoteImage &image : m_content.remoteImages)
            bytes += sizeof(RemoteImage) + static_cast<std::uint64_t>(image.url.size()) * sizeof(QChar);
        for (const MisleadingLink &link : m_content.misleadingLinks)
            bytes += sizeof(MisleadingLink) + static_cast<std::uint64_t>(link.target.size()) * sizeof(QChar);
        bytes += m_content.attachments.size() * (sizeof(Attachment) + 100);
        m_content.bytes = bytes + sizeof(MessageContent);
    }

    const BodyPart &m_root;
    PartIndex m_index;
    const PartBodies &m_bodies;
    const ContentOptions &m_options;
    ReadPlan m_plan;
    MessageContent m_content;
    std::vector<Defect> m_defects;
    QByteArrayList m_contentIds;
    QSet<QByteArray> m_shownImages;
    qsizetype m_textBytes = 0;
};

} // namespace

MessageContent makeContent(const mail::BodyPart &root, const PartBodies &bodies, const ContentOptions &options)
{
    return ContentMaker(root, bodies, options).make();
}

QByteArrayList planInlineImages(const mail::BodyPart &root, const PartBodies &texts)
{
    const ContentOptions options;
    ContentMaker maker(root, texts, options);
    return maker.hasImages() ? maker.imageSections() : QByteArrayList();
}

} // namespace kittiwake::mime
