// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/imap/codec/response.h"

#include <QStringConverter>

#include <algorithm>

namespace kittiwake::imap
{

QString StatusResponse::displayText() const
{
    constexpr qsizetype longest = 500;
    // Four bytes a character at most: nothing that would be shown is cut off here, nor a character cut in two.
    QByteArrayView start = QByteArrayView(text).first(std::min<qsizetype>(text.size(), 4 * longest));
    while (start.size() < text.size() && !start.isEmpty() && static_cast<unsigned char>(start.back()) >= 0x80)
        start.chop(1);
    QStringDecoder utf8(QStringDecoder::Utf8, QStringDecoder::Flag::Stateless);
    QString shown = utf8.decode(start);
    if (utf8.hasError())
        shown = QString::fromLatin1(start);
    QString clean;
    clean.reserve(std::min(shown.size(), longest));
    for (const QChar character : std::as_const(shown)) {
        if (clean.size() >= longest)
            break;
        const bool invisible
            = character.category() == QChar::Other_Control || character.category() == QChar::Other_Format;
        clean += invisible ? QChar(u' ') : character;
    }
    return clean.simplified();
}

std::optional<QByteArray> ContinuationRequest::decoded() const
{
    auto result = QByteArray::fromBase64Encoding(text.trimmed(), QByteArray::AbortOnBase64DecodingErrors);
    if (!result)
        return std::nullopt;
    return std::move(result.decoded);
}

QByteArray IdData::field(QByteArrayView name) const
{
    const auto found = std::find_if(fields.begin(), fields.end(), [&](const auto &each) { return each.first == name; });
    return found == fields.end() ? QByteArray() : found->second;
}

} // namespace kittiwake::imap
