// SPDX-License-Identifier: GPL-3.0-or-later
#include "ui/attachments/previewwindow.h"

#include "core/mime/charset.h"
#include "core/mime/urlpolicy.h"
#include "ui/widgets/icon.h"
#include "ui/widgets/inworker.h"
#include "ui/widgets/safetext.h"
#include "ui/widgets/theme.h"

#include <QFontDatabase>
#include <QHBoxLayout>
#include <QLabel>
#include <QPainter>
#include <QPlainTextEdit>
#include <QPushButton>
#include <QShortcut>
#include <QStackedLayout>

namespace kittiwake::ui
{

namespace
{

constexpr int maxSide = 2400; // pixels that are asked for: sharp on large screens, 23 MB at most
constexpr qsizetype maxText = 1024 * 1024; // octets
constexpr qsizetype maxLine = 4000;

QString inShortLines(const QString &text)
{
    QString result;
    for (const QString &line : text.split(QLatin1Char('\n'))) {
        for (qsizetype at = 0; at == 0 || at < line.size(); at += maxLine) {
            result += line.mid(at, maxLine);
            result += QLatin1Char('\n');
        }
    }
    return result;
}

} // namespace

/** The picture as large as there is room, never larger than it is; transparent parts on a plain ground. */
class PreviewWindow::Picture final : public QWidget
{
public:
    using QWidget::QWidget;
    void setImage(const QImage &image)
    {
        m_image = image;
        update();
    }

protected:
    void paintEvent(QPaintEvent *) override
    {
        QPainter painter(this);
        painter.fillRect(rect(), theme::chrome(palette()));
        if (m_image.isNull())
            return;
        painter.setRenderHint(QPainter::SmoothPixmapTransform);
        const QSizeF natural = QSizeF(m_image.size()) / devicePixelRatioF();
        const QSizeF room = QSizeF(size()) - QSizeF(32, 32);
        const QSizeF shown = natural.width() > room.width() || natural.height() > room.height()
            ? natural.scaled(room, Qt::KeepAspectRatio)
            : natural;
        const QRectF at(QPointF((width() - shown.width()) / 2, (height() - shown.height()) / 2), shown);
        painter.fillRect(at, Qt::white);
        painter.drawImage(at, m_image);
        painter.setPen(theme::border(palette()));
        painter.drawRect(at);
    }

private:
    QImage m_image;
};

PreviewWindow::PreviewWindow(AttachmentOpener &opener, const AttachedFile &file, QWidget *parent)
    : QWidget(parent, Qt::Window), m_opener(opener), m_file(file), m_facts(new QLabel(this)),
      m_notice(new QLabel(tr("Fetching the file…"), this)), m_picture(new Picture(this)),
      m_text(new QPlainTextEdit(this)), m_stack(new QStackedLayout)
{
    setAttribute(Qt::WA_DeleteOnClose);
    setObjectName(QStringLiteral("previewWindow"));
    setWindowTitle(isolated(file.attachment.fileName, 200));
    resize(860, 680);
    auto *open = new QPushButton(icon(QStringLiteral("external-link")), tr("Open"), this);
    open->setObjectName(QStringLiteral("previewOpen"));
    auto *save = new QPushButton(icon(QStringLiteral("save")), tr("Save as…"), this);
    save->setObjectName(QStringLiteral("previewSave"));
    m_facts->setTextFormat(Qt::PlainText);
    m_facts->setForegroundRole(QPalette::PlaceholderText);
    m_notice->setTextFormat(Qt::PlainText);
    m_notice->setWordWrap(true);
    m_notice->setAlignment(Qt::AlignCenter);
    m_notice->setMargin(32);
    m_notice->setForegroundRole(QPalette::PlaceholderText);
    m_picture->setAccessibleName(tr("Picture"));
    m_text->setReadOnly(true);
    m_text->setFrameShape(QFrame::NoFrame);
    m_text->setFont(QFontDatabase::systemFont(QFontDatabase::FixedFont));
    m_text->setWordWrapMode(QTextOption::WrapAtWordBoundaryOrAnywhere);
    m_text->setTextInteractionFlags(Qt::TextSelectableByMouse | Qt::TextSelectableByKeyboard);
    m_text->setAccessibleName(tr("Text"));
    m_text->document()->setDocumentMargin(16);

    auto *layout = new QVBoxLayout(this);
    layout->setContentsMargins(0, 0, 0, 0);
    layout->setSpacing(0);
    auto *top = new QHBoxLayout;
    top->setContentsMargins(16, 8, 16, 8);
    top->setSpacing(theme::padding);
    top->addWidget(open);
    top->addWidget(save);
    top->addStretch(1);
    top->addWidget(m_facts);
    layout->addLayout(top);
    m_stack->addWidget(m_notice);
    m_stack->addWidget(m_picture);
    m_stack->addWidget(m_text);
    layout->addLayout(m_stack, 1);
    new QShortcut(QKeySequence(Qt::Key_Escape), this, this, &QWidget::close);
    new QShortcut(QKeySequence::Close, this, this, &QWidget::close);
    connect(open, &QPushButton::clicked, this, [this] { Q_EMIT openRequested(m_file); });
    connect(save, &QPushButton::clicked, this, [this] { Q_EMIT saveRequested(m_file); });
    m_opener.bytes(m_file).then(this, [this](const Result<QByteArray> &bytes) {
        if (bytes)
            look(*bytes);
        else
            showNotice(bytes.error().userText);
    });
}

void PreviewWindow::look(const QByteArray &bytes)
{
    const QString side = QString::number(maxSide);
    QStringList task;
    switch (previewKind(m_file)) {
    case PreviewKind::Text:
        showText(bytes);
        return;
    case PreviewKind::Pdf:
        task = {QStringLiteral("pdf"), side, side};
        break;
    case PreviewKind::Image:
    case PreviewKind::None: {
        // What the bytes are, not what they are called.
        const QByteArray type = mime::imageTypeOf(bytes);
        if (!type.startsWith("image/")) {
            showNotice(tr("This file is not the picture that its name says."));
            return;
        }
        task = {QStringLiteral("image"), QString::fromLatin1(type.mid(6)), side, side};
        break;
    }
    }
    m_opener.helper().run(task, bytes).then(this, [this](const Result<QCborMap> &answer) {
        if (answer)
            showImage(*answer);
        else
            showNotice(answer.error().userText);
    });
}

void PreviewWindow::showImage(const QCborMap &answer)
{
    m_image = imageOf(answer);
    if (m_image.isNull()) {
        showNotice(tr("This file is damaged, or too large to be shown here. It can still be opened or saved."));
        return;
    }
    if (const qint64 pages = answer.value(QLatin1String("pages")).toInteger(); pages > 0) {
        m_facts->setText(tr("Page 1 of %L1").arg(pages));
    } else {
        m_facts->setText(tr("%1 × %2 pixels", "width, height")
                             .arg(locale().toString(answer.value(QLatin1String("width")).toInteger()),
                                  locale().toString(answer.value(QLatin1String("height")).toInteger())));
    }
    m_picture->setImage(m_image);
    m_stack->setCurrentWidget(m_picture);
    Q_EMIT shown();
}

void PreviewWindow::showText(const QByteArray &bytes)
{
    inWorker([part = bytes.left(maxText)] {
        return inShortLines(mime::decodeText({}, part));
    }).then(this, [this, isCut = bytes.size() > maxText](const QString &text) {
        m_text->setPlainText(text);
        if (isCut)
            m_facts->setText(tr("Only the beginning is shown"));
        m_stack->setCurrentWidget(m_text);
        Q_EMIT shown();
    });
}

void PreviewWindow::showNotice(const QString &sentence)
{
    m_notice->setText(sentence);
    m_stack->setCurrentWidget(m_notice);
    Q_EMIT shown();
}

QString PreviewWindow::text() const
{
    return m_text->toPlainText();
}

QString PreviewWindow::factsText() const
{
    return m_facts->text();
}

QString PreviewWindow::noticeText() const
{
    return m_stack->currentWidget() == m_notice ? m_notice->text() : QString();
}

} // namespace kittiwake::ui
