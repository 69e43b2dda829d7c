// SPDX-License-Identifier: GPL-3.0-or-later
// What Composers does with messages that are there already: redirects, templates, other versions of a draft.
#include "ui/composer/addresstext.h"
#include "ui/composer/composers.h"
#include "ui/widgets/inworker.h"
#include "ui/widgets/safetext.h"

#include <QGuiApplication>
#include <QMenu>
#include <QScreen>

namespace kittiwake::ui
{

namespace
{

constexpr qsizetype longestTitle = 80;

/** Beside window, as far as the screen has room. */
void placeBeside(QWidget &window, const QWidget &first)
{
    const QScreen *screen = first.screen();
    if (screen == nullptr)
        return;
    const QRect room = screen->availableGeometry();
    QRect place = first.frameGeometry();
    const int right = room.right() - place.right();
    const int left = place.left() - room.left();
    place.moveLeft(right >= left ? qMin(place.right() + 1, room.right() - place.width())
                                 : qMax(room.left(), place.left() - place.width()));
    window.move(place.topLeft());
}

} // namespace

std::vector<RedirectWindow *> Composers::redirects() const
{
    return alive(m_redirects);
}

RedirectWindow *Composers::openRedirect(const Writing &writing, const QString &about)
{
    std::erase_if(m_redirects, [](const QPointer<RedirectWindow> &window) { return window.isNull(); });
    auto *window = new RedirectWindow(m_backend, m_settings, writing, about);
    m_redirects.emplace_back(window);
    connect(window, &RedirectWindow::sent, this, &Composers::sent);
    window->show();
    window->activateWindow();
    return window;
}

/** Who gets it can be written while it is fetched. */
void Composers::redirect(MailSource &source, const ReadMessage &message)
{
    const mail::MessageHeader &header = message.row.header;
    Writing writing;
    writing.context.kind = engine::DraftContext::Kind::Redirect;
    writing.context.account = message.account;
    writing.context.origins
        = {{engine::DraftOrigin::How::Forwards, message.account, message.mailbox, header.messageId}};
    writing.composition.subject = header.subject;
    RedirectWindow *window = openRedirect(writing, header.from.empty() ? QString() : shownAddress(header.from.front()));
    source.fetchRaw(message.row.id, false).then(window, [window](const Result<QByteArray> &raw) {
        if (raw)
            window->setOriginal(*raw);
        else
            window->showTrouble(raw.error().userText);
    });
}

void Composers::writeFromTemplate(MessageId message)
{
    m_backend.editAsNew(message).then(this, [this](const Result<engine::OpenedDraft> &opened) { take(opened); });
}

void Composers::showTemplates(QWidget *window, const QPoint &at)
{
    m_backend.templates().then(window, [this, window, at](const Result<std::vector<TemplateInfo>> &templates) {
        if (!templates) {
            Q_EMIT failed(templates.error().userText);
            return;
        }
        auto *menu = new QMenu(window);
        menu->setObjectName(QStringLiteral("templatesMenu"));
        menu->setAttribute(Qt::WA_DeleteOnClose);
        for (const TemplateInfo &one : *templates) {
            const QString subject
                = one.subject.trimmed().isEmpty() ? tr("Without subject") : isolated(one.subject, longestTitle);
            menu->addAction(QString(subject).replace(u'&', QLatin1String("&&")), this,
                            [this, message = one.message] { writeFromTemplate(message); });
        }
        if (templates->empty())
            menu->addAction(tr("There are no templates yet: a message's menu keeps it as one"))->setEnabled(false);
        menu->popup(at);
        menu->setActiveAction(menu->actions().front());
    });
}

void Composers::openOther(ComposerWindow *window, MailboxId mailbox, Uid uid)
{
    m_backend.openVersion(mailbox, uid).then(window, [this, window](const Result<engine::OpenedDraft> &opened) {
        if (!opened) {
            window->showTrouble(opened.error().userText);
            return;
        }
        inWorker([draft = *opened] { return writingOf(draft); }).then(window, [this, window](const Writing &writing) {
            ComposerWindow *other = open(writing);
            if (other == window)
                return;
            placeBeside(*other, *window);
            other->setRival(window);
            window->setRival(other);
        });
    });
}

} // namespace kittiwake::ui
