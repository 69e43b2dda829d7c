// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "core/mime/composition.h"

#include <QHash>
#include <QTextDocument>

namespace kittiwake::ui
{

/** What is written with formatting. Loads nothing but the pictures that were put into it: no file, no address. */
class RichDocument final : public QTextDocument
{
    Q_OBJECT

public:
    using QTextDocument::QTextDocument;

    /** A picture that the text can show as "cid:<its content id>". */
    void addPicture(const mime::OutgoingFile &picture);
    [[nodiscard]] const mime::OutgoingFile *picture(const QByteArray &contentId) const;

protected:
    QVariant loadResource(int type, const QUrl &name) override;

private:
    QHash<QByteArray, mime::OutgoingFile> m_pictures;
};

/** A text with formatting, ready to be sent. */
struct OutgoingBody {
    QString html; ///< what stands in body, through the sanitiser
    QString text; ///< the same as plain text: mime::Composition::text
    std::vector<mime::OutgoingFile> pictures; ///< those that html shows
};

/**
 * What a document says, as mail: bold, italic, underlined, struck out, four sizes, colours, links, lists, quotes,
 * tables, pictures and the side from which a paragraph is read; nothing of this program's fonts or window. As plain
 * text lists have their marks, quotes theirs, links their address. Linear.
 */
[[nodiscard]] OutgoingBody outgoingBody(const RichDocument &document);

/** Puts HTML of somebody else in at the cursor, as far as outgoingBody() knows it; nothing of its fonts and colours. */
void insertForeignHtml(QTextCursor &cursor, const QString &html);

/** Plain text as a document: a paragraph for each line, quotes as quotes. */
void setPlainText(RichDocument &document, const QString &text);

} // namespace kittiwake::ui
