// SPDX-License-Identifier: GPL-3.0-or-later
#include "ui/composer/signature.h"

#include <QTextBlock>
#include <QTextCursor>
#include <QTextDocument>

namespace kittiwake::ui
{

namespace
{

constexpr QLatin1StringView mark("-- ");

/** Trailing blanks count for the mark only, and editors write "no-break" ones. */
QString plainLine(const QTextBlock &block)
{
    QString line = block.text();
    line.replace(QChar::Nbsp, u' ');
    return line;
}

bool standsAt(QTextBlock block, const QStringList &lines)
{
    for (const QString &line : lines) {
        if (!block.isValid() || plainLine(block).trimmed() != line.trimmed())
            return false;
        block = block.next();
    }
    return true;
}

} // namespace

QString signatureOf(const WriterIdentity &identity)
{
    QString text = identity.signatureText.trimmed();
    if (text.isEmpty())
        return {};
    text.remove(u'\r');
    return mark + u'\n' + text;
}

QString signatureHtml(const QString &signature)
{
    QString html;
    for (const QString &line : signature.split(u'\n'))
        html += QLatin1String("<div>") + line.toHtmlEscaped().replace(QLatin1String("-- "), QLatin1String("--&nbsp;"))
            + QLatin1String("</div>");
    return html;
}

void addSignature(Writing &writing, const WriterIdentity &identity)
{
    const QString signature = signatureOf(identity);
    if (signature.isEmpty())
        return;
    mime::Composition &mail = writing.composition;
    if (writing.context.isRich && identity.signatureBelowQuote && !writing.quote.isEmpty()) {
        // What follows below the editor's text goes out as it is, and so does what stands at its end.
        writing.quote.html += QLatin1String("<div><br></div>") + signatureHtml(signature);
        writing.quote.text += QLatin1String("\n\n") + signature;
        return;
    }
    if (writing.context.isRich) {
        const QString written
            = mail.html.isEmpty() ? mail.text.toHtmlEscaped().replace(u'\n', QLatin1String("<br>")) : mail.html;
        mail.html = (written.isEmpty() ? QStringLiteral("<div><br></div>") : written) + QLatin1String("<div><br></div>")
            + signatureHtml(signature);
        return;
    }
    // What is answered begins with two empty lines, of which the first is where one writes.
    const bool quotes = mail.text.startsWith(QLatin1String("\n\n"));
    mail.text = quotes && !identity.signatureBelowQuote ? QString(QLatin1String("\n\n") + signature + mail.text)
                                                        : QString(mail.text + QLatin1String("\n\n") + signature);
}

bool changeSignature(QuotedOriginal &quote, const QString &before, const QString &after)
{
    const QString old = signatureHtml(before);
    if (before.isEmpty() || !quote.html.endsWith(old) || !quote.text.endsWith(before))
        return false;
    quote.html = quote.html.chopped(old.size()) + signatureHtml(after);
    quote.text = quote.text.chopped(before.size()) + after;
    return true;
}

void changeSignature(QTextDocument &document, const QString &before, const QString &after)
{
    if (before == after)
        return;
    QTextCursor cursor(&document);
    if (before.isEmpty()) {
        cursor.movePosition(QTextCursor::End);
        cursor.insertText(QLatin1String("\n\n") + after);
        return;
    }
    const QStringList lines = before.split(u'\n');
    for (QTextBlock block = document.begin(); block.isValid(); block = block.next()) {
        if (!standsAt(block, lines))
            continue;
        cursor.setPosition(block.position());
        cursor.movePosition(QTextCursor::NextBlock, QTextCursor::KeepAnchor, static_cast<int>(lines.size()) - 1);
        cursor.movePosition(QTextCursor::EndOfBlock, QTextCursor::KeepAnchor);
        cursor.insertText(after);
        return;
    }
}

} // namespace kittiwake::ui
