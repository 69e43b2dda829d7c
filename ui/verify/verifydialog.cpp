// SPDX-License-Identifier: GPL-3.0-or-later
#include "ui/verify/verifydialog.h"

#include "ui/models/abandon.h"
#include "ui/verify/verifytext.h"
#include "ui/widgets/safetext.h"
#include "ui/widgets/theme.h"

#include <QHBoxLayout>
#include <QLabel>
#include <QPointer>
#include <QProgressBar>
#include <QPushButton>
#include <QTreeWidget>
#include <QVBoxLayout>

namespace kittiwake::ui
{

namespace
{

QTreeWidgetItem *itemOf(const VerifyLine &line)
{
    auto *item = new QTreeWidgetItem({line.text});
    item->setToolTip(0, line.text.toHtmlEscaped());
    for (const VerifyLine &detail : line.details)
        item->addChild(itemOf(detail));
    return item;
}

} // namespace

VerifyDialog::VerifyDialog(MailSource &source, const engine::VerifyRequest &request, const QString &what,
                           QWidget *parent)
    : QDialog(parent), m_source(source), m_request(request), m_text(new QLabel(this)),
      m_progress(new QProgressBar(this)), m_differences(new QTreeWidget(this)),
      m_repair(new QPushButton(tr("Repair"), this)), m_close(new QPushButton(tr("Close"), this))
{
    setObjectName(QStringLiteral("verifyDialog"));
    setAttribute(Qt::WA_DeleteOnClose);
    setWindowTitle(tr("Verify “%1”").arg(isolated(what, 100)));
    auto *title = new QLabel(windowTitle(), this);
    title->setTextFormat(Qt::PlainText);
    title->setFont(theme::scaled(font(), 1.3, QFont::DemiBold));
    m_text->setObjectName(QStringLiteral("verifyText"));
    m_text->setTextFormat(Qt::PlainText);
    m_text->setWordWrap(true);
    m_progress->setTextVisible(false);
    m_progress->setFixedHeight(8);
    m_progress->setAccessibleName(tr("Progress of the comparison"));
    m_differences->setObjectName(QStringLiteral("verifyDifferences"));
    m_differences->setAccessibleName(tr("What differs"));
    m_differences->setHeaderHidden(true);
    m_differences->setUniformRowHeights(true);
    m_differences->setVisible(false);
    m_repair->setObjectName(QStringLiteral("verifyRepair"));
    m_repair->setToolTip(tr("Makes this computer's copy as it is on the server. Nothing on the server is changed."));
    m_close->setObjectName(QStringLiteral("verifyClose"));

    auto *buttons = new QHBoxLayout;
    buttons->addStretch(1);
    buttons->addWidget(m_close);
    buttons->addWidget(m_repair);
    auto *layout = new QVBoxLayout(this);
    layout->setContentsMargins(28, 24, 28, 24);
    layout->setSpacing(12);
    layout->addWidget(title);
    layout->addWidget(m_text);
    layout->addWidget(m_progress);
    layout->addWidget(m_differences, 1);
    layout->addStretch(0);
    layout->addLayout(buttons);
    resize(qMax(560, fontMetrics().averageCharWidth() * 80), 220);

    connect(m_close, &QPushButton::clicked, this, &QDialog::reject);
    connect(m_repair, &QPushButton::clicked, this, [this] { start(true); });
    start(false);
}

VerifyDialog::~VerifyDialog()
{
    abandon(m_running);
}

void VerifyDialog::start(bool repair)
{
    m_request.repair = repair;
    // Called in the engine thread; the source outlives this dialog, which may be gone when it is told.
    m_request.progress = [source = &m_source, self = QPointer<VerifyDialog>(this)](
                             std::int64_t done, std::int64_t total, const QString &mailbox) {
        QMetaObject::invokeMethod(source, [self, done, total, mailbox] {
            if (self)
                self->setProgress(done, total, mailbox);
        });
    };
    m_repair->setEnabled(false);
    m_repair->setVisible(repair);
    m_progress->setRange(0, 0);
    m_progress->setVisible(true);
    m_text->setText(repair ? tr("Repairing…") : tr("Comparing with the server…"));
    m_running = m_source.verify(m_request);
    m_running.then(this, [this](const Result<engine::VerifyReport> &report) { take(report); });
}

void VerifyDialog::setProgress(std::int64_t done, std::int64_t total, const QString &mailbox)
{
    if (m_running.isFinished() || total <= 0)
        return;
    m_progress->setRange(0, 1000);
    m_progress->setValue(static_cast<int>(std::min<std::int64_t>(done * 1000 / total, 1000)));
    m_text->setText(
        tr("Comparing %1: %2 of %3 messages")
            .arg(isolated(mailbox, 80), locale().toString(qlonglong(done)), locale().toString(qlonglong(total))));
}

void VerifyDialog::take(const Result<engine::VerifyReport> &report)
{
    m_progress->setVisible(false);
    m_differences->clear();
    if (!report) {
        m_text->setText(report.error().userText);
        m_differences->setVisible(false);
        m_repair->setVisible(false);
        return;
    }
    m_text->setText(verifySummary(*report));
    const std::vector<VerifyLine> lines = verifyLines(*report);
    for (const VerifyLine &line : lines) {
        m_differences->addTopLevelItem(itemOf(line));
        m_differences->topLevelItem(m_differences->topLevelItemCount() - 1)->setExpanded(true);
    }
    m_differences->setVisible(!lines.empty());
    if (!lines.empty())
        resize(width(), qMax(height(), 420));
    const bool mendable = !isInOrder(*report);
    m_repair->setVisible(mendable);
    m_repair->setEnabled(mendable);
    (mendable ? m_repair : m_close)->setFocus();
}

void VerifyDialog::done(int result)
{
    abandon(m_running);
    QDialog::done(result);
}

} // namespace kittiwake::ui
