// SPDX-License-Identifier: GPL-3.0-or-later
// outgoingBody(): a document with formatting -> HTML and plain text of a message.
#include "core/mime/sanitiser.h"
#include "ui/composer/richdocument.h"

#include <QSet>
#include <QTextBlock>
#include <QTextList>
#include <QTextTable>
#include <QUrl>

#include <algorithm>
#include <array>

namespace kittiwake::ui
{

namespace
{

/** Fonts' own names for their sizes: of FontSizeAdjustment -1 to 2. */
constexpr std::array sizeNames{"small", "medium", "large", "x-large"};

/** Runs of blanks stay as they were written. */
QString escaped(const QString &text)
{
    QString result;
    result.reserve(text.size() + text.size() / 8);
    bool afterBlank = true; // at the start of a paragraph HTML shows no blank
    for (const QChar c : text) {
        if (c == u' ') {
            result += afterBlank ? QStringLiteral("&nbsp;") : QStringLiteral(" ");
            afterBlank = !afterBlank;
            continue;
        }
        afterBlank = false;
        if (c == u'<')
            result += QLatin1String("&lt;");
        else if (c == u'>')
            result += QLatin1String("&gt;");
        else if (c == u'&')
            result += QLatin1String("&amp;");
        else if (c == u'"')
            result += QLatin1String("&quot;");
        else if (c == QChar::LineSeparator)
            result += QLatin1String("<br>");
        else if (c == u'\t')
            result += QLatin1String("&nbsp;&nbsp;&nbsp; ");
        else if (c != QChar::ObjectReplacementCharacter)
            result += c;
    }
    return result;
}

class BodyWriter
{
public:
    explicit BodyWriter(const RichDocument &document) : m_document(document) { }

    OutgoingBody written()
    {
        writeFrame(*m_document.rootFrame());
        closeLists(0);
        closeQuotes(0);
        OutgoingBody result;
        const mime::SanitisedHtml clean
            = mime::sanitiseHtml(m_html.toUtf8(), QByteArrayLiteral("kw-part1"), mime::SanitiserPurpose::Quotation);
        result.html = QString::fromUtf8(clean.body);
        while (m_text.endsWith(u'\n'))
            m_text.chop(1);
        result.text = std::move(m_text);
        for (const QByteArray &id : std::as_const(m_pictures)) {
            if (const mime::OutgoingFile *picture = m_document.picture(id))
                result.pictures.push_back(*picture);
        }
        return result;
    }

private:
    void writeFrame(const QTextFrame &frame)
    {
        for (auto it = frame.begin(); !it.atEnd(); ++it) {
            const QTextFrame *inner = it.currentFrame();
            if (const auto *table = qobject_cast<const QTextTable *>(inner))
                writeTable(*table);
            else if (inner != nullptr)
                writeFrame(*inner);
            else if (it.currentBlock().isValid())
                writeBlock(it.currentBlock());
        }
    }

    void writeTable(const QTextTable &table)
    {
        closeLists(0);
        closeQuotes(0);
        m_html += QLatin1String("<table style=\"border-collapse:collapse\">");
        for (int row = 0; row < table.rows(); ++row) {
            m_html += QLatin1String("<tr>");
            QStringList cells;
            for (int column = 0; column < table.columns(); ++column) {
                const QTextTableCell cell = table.cellAt(row, column);
                if (cell.row() != row || cell.column() != column)
                    continue; // part of a cell that spans several
                m_html += QStringLiteral("<td colspan=\"%1\" rowspan=\"%2\" style=\"padding:2px 8px;border:1px solid "
                                         "#b9bec7;vertical-align:top\">")
                              .arg(cell.columnSpan())
                              .arg(cell.rowSpan());
                QString before = std::exchange(m_text, QString());
                for (auto it = cell.begin(); !it.atEnd(); ++it) {
                    if (it.currentFrame() != nullptr)
                        writeFrame(*it.currentFrame());
                    else if (it.currentBlock().isValid())
                        writeBlock(it.currentBlock());
                }
                closeLists(0);
                closeQuotes(0);
                cells.push_back(m_text.simplified());
                m_text = std::move(before);
                m_html += QLatin1String("</td>");
            }
            m_html += QLatin1String("</tr>");
            m_text += cells.join(QLatin1String(" | ")) + u'\n';
        }
        m_html += QLatin1String("</table>");
    }

    void closeLists(int depth)
    {
        while (m_lists.size() > depth)
            m_html += m_lists.takeLast() ? QLatin1String("</li></ol>") : QLatin1String("</li></ul>");
    }

    void closeQuotes(int depth)
    {
        while (m_quotes > depth) {
            m_html += QLatin1String("</blockquote>");
            --m_quotes;
        }
    }

    void openQuotes(int depth)
    {
        while (m_quotes < depth) {
            m_html
                += QLatin1String("<blockquote type=\"cite\" style=\"margin:0 0 0 4px;padding-left:12px;border-left:2px "
                                 "solid #b9bec7\">");
            ++m_quotes;
        }
    }

