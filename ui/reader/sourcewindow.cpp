// SPDX-License-Identifier: GPL-3.0-or-later
#include "ui/reader/sourcewindow.h"

#include "core/mime/headers.h"
#include "ui/models/abandon.h"
#include "ui/widgets/banner.h"
#include "ui/widgets/safetext.h"

#include <QCheckBox>
#include <QFontDatabase>
#include <QHBoxLayout>
#include <QPlainTextEdit>
#include <QShortcut>
#include <QVBoxLayout>

namespace kittiwake::ui
{

namespace
{

constexpr qsizetype maxShown = 4 << 20; // octets; a text widget is no place for the rest of a large attachment
constexpr qsizetype maxLine = 4000;

/** UTF-8 where it is UTF-8, otherwise one character for each octet: nothing is lost to a guess of the charset. */
QString asText(const QByteArray &bytes)
{
    QString result;
    for (const QByteArray &line : bytes.left(maxShown).split('\n')) {
        QByteArray plain = line.endsWith('\r') ? line.chopped(1) : line;
        const QString decoded = QString::fromUtf8(plain);
        const QString text = decoded.contains(QChar::ReplacementCharacter) ? QString::fromLatin1(plain) : decoded;
        for (qsizetype at = 0; at == 0 || at < text.size(); at += maxLine)
            result += text.mid(at, maxLine) + QLatin1Char('\n');
    }
    return result;
}

/** Addresses are taken apart before they are decoded, so that a name cannot bring an address of its own. */
QString decodedValue(const mime::HeaderField &field)
{
    static const QByteArrayList addressFields{"from", "sender", "reply-to", "to", "cc", "bcc"};
    if (!addressFields.contains(field.name.toLower()))
        return mime::decodeHeaderText(field.value);
    QStringList people;
    for (const mail::Address &person : mime::parseAddressList(field.value)) {
        people.append(
            person.name.isEmpty()
                ? person.address
                : SourceWindow::tr("%1 <%2>", "name, address").arg(isolated(person.name, 200), person.address));
    }
    return people.join(QLatin1String(", "));
}

QString decodedFields(const QByteArray &block)
{
    QStringList lines;
    for (const mime::HeaderField &field : mime::parseHeaderBlock(block))
        lines.append(oneLine(QString::fromLatin1(field.name), 100) + QLatin1String(": ") + decodedValue(field));
    return lines.join(QLatin1Char('\n'));
}

} // namespace

SourceWindow::SourceWindow(MailSource &source, MessageId message, const QString &subject, Show show, QWidget *parent)
    : QWidget(parent, Qt::Window), m_source(source), m_message(message), m_text(new QPlainTextEdit(this)),
      m_headersOnly(new QCheckBox(tr("Header only"), this)), m_decoded(new QCheckBox(tr("Decoded"), this)),
      m_findBar(new FindBar(this)), m_search(std::make_unique<TextSearch>(*m_text)), m_banner(new Banner(this))
{
    const bool headers = show == Show::Headers;
    m_headersOnly->setObjectName(QStringLiteral("headersOnly"));
    m_headersOnly->setChecked(headers);
    m_decoded->setObjectName(QStringLiteral("decodedHeaders"));
    m_decoded->setChecked(headers);
    m_decoded->setEnabled(headers);
    setAttribute(Qt::WA_DeleteOnClose);
    setObjectName(QStringLiteral("sourceWindow"));
    setWindowTitle(headers ? tr("Headers of “%1”").arg(isolated(subject, 100))
                           : tr("Source of “%1”").arg(isolated(subject, 100)));
    resize(820, 640);
    m_text->setReadOnly(true);
    m_text->setFrameShape(QFrame::NoFrame);
    m_text->setFont(QFontDatabase::systemFont(QFontDatabase::FixedFont));
    m_text->setWordWrapMode(QTextOption::WrapAnywhere);
    m_text->setTextInteractionFlags(Qt::TextSelectableByMouse | Qt::TextSelectableByKeyboard);
    m_text->setAccessibleName(tr("Source of the message"));
    m_text->setPlaceholderText(tr("Fetching the message…"));
    m_text->setTabChangesFocus(true);

    auto *layout = new QVBoxLayout(this);
    layout->setContentsMargins(0, 0, 0, 0);
    layout->setSpacing(0);
    auto *top = new QHBoxLayout;
    top->setContentsMargins(12, 8, 12, 8);
    top->setSpacing(16);
    top->addWidget(m_headersOnly);
    top->addWidget(m_decoded);
    top->addStretch();
    layout->addLayout(top);
    layout->addWidget(m_banner);
    layout->addWidget(m_text, 1);
    layout->addWidget(m_findBar);

    new QShortcut(QKeySequence(Qt::Key_Escape), this, [this] {
        if (m_findBar->isVisible())
            m_findBar->close();
        else
            close();
    });
    new QShortcut(QKeySequence::Find, this, [this] { m_findBar->open(); });
    new QShortcut(QKeySequence::FindNext, this, [this] { m_findBar->findNext(); });
    new QShortcut(QKeySequence::FindPrevious, this, [this] { m_findBar->findPrevious(); });
    connect(m_findBar, &FindBar::findRequested, this, [this](const QString &text, bool backward, bool isNew) {
        m_findBar->setResult(m_search->find(text, backward, isNew));
    });
    connect(m_findBar, &FindBar::closed, m_text, qOverload<>(&QWidget::setFocus));
    connect(m_decoded, &QCheckBox::toggled, this, &SourceWindow::showBytes);
    new QShortcut(QKeySequence::Close, this, this, &QWidget::close);
    connect(m_headersOnly, &QCheckBox::toggled, this, [this](bool on) {
        m_decoded->setEnabled(on);
        fetch();
    });
    connect(m_banner, &Banner::actionTriggered, this, &SourceWindow::fetch);
    fetch();
}

SourceWindow::~SourceWindow()
{
    abandon(m_fetch);
}

QString SourceWindow::text() const
{
    return m_text->toPlainText();
}

void SourceWindow::fetch()
{
    abandon(m_fetch);
    m_banner->setVisible(false);
    m_text->setPlainText({});
    m_bytes.clear();
    m_fetch = m_source.fetchRaw(m_message, m_headersOnly->isChecked());
    m_fetch.then(this, [this](const Result<QByteArray> &bytes) {
        if (!bytes) {
            m_banner->showMessage(theme::Tone::Error, bytes.error().userText, tr("Try again"));
            return;
        }
        m_bytes = *bytes;
        showBytes();
        if (bytes->size() > maxShown) {
            m_banner->showMessage(theme::Tone::Info,
                                  tr("Only the first %1 of this message are shown.")
                                      .arg(locale().formattedDataSize(maxShown, 0, QLocale::DataSizeSIFormat)));
        }
    });
}

void SourceWindow::showBytes()
{
    const bool decoded = m_headersOnly->isChecked() && m_decoded->isChecked();
    m_text->setPlainText(decoded ? decodedFields(m_bytes) : asText(m_bytes));
}

} // namespace kittiwake::ui
