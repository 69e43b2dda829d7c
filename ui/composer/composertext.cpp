// SPDX-License-Identifier: GPL-3.0-or-later
#include "ui/composer/composertext.h"

#include "ui/composer/formatbar.h"
#include "ui/composer/plaineditor.h"
#include "ui/composer/quotestrip.h"
#include "ui/composer/richeditor.h"

#include <QStackedLayout>
#include <QVBoxLayout>

namespace kittiwake::ui
{

ComposerText::ComposerText(QWidget *parent)
    : QWidget(parent), m_stack(new QStackedLayout), m_plain(new PlainEditor(this)), m_rich(new RichEditor(this)),
      m_bar(new FormatBar(*m_rich, this)), m_quote(new QuoteStrip(this))
{
    m_plain->setObjectName(QStringLiteral("plainEditor"));
    m_rich->setObjectName(QStringLiteral("richEditor"));
    for (QWidget *editor : {static_cast<QWidget *>(m_plain), static_cast<QWidget *>(m_rich)})
        editor->setAccessibleName(tr("Text of the message"));
    auto *layout = new QVBoxLayout(this);
    layout->setContentsMargins(0, 0, 0, 0);
    layout->setSpacing(0);
    layout->addWidget(m_bar);
    m_stack->addWidget(m_plain);
    m_stack->addWidget(m_rich);
    layout->addLayout(m_stack, 1);
    layout->addWidget(m_quote);
    showMode();
    // Colouring a text counts as changing it for textChanged(), and not for isModified().
    const auto tell = [this](QTextDocument *document) {
        if (!document->isModified())
            return;
        document->setModified(false);
        Q_EMIT changed();
    };
    connect(m_plain, &QPlainTextEdit::textChanged, this, [this, tell] { tell(m_plain->document()); });
    connect(m_rich, &QTextEdit::textChanged, this, [this, tell] { tell(m_rich->document()); });
    connect(m_quote, &QuoteStrip::removed, this, &ComposerText::changed);
    connect(m_plain, &PlainEditor::filesOffered, this, &ComposerText::filesOffered);
    connect(m_rich, &RichEditor::filesOffered, this, &ComposerText::filesOffered);
    connect(m_plain, &PlainEditor::pictureOffered, this, &ComposerText::pictureOffered);
    connect(m_rich, &RichEditor::pictureOffered, this, &ComposerText::pictureOffered);
}

void ComposerText::showMode()
{
    m_stack->setCurrentWidget(m_isRich ? static_cast<QWidget *>(m_rich) : m_plain);
    m_bar->setVisible(m_isRich);
    m_quote->setVisible(m_isRich && !m_quote->quote().isEmpty());
}

void ComposerText::setWriting(const Writing &writing)
{
    m_before.reset();
    m_isRich = writing.context.isRich;
    m_quote->setQuote(writing.quote);
    if (m_isRich) {
        std::vector<mime::OutgoingFile> pictures;
        for (const mime::OutgoingPart &part : writing.composition.attachments) {
            if (const auto *file = std::get_if<mime::OutgoingFile>(&part); file != nullptr && file->isInline())
                pictures.push_back(*file);
        }
        m_plain->clear();
        if (writing.composition.html.isEmpty())
            m_rich->setText(writing.composition.text);
        else
            m_rich->setBody(writing.composition.html, pictures);
    } else {
        m_rich->clear();
        m_plain->setPlainText(writing.composition.text);
        m_plain->moveCursor(QTextCursor::Start);
    }
    m_plain->document()->setModified(false);
    m_rich->document()->setModified(false);
    showMode();
}

void ComposerText::takeInto(Writing &writing) const
{
    writing.context.isRich = m_isRich;
    writing.composition.html.clear();
    writing.quote = {};
    if (!m_isRich) {
        writing.composition.text = m_plain->toPlainText();
        return;
    }
    OutgoingBody body = outgoingBody(m_rich->content());
    writing.composition.text = std::move(body.text);
    writing.composition.html = std::move(body.html);
    for (mime::OutgoingFile &picture : body.pictures)
        writing.composition.attachments.emplace_back(std::move(picture));
    writing.quote = m_quote->quote();
}

void ComposerText::setRich(bool on)
{
    if (on == m_isRich)
        return;
    if (on) {
        const QString text = m_plain->toPlainText();
        if (m_before && m_before->plain == text) {
            const Writing before = m_before->rich;
            setWriting(before);
        } else {
            m_isRich = true;
            m_rich->setText(text);
            m_quote->setQuote({});
        }
    } else {
        Before before;
        takeInto(before.rich);
        before.plain = before.rich.composition.text;
        if (!before.rich.quote.isEmpty())
            before.plain += QLatin1String("\n\n") + before.rich.quote.text;
        m_isRich = false;
        m_plain->setPlainText(before.plain);
        m_plain->moveCursor(QTextCursor::Start);
        before.plain = m_plain->toPlainText();
        m_before = std::move(before);
    }
    showMode();
    focusText();
    Q_EMIT modeChanged();
    Q_EMIT changed();
}

QString ComposerText::plainText() const
{
    return m_isRich ? outgoingBody(m_rich->content()).text : m_plain->toPlainText();
}

bool ComposerText::isEmpty() const
{
    return (m_isRich ? m_rich->document()->isEmpty() : m_plain->document()->isEmpty()) && m_quote->quote().isEmpty();
}

void ComposerText::focusText()
{
    if (m_isRich)
        m_rich->setFocus();
    else
        m_plain->setFocus();
}

void ComposerText::insertPicture(const mime::OutgoingFile &picture)
{
    m_rich->insertPicture(picture);
}

} // namespace kittiwake::ui
