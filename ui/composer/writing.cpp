// SPDX-License-Identifier: GPL-3.0-or-later
#include "ui/composer/writing.h"

#include <QCborArray>
#include <QCborMap>
#include <QCborValue>

#include <algorithm>

namespace kittiwake::ui
{

namespace
{

/** Keys of DraftContext::window, which a composer writes for the next one: numbers, since they stay for good. */
enum Key { BodyLength = 1, QuoteText = 2, QuoteAbout = 3, QuotePictures = 4 };

constexpr QLatin1StringView documentStart("<!DOCTYPE html><html><head><meta charset=\"utf-8\"></head><body>");
constexpr QLatin1StringView documentEnd("</body></html>\n");

} // namespace

engine::DraftContent draftOf(const Writing &writing)
{
    engine::DraftContent result{writing.draft, writing.context, writing.composition};
    if (!writing.context.isRich) {
        result.composition.html.clear();
        return result;
    }
    const QString body = writing.composition.html;
    QCborMap window{{BodyLength, body.size()}};
    QString html = documentStart + body;
    if (!writing.quote.isEmpty()) {
        html += QLatin1String("<div><br></div>") + writing.quote.html;
        window.insert(QuoteText, writing.quote.text.size());
        window.insert(QuoteAbout, writing.quote.about.left(200));
        QCborArray pictures;
        for (const mime::OutgoingFile &picture : writing.quote.pictures) {
            result.composition.attachments.emplace_back(picture);
            pictures.append(QString::fromUtf8(picture.contentId));
        }
        window.insert(QuotePictures, pictures);
        result.composition.text += QLatin1String("\n\n") + writing.quote.text;
    }
    result.composition.html = html + documentEnd;
    result.context.window = window.toCborValue().toCbor();
    return result;
}

Writing writingOf(const engine::OpenedDraft &draft)
{
    Writing result;
    result.draft = draft.content.id;
    result.context = draft.content.context;
    result.composition = draft.content.composition;
    result.state = draft.state;
    result.context.isRich = !result.composition.html.isEmpty();
    if (!result.context.isRich)
        return result;
    const QCborMap window = QCborValue::fromCbor(draft.content.context.window).toMap();
    result.context.window.clear();
    QString &html = result.composition.html;
    const qsizetype bodyLength = window.value(BodyLength).toInteger(-1);
    // Another program, or another version of this one, may have rewritten it: then all of it is for the editor.
    if (bodyLength < 0 || !html.startsWith(documentStart) || !html.endsWith(documentEnd)
        || documentStart.size() + bodyLength > html.size() - documentEnd.size())
        return result;
    const QString inner = html.mid(documentStart.size(), html.size() - documentStart.size() - documentEnd.size());
    const QLatin1StringView gap("<div><br></div>");
    const QString rest = inner.mid(bodyLength);
    const qsizetype quoteText = window.value(QuoteText).toInteger(0);
    QString &text = result.composition.text;
    if (rest.startsWith(gap) && quoteText >= 0 && quoteText + 2 <= text.size()) {
        result.quote.html = rest.mid(gap.size());
        result.quote.text = text.right(quoteText);
        result.quote.about = window.value(QuoteAbout).toString();
        text.chop(quoteText + 2);
        const QCborArray pictures = window.value(QuotePictures).toArray();
        std::erase_if(result.composition.attachments, [&](const mime::OutgoingPart &part) {
            const auto *file = std::get_if<mime::OutgoingFile>(&part);
            if (file == nullptr || !file->isInline() || !pictures.contains(QString::fromUtf8(file->contentId)))
                return false;
            result.quote.pictures.push_back(*file);
            return true;
        });
        html = inner.first(bodyLength);
    } else if (rest.isEmpty()) {
        html = inner;
    }
    return result;
}

} // namespace kittiwake::ui
