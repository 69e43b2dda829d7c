// SPDX-License-Identifier: GPL-3.0-or-later
#include "ui/composer/richdocument.h"

#include "core/mime/sanitiser.h"
#include "ui/composer/quotehighlighter.h"

#include <QImage>
#include <QTextBlock>
#include <QTextCursor>
#include <QTextDocumentFragment>
#include <QUrl>

namespace kittiwake::ui
{

namespace
{

constexpr qsizetype longestPaste = 2 * 1024 * 1024;
constexpr int quoteIndent = 16;

/** What stays of somebody else's letters: what they mean, not how they look. */
QTextCharFormat plainer(const QTextCharFormat &foreign)
{
    if (foreign.isImageFormat())
        return foreign;
    QTextCharFormat format;
    if (foreign.fontWeight() >= QFont::DemiBold)
        format.setFontWeight(QFont::Bold);
    if (foreign.fontItalic())
        format.setFontItalic(true);
    if (foreign.fontUnderline() && !foreign.isAnchor())
        format.setFontUnderline(true);
    if (foreign.fontStrikeOut())
        format.setFontStrikeOut(true);
    if (foreign.isAnchor() && !foreign.anchorHref().isEmpty()) {
        format.setAnchor(true);
        format.setAnchorHref(foreign.anchorHref());
        format.setFontUnderline(true);
    }
    return format;
}

void simplify(QTextDocument &document)
{
    for (QTextBlock block = document.begin(); block.isValid(); block = block.next()) {
        QTextBlockFormat format;
        const QTextBlockFormat before = block.blockFormat();
        format.setLayoutDirection(before.layoutDirection());
        format.setIndent(before.indent());
        format.setObjectIndex(before.objectIndex()); // its list
        QTextCursor cursor(block);
        cursor.setBlockFormat(format);
        for (auto it = block.begin(); !it.atEnd(); ++it) {
            const QTextFragment fragment = it.fragment();
            cursor.setPosition(fragment.position());
            cursor.setPosition(fragment.position() + fragment.length(), QTextCursor::KeepAnchor);
            cursor.setCharFormat(plainer(fragment.charFormat()));
        }
    }
}

} // namespace

void RichDocument::addPicture(const mime::OutgoingFile &picture)
{
    m_pictures.insert(picture.contentId, picture);
}

const mime::OutgoingFile *RichDocument::picture(const QByteArray &contentId) const
{
    const auto found = m_pictures.constFind(contentId);
    return found == m_pictures.constEnd() ? nullptr : &*found;
}

QVariant RichDocument::loadResource(int type, const QUrl &name)
{
    Q_UNUSED(type)
    if (name.scheme() == QLatin1String("cid")) {
        const mime::OutgoingFile *found = picture(name.path(QUrl::FullyDecoded).toUtf8());
        const auto *bytes = found != nullptr ? std::get_if<QByteArray>(&found->content) : nullptr;
        const QImage image = bytes != nullptr ? QImage::fromData(*bytes) : QImage();
        if (!image.isNull())
            return image;
    }
    // Not nothing: Qt would look for a file of that name (QTextImageHandler).
    QImage nothing(1, 1, QImage::Format_ARGB32);
    nothing.fill(Qt::transparent);
    return nothing;
}

void insertForeignHtml(QTextCursor &cursor, const QString &html)
{
    const mime::SanitisedHtml clean = mime::sanitiseHtml(
        html.left(longestPaste).toUtf8(), QByteArrayLiteral("kw-part1"), mime::SanitiserPurpose::Quotation);
    if (clean.failed)
        return;
    RichDocument between;
    between.setHtml(QString::fromUtf8(clean.body));
    simplify(between);
    cursor.insertFragment(QTextDocumentFragment(&between));
}

void setPlainText(RichDocument &document, const QString &text)
{
    document.clear();
    QTextCursor cursor(&document);
    cursor.beginEditBlock();
    bool first = true;
    for (const QStringView line : QStringView(text).split(u'\n')) {
        const int depth = quoteDepth(line);
        QStringView rest = line;
        for (int level = 0; level < depth; ++level) {
            rest = rest.sliced(rest.indexOf(u'>') + 1);
        }
        if (depth > 0 && rest.startsWith(u' '))
            rest = rest.sliced(1);
        QTextBlockFormat format;
        if (depth > 0) {
            format.setProperty(QTextFormat::BlockQuoteLevel, depth);
            format.setLeftMargin(depth * quoteIndent);
            format.setRightMargin(depth * quoteIndent);
        }
        if (first)
            cursor.setBlockFormat(format);
        else
            cursor.insertBlock(format);
        first = false;
        cursor.insertText(rest.toString());
    }
    cursor.endEditBlock();
}

} // namespace kittiwake::ui