    /** The list item's start; what its mark is as text. */
    QString beginItem(const QTextBlock &block, const QTextList &list)
    {
        const int depth = std::clamp(list.format().indent(), 1, 8);
        const QTextListFormat::Style style = list.format().style();
        const bool numbered = style <= QTextListFormat::ListDecimal;
        if (m_lists.size() > depth)
            closeLists(depth);
        if (m_lists.size() == depth && (m_lists.back() != numbered || list.itemNumber(block) == 0)
            && m_openList != &list)
            closeLists(depth - 1);
        if (m_lists.size() == depth)
            m_html += QLatin1String("</li><li>");
        while (m_lists.size() < depth) {
            m_html += numbered ? QLatin1String("<ol><li>") : QLatin1String("<ul><li>");
            m_lists.push_back(numbered);
        }
        m_openList = &list;
        const QString mark
            = numbered ? QString::number(list.itemNumber(block) + 1) + QLatin1String(". ") : QStringLiteral("\u2022 ");
        return QString((depth - 1) * 2, u' ') + mark;
    }

    void writeBlock(const QTextBlock &block)
    {
        const int quote = block.blockFormat().intProperty(QTextFormat::BlockQuoteLevel);
        const QTextList *list = block.textList();
        if (list == nullptr || quote != m_quotes) {
            closeLists(0);
            m_openList = nullptr;
        }
        closeQuotes(quote);
        openQuotes(quote);
        QString prefix(quote, u'>');
        if (quote > 0)
            prefix += u' ';
        if (list != nullptr)
            prefix += beginItem(block, *list);
        const QString direction = block.textDirection() == Qt::RightToLeft ? QStringLiteral(" dir=\"rtl\"") : QString();
        m_html
            += list != nullptr && direction.isEmpty() ? QString() : QString(QLatin1String("<div") + direction + u'>');
        QString line;
        bool any = false;
        for (auto it = block.begin(); !it.atEnd(); ++it) {
            any = true;
            writeFragment(it.fragment(), line);
        }
        if (!any)
            m_html += QLatin1String("<br>");
        m_html += list != nullptr && direction.isEmpty() ? QString() : QStringLiteral("</div>");
        line.replace(QChar::LineSeparator, QString(u'\n' + QString(quote, u'>') + (quote > 0 ? u" " : u"")));
        m_text += prefix + line + u'\n';
    }

    void writeFragment(const QTextFragment &fragment, QString &line)
    {
        const QTextCharFormat format = fragment.charFormat();
        if (format.isImageFormat()) {
            writePicture(format.toImageFormat(), line);
            return;
        }
        QString text = fragment.text();
        line += text;
        line.remove(QChar::ObjectReplacementCharacter);
        QString open;
        QString close;
        const auto around = [&open, &close](const QString &tag, const QString &attributes = {}) {
            open += u'<' + tag + attributes + u'>';
            close.prepend(QLatin1String("</") + tag + u'>');
        };
        const QString href = format.isAnchor() ? format.anchorHref() : QString();
        if (!href.isEmpty()) {
            around(QStringLiteral("a"), QString(QLatin1String(" href=\"") + href.toHtmlEscaped() + u'"'));
            const QString shown = text.trimmed();
            if (shown != href && QLatin1String("mailto:") + shown != href && !shown.isEmpty())
                line += QLatin1String(" <") + href + u'>';
        }
        if (format.fontWeight() >= QFont::DemiBold)
            around(QStringLiteral("b"));
        if (format.fontItalic())
            around(QStringLiteral("i"));
        if (format.fontUnderline() && href.isEmpty())
            around(QStringLiteral("u"));
        if (format.fontStrikeOut())
            around(QStringLiteral("s"));
        QString style;
        if (const int step = format.intProperty(QTextFormat::FontSizeAdjustment);
            step != 0 && step >= -1 && step + 1 < static_cast<int>(sizeNames.size()))
            style
                += QLatin1String("font-size:") + QLatin1String(sizeNames.at(static_cast<std::size_t>(step + 1))) + u';';
        if (href.isEmpty() && format.hasProperty(QTextFormat::ForegroundBrush))
            style += QLatin1String("color:") + format.foreground().color().name() + u';';
        if (!style.isEmpty())
            around(QStringLiteral("span"), QString(QLatin1String(" style=\"") + style + u'"'));
        m_html += open + escaped(text) + close;
    }

    void writePicture(const QTextImageFormat &image, QString &line)
    {
        const QUrl name(image.name());
        if (name.scheme() != QLatin1String("cid"))
            return;
        const QByteArray id = name.path(QUrl::FullyDecoded).toUtf8();
        const mime::OutgoingFile *picture = m_document.picture(id);
        if (picture == nullptr)
            return;
        if (!m_pictures.contains(id))
            m_pictures.push_back(id);
        QString size;
        if (image.width() > 0)
            size = QStringLiteral(" width=\"%1\"").arg(qRound(image.width()));
        m_html += QLatin1String("<img src=\"cid:") + QString::fromUtf8(id).toHtmlEscaped() + QLatin1String("\" alt=\"")
            + picture->name.toHtmlEscaped() + u'"' + size + QLatin1String(" style=\"max-width:100%\">");
        line += u'[' + picture->name + u']';
    }

    const RichDocument &m_document;
    QString m_html;
    QString m_text;
    QList<QByteArray> m_pictures;
    QList<bool> m_lists; ///< open ones; whether they are numbered
    const QTextList *m_openList = nullptr;
    int m_quotes = 0;
};

} // namespace

OutgoingBody outgoingBody(const RichDocument &document)
{
    return BodyWriter(document).written();
}

} // namespace kittiwake::ui
