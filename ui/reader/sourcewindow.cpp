// SPDX-License-Identifier: GPL-3.0-or-later
#include "ui/reader/sourcewindow.h"

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

} // namespace

SourceWindow::SourceWindow(MailSource &source, MessageId message, const QString &subject, QWidget *parent)
    : QWidget(parent, Qt::Window), m_source(source), m_message(message), m_text(new QPlainTextEdit(this)),
      m_headersOnly(new QCheckBox(tr("Header only"), this)), m_banner(new Banner(this))
{
    setAttribute(Qt::WA_DeleteOnClose);
    setObjectName(QStringLiteral("sourceWindow"));
    setWindowTitle(tr("Source of “%1”").arg(isolated(subject, 100)));
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
    top->addWidget(m_headersOnly);
    top->addStretch();
    layout->addLayout(top);
    layout->addWidget(m_banner);
    layout->addWidget(m_text, 1);

    new QShortcut(QKeySequence(Qt::Key_Escape), this, this, &QWidget::close);
    new QShortcut(QKeySequence::Close, this, this, &QWidget::close);
    connect(m_headersOnly, &QCheckBox::toggled, this, &SourceWindow::fetch);
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
    m_fetch = m_source.fetchRaw(m_message, m_headersOnly->isChecked());
    m_fetch.then(this, [this](const Result<QByteArray> &bytes) {
        if (!bytes) {
            m_banner->showMessage(theme::Tone::Error, bytes.error().userText, tr("Try again"));
            return;
        }
        m_text->setPlainText(asText(*bytes));
        if (bytes->size() > maxShown) {
            m_banner->showMessage(theme::Tone::Info,
                                  tr("Only the first %1 of this message are shown.")
                                      .arg(locale().formattedDataSize(maxShown, 0, QLocale::DataSizeSIFormat)));
        }
    });
}

} // namespace kittiwake::ui
