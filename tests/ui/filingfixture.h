// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "tests/ui/samplemail.h"
#include "tests/ui/uitest.h"
#include "ui/mainwindow/mainwindow.h"
#include "ui/messagelist/messagelistpane.h"
#include "ui/reader/readerpane.h"
#include "ui/widgets/banner.h"

#include <QAction>

#include <memory>

namespace kittiwake::ui::testing
{

/** The window on a sample mailbox with Trash and Junk, its Inbox open and without conversations. */
struct FilingFixture {
    const QDateTime now{QDate(2026, 9, 24), QTime(14, 3)};
    FakeSource source;
    Sample sample;
    AccountId account;
    MailboxId trash;
    MailboxId junk;
    std::unique_ptr<MainWindow> window;

    FilingFixture()
    {
        sample = fillWithSample(source, now);
        account = source.accounts().front().id;
        trash = source.store().addMailbox(account, QStringLiteral("Bin"), mail::MailboxRole::Trash);
        junk = source.store().addMailbox(account, QStringLiteral("Spam"), mail::MailboxRole::Junk);
        for (const MailboxId mailbox : {trash, junk})
            source.store().fill(mailbox, 3, now.toSecsSinceEpoch());
        window = std::make_unique<MainWindow>(source, QString());
        window->setNow([this] { return now; });
        window->resize(1280, 800);
        window->show();
        window->activateWindow();
        [this] { QTRY_VERIFY(window->messageModel().isComplete() && window->messageModel().rowCount() > 3); }();
        window->messageModel().setThreaded(false);
        [this] { QTRY_VERIFY(window->messageModel().isComplete() && window->messageModel().rowCount() > 3); }();
    }
    [[nodiscard]] MessageId at(int row) const { return window->messageModel().listRow(row).id; }
    void choose(int row)
    {
        const MessageId message = at(row);
        window->openMessage(message);
        QTRY_COMPARE(window->reader().message(), message);
        QTRY_VERIFY(window->actions().remove->isEnabled());
    }
    void open(MailboxId mailbox)
    {
        window->openMailbox(mailbox);
        QTRY_COMPARE(window->messageModel().mailbox(), mailbox);
        QTRY_COMPARE(window->messageModel().rowCount(), 3);
    }
    [[nodiscard]] Banner *banner() const { return window->findChild<Banner *>(QStringLiteral("actionBanner")); }
    [[nodiscard]] const engine::MoveRequest &last() const { return source.moveRequests().back(); }
};

} // namespace kittiwake::ui::testing
