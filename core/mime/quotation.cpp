// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/mime/quotation.h"

#include "core/mime/htmlescape.h"
#include "core/mime/sanitiser.h"

namespace kittiwake::mime
{

namespace
{

QByteArray escaped(const QString &text)
{
    QByteArray out;
    appendEscaped(out, text.toUtf8());
    return out;
}

/// What stands between the fixed tags of a document of ours.
QByteArray bodyOf(const QString &document)
{
    const qsizetype start = document.indexOf(QLatin1StringView(documentBodyStart));
    if (start < 0 || !document.endsWith(QLatin1StringView(documentBodyEnd)))
        return {};
    const qsizetype from = start + static_cast<qsizetype>(sizeof(documentBodyStart)) - 1;
    const qsizetype end = document.size() - (static_cast<qsizetype>(sizeof(documentBodyEnd)) - 1);
    return QStringView(document).sliced(from, end - from).toUtf8();
}

QByteArray textAsHtml(const QString &text)
{
    return "<div style=\"white-space:pre-wrap\">" + escaped(text) + "</div>";
}

/// The message for somebody else's eyes.
QByteArray outgoing(const MessageContent &content)
{
    if (content.html.isEmpty())
        return textAsHtml(content.plainText);
    const SanitisedHtml again
        = sanitiseHtml(bodyOf(content.html), QByteArrayLiteral("kw-part1"), SanitiserPurpose::Quotation);
    return again.failed ? textAsHtml(content.plainText) : again.body;
}

QByteArray headerTable(const HeaderLines &headers)
{
    QByteArray out = "<table style=\"border-collapse:collapse\">";
    for (const auto &[name, value] : headers) {
        out += "<tr><td style=\"padding:0 12px 2px 0;vertical-align:top;white-space:nowrap\"><b>" + escaped(name)
            + "</b></td><td style=\"padding:0 0 2px\">" + escaped(value) + "</td></tr>";
    }
    return out + "</table>";
}

} // namespace

QString quotedHtml(const MessageContent &content, const QString &attribution)
{
    return QString::fromUtf8("<div>" + escaped(attribution)
                             + "</div><blockquote type=\"cite\" style=\"margin:0 0 0 4px;padding-left:12px;"
                               "border-left:2px solid #b9bec7\">"
                             + outgoing(content) + "</blockquote>");
}

QString forwardedHtml(const MessageContent &content, const HeaderLines &headers)
{
    return QString::fromUtf8(headerTable(headers) + "<br>" + outgoing(content));
}

QString quotationDocument(const QString &quotation)
{
    DocumentWriter writer;
    writer.addFragment(quotation.toUtf8());
    return writer.document();
}

} // namespace kittiwake::mime
