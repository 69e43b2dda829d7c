// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "ui/models/mailsource.h"

#include <QDialog>

class QLabel;
class QProgressBar;
class QPushButton;
class QTreeWidget;

namespace kittiwake::ui
{

/**
 * Compares one mailbox, or all of an account, with the server, says exactly what differs, and repairs it when asked.
 * Not modal: reading goes on meanwhile. Closing it abandons the comparison. Deletes itself.
 */
class VerifyDialog final : public QDialog
{
    Q_OBJECT

public:
    /** what: the folder or the account, as people call it. Starts at once. */
    VerifyDialog(MailSource &source, const engine::VerifyRequest &request, const QString &what,
                 QWidget *parent = nullptr);
    ~VerifyDialog() override;

    void done(int result) override;

private:
    void start(bool repair);
    void take(const Result<engine::VerifyReport> &report);
    void setProgress(std::int64_t done, std::int64_t total, const QString &mailbox);

    MailSource &m_source;
    engine::VerifyRequest m_request;
    QFuture<Result<engine::VerifyReport>> m_running;
    QLabel *m_text;
    QProgressBar *m_progress;
    QTreeWidget *m_differences;
    QPushButton *m_repair;
    QPushButton *m_close;
};

} // namespace kittiwake::ui
