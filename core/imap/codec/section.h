// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <QByteArray>
#include <QByteArrayList>

namespace kittiwake::imap
{

/**
 * What BODY[…] names (RFC 9051 section 6.4.5.1). Asked for and answered in the same form, so that an answer finds its
 * question however the server spells it: fields are upper case and sorted, without repeats.
 */
struct Section {
    enum class Text {
        All, ///< BODY[] or BODY[1.2]: everything of the message or the part
        Header, ///< HEADER: of the message, or of a message/rfc822 part
        HeaderFields, ///< HEADER.FIELDS (…)
        HeaderFieldsNot, ///< HEADER.FIELDS.NOT (…)
        BodyText, ///< TEXT
        Mime, ///< MIME: the header of a part itself
    };
    QByteArray part; ///< "1.2"; empty: the message itself
    Text text = Text::All;
    QByteArrayList fields; ///< of HeaderFields and HeaderFieldsNot

    [[nodiscard]] static Section whole() { return {}; }
    [[nodiscard]] static Section header() { return {{}, Text::Header, {}}; }
    [[nodiscard]] static Section headerFields(const QByteArrayList &names, QByteArray ofPart = {});
    [[nodiscard]] static Section ofPart(QByteArray number) { return {std::move(number), Text::All, {}}; }
    [[nodiscard]] static Section mimeOf(QByteArray number) { return {std::move(number), Text::Mime, {}}; }

    /** Parts are numbers with dots, fields are header names, each text fits its part. */
    [[nodiscard]] bool isValid() const;
    /** What stands between the brackets: "1.2.HEADER.FIELDS (DATE FROM)". Only of a valid section. */
    [[nodiscard]] QByteArray toBytes() const;

    bool operator==(const Section &) const = default;
};

} // namespace kittiwake::imap
