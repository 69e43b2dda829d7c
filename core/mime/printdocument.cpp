// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/mime/printdocument.h"

#include "core/mime/htmlescape.h"
#include "core/mime/sanitiser.h"

namespace kittiwake::mime
{

namespace
{

/// Ends the head that DocumentWriter makes. A style sheet that was sanitised cannot hold "</style>", so the first
/// occurrence in a document is this one.
constexpr QLatin1StringView bodyStart("</style></head><body><div class=\"kw-page\">");

/// Styles of the message reach .kw-part only, none of these. Paper needs no page of a window's height.
constexpr QLatin1StringView
    paperStyle("html,body,.kw-page{background:#fff}.kw-page,.kw-part,.kw-part:only-child{min-height:0}"
               ".kw-part,.kw-text{padding:0}"
               ".kw-head{font:10pt/1.5 system-ui,sans-serif;color:#1b1b1f;margin:0 0 14pt;padding:0 0 8pt;"
               "border-bottom:1px solid #b9bec7;overflow-wrap:anywhere}"
               ".kw-head h1{font-size:15pt;line-height:1.25;margin:0 0 6pt}"
               ".kw-head table{border-collapse:collapse}"
               ".kw-head th{text-align:start;vertical-align:top;font-weight:normal;color:#5d6670;padding:0 10pt 0 0;"
               "white-space:nowrap}.kw-head td{padding:0}");

QString markupOf(const PrintedHead &head)
{
    QByteArray markup = "<div class=\"kw-head\"><h1 dir=\"auto\">";
    appendEscaped(markup, head.subject.toUtf8());
    markup += "</h1><table>";
    for (const auto &[name, value] : head.fields) {
        markup += "<tr><th>";
        appendEscaped(markup, name.toUtf8());
        markup += "</th><td dir=\"auto\">";
        appendEscaped(markup, value.toUtf8());
        markup += "</td></tr>";
    }
    markup += "</table></div>";
    return QString::fromUtf8(markup);
}

} // namespace

QString printedDocument(const QString &document, const QString &plainText, const PrintedHead &head)
{
    // Only what DocumentWriter made begins with the class of a scheme (withColourScheme() tells).
    QString whole = document.startsWith(u"<!DOCTYPE html><html class=\"kw-") ? document : QString();
    qsizetype at = whole.indexOf(bodyStart);
    if (at < 0) {
        DocumentWriter writer;
        writer.addPlainText(plainText);
        whole = writer.document();
        at = whole.indexOf(bodyStart);
    }
    const QString paper = whole.left(at) + paperStyle + bodyStart + markupOf(head) + whole.mid(at + bodyStart.size());
    return withColourScheme(paper, ColourScheme::Light);
}

} // namespace kittiwake::mime
