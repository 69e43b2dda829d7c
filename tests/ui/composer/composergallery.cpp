// SPDX-License-Identifier: GPL-3.0-or-later
#include "tests/ui/composer/composergallery.h"

#include "core/spell/platform.h"
#include "tests/ui/composer/fakecomposer.h"
#include "ui/composer/addresstext.h"
#include "ui/composer/composertext.h"
#include "ui/composer/composerwindow.h"
#include "ui/composer/draftkeeper.h"
#include "ui/composer/outgoingbar.h"
#include "ui/composer/quotestrip.h"
#include "ui/composer/recipientfield.h"
#include "ui/composer/recipientrows.h"
#include "ui/composer/redirectwindow.h"
#include "ui/composer/richeditor.h"
#include "ui/settings/identitiesdialog.h"
#include "ui/spell/spelling.h"

#include <QApplication>
#include <QBuffer>
#include <QLineEdit>
#include <QPainter>
#include <QTest>
#include <QTextBlock>

namespace kittiwake::ui::testing
{

namespace
{

mime::OutgoingFile fileOf(const char *name, const char *type, qsizetype size)
{
    mime::OutgoingFile file;
    file.name = QString::fromUtf8(name);
    file.type = type;
    file.content = QByteArray(size, 'x');
    return file;
}

mime::OutgoingFile sketch()
{
    QImage picture(420, 180, QImage::Format_RGB32);
    QPainter painter(&picture);
    QLinearGradient sky(0, 0, 0, 180);
    sky.setColorAt(0, QColor(0xbcd9ee));
    sky.setColorAt(1, QColor(0x5f9dc6));
    painter.fillRect(picture.rect(), sky);
    painter.setRenderHint(QPainter::Antialiasing);
    painter.setBrush(QColor(0x44584c));
    painter.setPen(Qt::NoPen);
    painter.drawEllipse(QPoint(320, 200), 200, 90);
    painter.end();
    mime::OutgoingFile file;
    file.name = QStringLiteral("Picture.png");
    file.type = "image/png";
    file.contentId = "sketch@kittiwake.invalid";
    QByteArray bytes;
    QBuffer buffer(&bytes);
    buffer.open(QIODevice::WriteOnly);
    picture.save(&buffer, "PNG");
    file.content = bytes;
    return file;
}

Writing plainReply()
{
    Writing writing;
    writing.composition.to = {{QStringLiteral("Ingrid Solberg"), QStringLiteral("ingrid@fjordline.example")}};
    writing.composition.cc = {{QStringLiteral("Tomás Herrera"), QStringLiteral("tomas@herrera-legal.example")},
                              {{}, QStringLiteral("harbour-walks@lists.example.org")}};
    writing.composition.subject = QStringLiteral("Re: Ferry timetable for the harbour walk");
    writing.composition.text = QString::fromUtf8(
        "Hello Ingrid,\n\nthank you, the 14:20 ferry suits all of us. I have put the rest below.\n\n"
        "Ingrid Solberg <ingrid@fjordline.example> wrote on Thursday, 24 September 2026 at 11:40:\n"
        "> The ferries on Thursday leave at 12:05, 14:20 and 17:45.\n>\n> > Could we take bicycles along?\n>\n"
        "> Yes, up to twenty, if you tell us by Tuesday.\n\nWe will be eleven, with eight bicycles.\n\n"
        "> Lunch on board has to be ordered as well.\n\n-- \nMarit Aune\nHarbour walks since 2011\n");
    return writing;
}

Writing richLetter()
{
    Writing writing;
    writing.context.isRich = true;
    writing.composition.to = {{QStringLiteral("Claire Dubois"), QStringLiteral("claire@dubois.example")},
                              {QStringLiteral("Sam Okafor"), QStringLiteral("sam@northwind.example")},
                              {QStringLiteral("not an address"), QStringLiteral("sam at northwind")}};
    writing.composition.subject = QStringLiteral("Plan for Thursday");
    writing.composition.html = QString::fromUtf8(
        "<div>Dear Claire, dear Sam,</div><div><br></div><div>here is the <b>plan for Thursday</b>, "
        "as <i>promised</i>:</div><ul><li>12:05 ferry from pier 4</li><li>13:00 lunch, see "
        "<a href=\"https://example.org/menu\">the menu</a></li><li>14:20 walk along the harbour</li></ul>"
        "<blockquote type=\"cite\"><div>Will there be time for the museum?</div></blockquote>"
        "<div>There will, <span style=\"color:#2b7d3b\">and it is free in September</span>.</div><div><br></div>"
        "<div><img src=\"cid:sketch@kittiwake.invalid\" width=\"420\"></div>");
    writing.composition.attachments = {fileOf("Plan of the walk.pdf", "application/pdf", 482130),
                                       fileOf("Harbour in the morning.jpg", "image/jpeg", 3482130), sketch()};
    writing.quote.html = QStringLiteral(
        "<div>Claire Dubois wrote:</div><blockquote type=\"cite\" style=\"margin:0 0 0 4px;padding-left:12px;"
        "border-left:2px solid #b9bec7\"><h2 style=\"color:#a03060\">Thursday!</h2><table><tr><td style=\""
        "background:#f3e6ec;padding:12px\">When do we start?</td></tr></table></blockquote>");
    writing.quote.text = QStringLiteral("Claire Dubois wrote:\n> When do we start?");
    writing.quote.about = QStringLiteral("Claire Dubois");
    return writing;
}

/** In English and German, with a word that neither has here and there. */
Writing misspelt()
{
    Writing writing = plainReply();
    writing.composition.text = QString::fromUtf8(
        "Hello Ingrid,\n\nthank you for the timetabel. The 14:20 ferry suits all of us, as I wrote to "
        "tomas@herrera-legal.example yesterday (see https://fjordline.example/timetabel).\n\n"
        "Für die Rückfart nehmen wir das Schiff um 17:45 Uhr, das der Hafenmeister empfielt.\n\n"
        "Run `git comit --al` before you leeve.\n\n"
        "Ingrid Solberg wrote on Thursday, 24 September 2026 at 11:40:\n"
        "> The ferrys on Thursday leave at 12:05, 14:20 and 17:45.\n\nWe will be elevven.\n\n"
        "-- \nMarit Aune\nHarbour walks since 2011\n");
    return writing;
}

Writing arabicLetter()
{
    Writing writing;
    writing.context.isRich = true;
    writing.composition.to = {{QString::fromUtf8("ليلى حداد"), QStringLiteral("layla@haddad.example")},
                              {QString::fromUtf8("مكتبة الميناء"), QStringLiteral("library@harbour.example")}};
    writing.composition.cc = {{{}, QStringLiteral("harbour-walks@lists.example.org")}};
    writing.composition.subject = QString::fromUtf8("خطة يوم الخميس");
    writing.composition.html = QString::fromUtf8(
        "<div dir=\"rtl\">عزيزتي ليلى،</div><div><br></div><div dir=\"rtl\">هذه <b>خطة يوم الخميس</b> كما وعدتك:</div>"
        "<ul dir=\"rtl\"><li>العبّارة 12:05 من الرصيف 4</li><li>الغداء الساعة 13:00</li></ul>"
        "<blockquote type=\"cite\"><div dir=\"rtl\">هل يبقى وقت للمتحف؟</div></blockquote>"
        "<div dir=\"rtl\">نعم، والدخول مجاني في سبتمبر (Museum of the Sea).</div>");
    writing.composition.attachments = {fileOf("خطة الرحلة.pdf", "application/pdf", 482130)};
    return writing;
}

void showRedirect(FakeComposer &backend, WindowSettings &settings, int width)
{
    Writing writing;
    writing.composition.to = {{QStringLiteral("Tomás Herrera"), QStringLiteral("tomas@herrera-legal.example")}};
    writing.composition.subject = QStringLiteral("Ferry timetable for the harbour walk");
    writing.composition.attachments = {mime::ForwardedMessage{{}, "From: x\r\n\r\n"}};
    auto *window = new RedirectWindow(
        backend, settings, writing,
        shownAddress({QStringLiteral("Ingrid Solberg"), QStringLiteral("ingrid@fjordline.example")}));
    window->setGeometry(20, 20, qMin(width, 620), 260);
    window->show();
}

void showIdentities(FakeComposer &backend)
{
    accounts::Identity own;
    own.key = QStringLiteral("own");
    own.name = QStringLiteral("Marit Aune");
    own.address = QStringLiteral("marit@aune.example");
    own.signatureText = QStringLiteral("Marit Aune\nHarbour walks since 2011");
    accounts::Identity walks = own;
    walks.key = QStringLiteral("walks");
    walks.name = QStringLiteral("Harbour walks");
    walks.address = QStringLiteral("walks@aune.example");
    backend.setIdentities(AccountId(1), {own, walks});
    auto *dialog = new IdentitiesDialog(backend, AccountId(1), own.address);
    dialog->move(40, 40);
    dialog->show();
}

} // namespace

void showComposer(const QString &state, WindowSettings &settings, int width, int height)
{
    auto *backend = new FakeComposer(qApp);
    backend->addIdentity(AccountId(1), QStringLiteral("Marit Aune"), QStringLiteral("marit@aune.example"), 26214400);
    backend->addIdentity(AccountId(1), QStringLiteral("Harbour walks"), QStringLiteral("walks@aune.example"), 26214400);
    backend->setPeople({{QStringLiteral("Ingrid Solberg"), QStringLiteral("ingrid@fjordline.example")},
                        {QStringLiteral("Inga Berg"), QStringLiteral("inga.berg@example.org")},
                        {QStringLiteral("Ines Carvalho"), QStringLiteral("ines@carvalho.example")}});
    Writing writing;
    if (state == QLatin1String("composer-plain") || state == QLatin1String("composer-versions")
        || state == QLatin1String("composer-template"))
        writing = plainReply();
    else if (state == QLatin1String("composer-rich"))
        writing = richLetter();
    else if (state == QLatin1String("composer-question"))
        writing = plainReply();
    else if (state == QLatin1String("composer-spelling"))
        writing = misspelt();
    else if (state == QLatin1String("composer-arabic"))
        writing = arabicLetter();
    if (state == QLatin1String("composer-redirect")) {
        showRedirect(*backend, settings, width);
        return;
    }
    if (state == QLatin1String("composer-identities")) {
        showIdentities(*backend);
        return;
    }
    if (state == QLatin1String("composer-template"))
        writing.context.kind = engine::DraftContext::Kind::Template;
    auto *window = new ComposerWindow(*backend, settings, writing);
    if (state == QLatin1String("composer-spelling")) {
        settings.setSpellLanguages(AccountId(1), {QStringLiteral("en_US"), QStringLiteral("de_DE")});
        window->setSpelling(*new Spelling(*backend, spell::dictionaryFolders(), window));
    }
    window->setGeometry(20, 20, width, height);
    window->show();
    window->activateWindow();
    window->focusFirst();
    if (state == QLatin1String("composer-question")) {
        window->subjectEdit()->clear();
        window->send();
    } else if (state == QLatin1String("composer-complete")) {
        QTest::keyClicks(window->recipients().field(RecipientRows::Row::To).lineEdit(), QStringLiteral("in"));
    } else if (state == QLatin1String("composer-rich")) {
        window->text().quote().setShown(height > 800);
    }
    if (state == QLatin1String("composer-versions")) {
        engine::DraftState now;
        now.id = window->draft();
        now.place = engine::DraftState::Place::Server;
        now.savedAt = QDateTime(QDate::currentDate(), QTime(14, 3)).toMSecsSinceEpoch();
        now.isConflict = true;
        now.otherMailbox = MailboxId(1);
        now.otherUid = Uid(2);
        backend->tell(now);
        return;
    }
    if (state != QLatin1String("composer-new") && state != QLatin1String("composer-complete"))
        backend->confirm(window->draft(), QDateTime(QDate::currentDate(), QTime(14, 3)));
}

} // namespace kittiwake::ui::testing
