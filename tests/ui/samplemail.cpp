// SPDX-License-Identifier: GPL-3.0-or-later
#include "tests/ui/samplemail.h"

#include <QBuffer>
#include <QImage>
#include <QLinearGradient>
#include <QPainter>
#include <QPainterPath>

namespace kittiwake::ui::testing
{

namespace
{

struct Line {
    const char *name;
    const char *address;
    const char *subject;
    int minutesAgo;
    const char *marks; ///< u unread, s starred, r replied, f forwarded, a attachment
    int thread = 0; ///< lines with the same number are one conversation
};

constexpr Line lines[] = {
    {"Ingrid Solberg", "ingrid.solberg@fjordline.example", "Re: Ferry timetable for the autumn", 4, "u", 1},
    {"The Coastal Review", "letters@coastalreview.example", "This week: where the seabirds go in winter", 31, "u"},
    {"Tomás Herrera", "tomas@herrera-legal.example", "Signed contract and annexes", 58, "ua"},
    {"山田 太郎", "taro.yamada@denki.example", "来週の打ち合わせについて", 96, ""},
    {"Mehmet Yılmaz", "mehmet@yilmaz.example", "Photos from Saturday", 150, "sa"},
    {"Ingrid Solberg", "ingrid.solberg@fjordline.example", "Ferry timetable for the autumn", 190, "r", 1},
    {"Build Server", "ci@builds.example", "[kittiwake] main: all 412 tests passed", 205, "u", 2},
    {"Amélie Laurent", "amelie.laurent@atelier.example", "Devis pour la rénovation de l'atelier", 247, "a"},
    {"Noor Haddad", "noor@haddad.example", "دعوة إلى معرض الخريف", 331, "u"},
    {"Build Server", "ci@builds.example", "[kittiwake] main: 2 tests failed", 395, "", 2},
    {"Jonas Weber", "jonas.weber@stadtwerke.example", "Rückfrage zu Ihrer Zählerablesung", 460, "r"},
    {"Priya Raman", "priya@raman.example", "Lunch on Thursday?", 610, ""},
    {"Rail Europe", "tickets@rail.example", "Your tickets Bergen to Oslo, 3 October", 1440 + 60, "sa"},
    {"Иван Петров", "ivan.petrov@obzor.example", "Черновик статьи: прошу посмотреть", 1440 + 240, "u"},
    {"library-announce", "announce@lists.library.example", "[library-announce] New opening hours", 1440 + 400, "", 3},
    {"Claire Dubois", "claire@dubois.example", "Re: Walking holiday in June", 2 * 1440 + 30, "r", 4},
    {"Sam Okafor", "sam.okafor@northwind.example", "Quarterly figures, second draft", 2 * 1440 + 200, "a"},
    {"Γιώργος Παππάς", "g.pappas@nisi.example", "Επιβεβαίωση κράτησης", 2 * 1440 + 500, ""},
    {"Astrid Lund", "astrid@lund.example", "Re: Walking holiday in June", 3 * 1440 + 10, "", 4},
    {"Harbour Office", "berths@harbour.example", "Berth 14: invoice for September", 3 * 1440 + 300, "af"},
    {"Wei Zhang", "wei.zhang@lantern.example", "关于展览布置的几点建议", 4 * 1440 + 90, "u"},
    {"Björn Hoffmann", "bjoern@hoffmann.example", "Größere Änderungen am Fahrplan", 5 * 1440 + 20, ""},
    {"Grace Mbeki", "grace@mbeki.example", "Notes from the reading group", 6 * 1440, "s"},
    {"Claire Dubois", "claire@dubois.example", "Walking holiday in June", 9 * 1440, "", 4},
    {"Municipal Archive", "archive@city.example", "Your request 2026-1187 has been answered", 12 * 1440, "a"},
    {"Oskar Nilsson", "oskar@nilsson.example", "Fwd: Old photographs of the pier", 15 * 1440, "fa"},
    {"Post Nord", "track@post.example", "Your parcel is on its way", 18 * 1440, ""},
    {"Lucia Ferrari", "lucia.ferrari@radici.example", "Ricetta della nonna, come promesso", 23 * 1440, "r"},
    {"Undelivered Mail", "mailer-daemon@mail.example", "Undelivered mail returned to sender", 31 * 1440, ""},
    {"Dr. Hannah Klein", "praxis@klein.example", "Terminbestätigung 14. Oktober", 40 * 1440, "s"},
};

QByteArray coastPicture(int width, int height, bool evening)
{
    QImage image(width, height, QImage::Format_RGB32);
    QPainter painter(&image);
    painter.setRenderHint(QPainter::Antialiasing);
    QLinearGradient sky(0, 0, 0, height);
    sky.setColorAt(0, evening ? QColor(0x2b3a67) : QColor(0x7db9e8));
    sky.setColorAt(0.62, evening ? QColor(0xf2a65a) : QColor(0xe4f1fb));
    painter.fillRect(image.rect(), sky);
    painter.fillRect(0, int(height * 0.62), width, height, evening ? QColor(0x1f3f5b) : QColor(0x2f7fb5));
    for (int i = 0; i < 3; ++i) {
        QPainterPath cliff;
        cliff.moveTo(width * (0.5 + 0.16 * i), height);
        cliff.cubicTo(width * (0.6 + 0.14 * i), height * (0.5 - 0.08 * i), width * (0.8 + 0.06 * i),
                      height * (0.46 - 0.06 * i), width, height * (0.4 - 0.1 * i));
        cliff.lineTo(width, height);
        painter.fillPath(cliff, QColor(0x3d4f45).lighter(evening ? 70 + 12 * i : 105 + 18 * i));
    }
    painter.setPen(QPen(Qt::white, 2.2, Qt::SolidLine, Qt::RoundCap));
    for (int i = 0; i < 4; ++i) {
        const QPointF at(width * (0.14 + 0.1 * i), height * (0.22 + 0.07 * (i % 3)));
        QPainterPath gull(at + QPointF(-12, -4));
        gull.quadTo(at + QPointF(-5, -9), at);
        gull.quadTo(at + QPointF(5, -9), at + QPointF(12, -4));
        painter.drawPath(gull);
    }
    painter.end();
    QByteArray png;
    QBuffer buffer(&png);
    buffer.open(QIODevice::WriteOnly);
    image.save(&buffer, "PNG");
    return png;
}

mime::MessageContent newsletter()
{
    mime::MessageContent content;
    content.html = QStringLiteral(R"html(<!DOCTYPE html><html class="kw-light"><head><style>
.kw-page{font:14px/1.45 system-ui,sans-serif;background:#fff}.kw-part{padding:12px}
.w{max-width:600px;margin:0 auto;font-family:Georgia,serif;color:#22303c}
.k{font:600 12px/1.6 sans-serif;letter-spacing:.08em;color:#1767b5;text-transform:uppercase}
h1{font-size:27px;line-height:1.22;margin:6px 0 10px} p{font-size:16px;line-height:1.55;margin:0 0 14px}
.b{display:inline-block;background:#1767b5;color:#fff;padding:10px 18px;border-radius:6px;font:600 14px sans-serif;
text-decoration:none} td{vertical-align:top;font:14px/1.5 sans-serif;padding:0 12px 0 0}
.f{border-top:1px solid #d9dfe5;margin-top:22px;padding-top:10px;font:12px sans-serif;color:#66727e}
</style></head><body><div class="kw-page"><div class="kw-part"><div class="w"><div class="k">The Coastal Review &middot; No. 214</div>
<h1>Where the seabirds go in winter</h1>
<img src="cid:cliff" width="600" style="max-width:100%;border-radius:6px" alt="Cliffs in the morning">
<p style="margin-top:14px">By the end of August the ledges fall silent. The kittiwakes leave the cliffs for the open
Atlantic, and for eight months nobody on land will see them. Small loggers, lighter than a coin, have begun to tell
where they are.</p>
<p><a class="b" href="https://coastalreview.example/issues/214">Read the whole story</a></p>
<table><tr><td width="50%"><b>A harbour keeps its lamp</b><br>The light at Skarvik was to go dark this autumn. Forty
letters later, it stays.</td><td><img src="cid:evening" width="250" style="border-radius:6px" alt="Evening"></td></tr>
</table><div class="f">You receive this letter because you asked for it.
<a href="https://coastalreview.example/leave">Leave the list</a></div></div></div></div></body></html>)html");
    content.plainText = QStringLiteral("The Coastal Review, No. 214\n\nWhere the seabirds go in winter\n");
    content.inlineImages = {{"cliff", "image/png", coastPicture(1200, 520, false)},
                            {"evening", "image/png", coastPicture(500, 260, true)}};
    content.blocked = {QStringLiteral("https://track.example/open.gif"), QStringLiteral("https://img.example/1.jpg"),
                       QStringLiteral("https://img.example/2.jpg")};
    return content;
}

mime::MessageContent conversationText()
{
    mime::MessageContent content;
    content.plainText = QStringLiteral(
        "Good morning,\n\n"
        "thank you for the quick answer. Then we take the earlier ferry on Friday, and you have the keys by four.\n\n"
        "> The winter timetable starts on 5 October. Until then the 15:40 is still running,\n"
        "> but it is often full on Fridays.\n"
        ">\n"
        ">> Is there a ferry on Friday afternoon that takes cars? We would rather not\n"
        ">> wait for the one at eight.\n"
        ">\n"
        "> Booking is open at https://www.fjordline.example/timetable/autumn and by telephone.\n\n"
        "Two questions remain:\n\n"
        "  1. Can the small boat stay on its trailer on the car deck?\n"
        "  2. Who do we call when we are late? I only have bookings@fjordline.example.\n\n"
        "Best wishes\n"
        "Ingrid\n\n"
        "-- \n"
        "Ingrid Solberg\n"
        "Fjordline, Bergen\n");
    return content;
}

mime::MessageContent contract()
{
    mime::MessageContent content;
    content.plainText = QStringLiteral(
        "Dear colleague,\n\nplease find enclosed the signed contract, its three annexes and the plan of the site.\n"
        "The originals are in the post.\n\nKind regards\nTomás Herrera\n");
    content.attachments = {
        {.section = "2",
         .fileName = QStringLiteral("Contract 2026-114 (signed).pdf"),
         .mimeType = "application/pdf",
         .encoding = "base64",
         .size = 1840221,
         .isMessage = false},
        {.section = "3",
         .fileName = QStringLiteral("Annexes.zip"),
         .mimeType = "application/zip",
         .encoding = "base64",
         .size = 6422013,
         .isMessage = false},
        {.section = "4",
         .fileName = QStringLiteral("Site plan.png"),
         .mimeType = "image/png",
         .encoding = "base64",
         .size = 322871,
         .isMessage = false},
        {.section = "5",
         .fileName = QStringLiteral("Hours.xlsx"),
         .mimeType = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet",
         .encoding = "base64",
         .size = 18220,
         .isMessage = false},
    };
    return content;
}

mail::MessageHeader headerOf(const Line &line, const QDateTime &now)
{
    mail::MessageHeader header;
    header.subject = QString::fromUtf8(line.subject);
    header.from = {{QString::fromUtf8(line.name), QString::fromUtf8(line.address)}};
    header.to = {{QStringLiteral("Marit Aune"), QStringLiteral("marit@aune.example")}};
    header.date = now.toSecsSinceEpoch() - std::int64_t(line.minutesAgo) * 60;
    header.internalDate = header.date;
    header.size = 4200;
    header.messageId = "<" + QByteArray::number(line.minutesAgo) + "@sample.example>";
    const QByteArray marks(line.marks);
    header.flags.set(mail::SystemFlag::Seen, !marks.contains('u'));
    header.flags.set(mail::SystemFlag::Flagged, marks.contains('s'));
    header.flags.set(mail::SystemFlag::Answered, marks.contains('r'));
    if (marks.contains('f'))
        header.flags.addKeyword("$Forwarded");
    header.hasAttachment = marks.contains('a');
    return header;
}

} // namespace

Sample fillWithSample(FakeSource &source, const QDateTime &now)
{
    using mail::MailboxRole;
    Sample sample;
    FakeStore &store = source.store();
    sample.account = source.addFakeAccount(QStringLiteral("marit@aune.example"), QStringLiteral("Marit Aune"));
    sample.inbox = store.addMailbox(sample.account, QStringLiteral("INBOX"), MailboxRole::Inbox);
    const MailboxId drafts = store.addMailbox(sample.account, QStringLiteral("Drafts"), MailboxRole::Drafts);
    const MailboxId sent = store.addMailbox(sample.account, QStringLiteral("Sent"), MailboxRole::Sent);
    sample.archive = store.addMailbox(sample.account, QStringLiteral("Archive"), MailboxRole::Archive);
    store.addMailbox(sample.account, QStringLiteral("Junk"), MailboxRole::Junk);
    store.addMailbox(sample.account, QStringLiteral("Trash"), MailboxRole::Trash);
    for (const char *name : {"Projekte/Größe", "Projekte/Atelier", "Projekte/Atelier/Entwürfe",
                             "Lists/library-announce", "Lists/seabird-watch", "Reisen", "家族"})
        store.addMailbox(sample.account, QString::fromUtf8(name));

    const std::int64_t old = now.toSecsSinceEpoch() - std::int64_t(45) * 86400;
    store.fill(sample.inbox, 1240, old, 3);
    store.fill(sent, 85, old);
    store.fill(drafts, 2, old);
    store.setUnseen(drafts, 0);
    store.setUnseen(sent, 0);
    for (const store::MailboxRow &row : store.mailboxes()) {
        if (row.name.text == QLatin1String("Lists/seabird-watch"))
            store.setUnseen(row.id, 12);
    }

    QHash<int, ThreadId> threads;
    for (auto it = std::rbegin(lines); it != std::rend(lines); ++it) {
        ThreadId thread = store.newThread();
        if (it->thread != 0) {
            if (threads.contains(it->thread))
                thread = threads.value(it->thread);
            threads.insert(it->thread, thread);
        }
        mail::MessageHeader header = headerOf(*it, now);
        const QString subject = header.subject;
        if (it->thread == 1 && it->minutesAgo == 4) {
            header.to.push_back({QStringLiteral("Sam Okafor"), QStringLiteral("sam.okafor@northwind.example")});
            header.to.push_back({QStringLiteral("Claire Dubois"), QStringLiteral("claire@dubois.example")});
            header.to.push_back({{}, QStringLiteral("bookings@fjordline.example")});
            header.cc.push_back({QStringLiteral("Astrid Lund"), QStringLiteral("astrid@lund.example")});
        }
        const MessageId id = store.add(sample.inbox, header, thread);
        mime::MessageContent text;
        text.plainText = QStringLiteral("%1\n\nMore about this when we meet.\n").arg(subject);
        source.setContent(id, text);
        if (it->thread == 1 && it->minutesAgo == 4) {
            sample.plain = sample.conversation = id;
            source.setContent(id, conversationText());
        } else if (subject.startsWith(QLatin1String("This week"))) {
            sample.newsletter = id;
            source.setContent(id, newsletter());
        } else if (subject.startsWith(QLatin1String("Signed contract"))) {
            sample.attachments = id;
            source.setContent(id, contract());
            for (const char *section : {"2", "3", "4", "5"})
                source.setPart(id, section, QByteArray("section ") + section);
        } else if (QByteArray(it->address).startsWith("noor")) {
            sample.rightToLeft = id;
            text.plainText = QString::fromUtf8("مرحبا ماريت،\n\nيسعدنا دعوتك إلى معرض الخريف يوم السبت.\n\nنور\n");
            source.setContent(id, text);
        } else if (subject.startsWith(QLatin1String("Lunch"))) {
            sample.failing = id;
            source.setContentError(id,
                                   {ErrorKind::Network,
                                    QStringLiteral("imap.example.org"),
                                    QStringLiteral("The connection to imap.example.org was lost while this "
                                                   "message was being fetched. The message is still on the server."),
                                    {}});
        }
    }
    // What the folder pane shows is what the server would say.
    std::int64_t unseen = 0;
    for (const MessageId id : store.ids(sample.inbox)) {
        const auto rows = store.rows(std::span(&id, 1));
        unseen += rows.front().header.flags.has(mail::SystemFlag::Seen) ? 0 : 1;
    }
    store.setUnseen(sample.inbox, unseen);

    engine::AccountStatus status;
    status.account = sample.account;
    status.state = engine::AccountStatus::State::UpToDate;
    status.trueAsOf = now.toMSecsSinceEpoch() - 12000;
    source.setStatus(status);
    return sample;
}

} // namespace kittiwake::ui::testing
