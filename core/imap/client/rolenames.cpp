// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/imap/client/rolenames.h"

#include <QHash>

#include <algorithm>
#include <array>

namespace kittiwake::imap
{

namespace
{

using mail::MailboxRole;

struct RoleName {
    MailboxRole role;
    const char16_t *name; ///< lower case
};

/** Names that Thunderbird, Outlook, Apple Mail, Dovecot's examples and large providers give to their folders. */
constexpr std::array roleNames{
    RoleName{MailboxRole::Drafts, u"drafts"},
    RoleName{MailboxRole::Drafts, u"draft"},
    RoleName{MailboxRole::Drafts, u"entwürfe"},
    RoleName{MailboxRole::Drafts, u"brouillons"},
    RoleName{MailboxRole::Drafts, u"borradores"},
    RoleName{MailboxRole::Drafts, u"bozze"},
    RoleName{MailboxRole::Drafts, u"rascunhos"},
    RoleName{MailboxRole::Drafts, u"concepten"},
    RoleName{MailboxRole::Drafts, u"utkast"},
    RoleName{MailboxRole::Drafts, u"kladder"},
    RoleName{MailboxRole::Drafts, u"luonnokset"},
    RoleName{MailboxRole::Drafts, u"szkice"},
    RoleName{MailboxRole::Drafts, u"wersje robocze"},
    RoleName{MailboxRole::Drafts, u"koncepty"},
    RoleName{MailboxRole::Drafts, u"piszkozatok"},
    RoleName{MailboxRole::Drafts, u"черновики"},
    RoleName{MailboxRole::Drafts, u"чернетки"},
    RoleName{MailboxRole::Drafts, u"taslaklar"},
    RoleName{MailboxRole::Drafts, u"πρόχειρα"},
    RoleName{MailboxRole::Drafts, u"下書き"},
    RoleName{MailboxRole::Drafts, u"草稿"},
    RoleName{MailboxRole::Drafts, u"草稿箱"},
    RoleName{MailboxRole::Drafts, u"임시보관함"},
    RoleName{MailboxRole::Sent, u"sent"},
    RoleName{MailboxRole::Sent, u"sent items"},
    RoleName{MailboxRole::Sent, u"sent messages"},
    RoleName{MailboxRole::Sent, u"sent mail"},
    RoleName{MailboxRole::Sent, u"sent-mail"},
    RoleName{MailboxRole::Sent, u"gesendet"},
    RoleName{MailboxRole::Sent, u"gesendete elemente"},
    RoleName{MailboxRole::Sent, u"gesendete objekte"},
    RoleName{MailboxRole::Sent, u"envoyés"},
    RoleName{MailboxRole::Sent, u"messages envoyés"},
    RoleName{MailboxRole::Sent, u"éléments envoyés"},
    RoleName{MailboxRole::Sent, u"enviados"},
    RoleName{MailboxRole::Sent, u"elementos enviados"},
    RoleName{MailboxRole::Sent, u"mensajes enviados"},
    RoleName{MailboxRole::Sent, u"itens enviados"},
    RoleName{MailboxRole::Sent, u"inviati"},
    RoleName{MailboxRole::Sent, u"posta inviata"},
    RoleName{MailboxRole::Sent, u"verzonden"},
    RoleName{MailboxRole::Sent, u"verzonden items"},
    RoleName{MailboxRole::Sent, u"skickat"},
    RoleName{MailboxRole::Sent, u"sendt"},
    RoleName{MailboxRole::Sent, u"lähetetyt"},
    RoleName{MailboxRole::Sent, u"wysłane"},
    RoleName{MailboxRole::Sent, u"odeslané"},
    RoleName{MailboxRole::Sent, u"elküldött"},
    RoleName{MailboxRole::Sent, u"отправленные"},
    RoleName{MailboxRole::Sent, u"надіслані"},
    RoleName{MailboxRole::Sent, u"gönderilmiş öğeler"},
    RoleName{MailboxRole::Sent, u"απεσταλμένα"},
    RoleName{MailboxRole::Sent, u"送信済み"},
    RoleName{MailboxRole::Sent, u"送信済みメール"},
    RoleName{MailboxRole::Sent, u"已发送"},
    RoleName{MailboxRole::Sent, u"寄件備份"},
    RoleName{MailboxRole::Sent, u"보낸편지함"},
    RoleName{MailboxRole::Archive, u"archive"},
    RoleName{MailboxRole::Archive, u"archives"},
    RoleName{MailboxRole::Archive, u"archiv"},
    RoleName{MailboxRole::Archive, u"archivo"},
    RoleName{MailboxRole::Archive, u"archivio"},
    RoleName{MailboxRole::Archive, u"arquivo"},
    RoleName{MailboxRole::Archive, u"archief"},
    RoleName{MailboxRole::Archive, u"arkiv"},
    RoleName{MailboxRole::Archive, u"arkisto"},
    RoleName{MailboxRole::Archive, u"archiwum"},
    RoleName{MailboxRole::Archive, u"архив"},
    RoleName{MailboxRole::Archive, u"архів"},
    RoleName{MailboxRole::Archive, u"arşiv"},
    RoleName{MailboxRole::Archive, u"アーカイブ"},
    RoleName{MailboxRole::Archive, u"归档"},
    RoleName{MailboxRole::Archive, u"封存"},
    RoleName{MailboxRole::Junk, u"junk"},
    RoleName{MailboxRole::Junk, u"junk e-mail"},
    RoleName{MailboxRole::Junk, u"junk email"},
    RoleName{MailboxRole::Junk, u"spam"},
    RoleName{MailboxRole::Junk, u"bulk mail"},
    RoleName{MailboxRole::Junk, u"spamverdacht"},
    RoleName{MailboxRole::Junk, u"junk-e-mail"},
    RoleName{MailboxRole::Junk, u"indésirables"},
    RoleName{MailboxRole::Junk, u"courrier indésirable"},
    RoleName{MailboxRole::Junk, u"correo no deseado"},
    RoleName{MailboxRole::Junk, u"posta indesiderata"},
    RoleName{MailboxRole::Junk, u"lixo eletrônico"},
    RoleName{MailboxRole::Junk, u"ongewenste e-mail"},
    RoleName{MailboxRole::Junk, u"skräppost"},
    RoleName{MailboxRole::Junk, u"søppelpost"},
    RoleName{MailboxRole::Junk, u"uønsket mail"},
    RoleName{MailboxRole::Junk, u"roskaposti"},
    RoleName{MailboxRole::Junk, u"wiadomości-śmieci"},
    RoleName{MailboxRole::Junk, u"nevyžádaná pošta"},
    RoleName{MailboxRole::Junk, u"спам"},
    RoleName{MailboxRole::Junk, u"迷惑メール"},
    RoleName{MailboxRole::Junk, u"垃圾邮件"},
    RoleName{MailboxRole::Junk, u"垃圾郵件"},
    RoleName{MailboxRole::Junk, u"스팸편지함"},
    RoleName{MailboxRole::Trash, u"trash"},
    RoleName{MailboxRole::Trash, u"deleted"},
    RoleName{MailboxRole::Trash, u"deleted items"},
    RoleName{MailboxRole::Trash, u"deleted messages"},
    RoleName{MailboxRole::Trash, u"bin"},
    RoleName{MailboxRole::Trash, u"papierkorb"},
    RoleName{MailboxRole::Trash, u"gelöscht"},
    RoleName{MailboxRole::Trash, u"gelöschte elemente"},
    RoleName{MailboxRole::Trash, u"gelöschte objekte"},
    RoleName{MailboxRole::Trash, u"corbeille"},
    RoleName{MailboxRole::Trash, u"éléments supprimés"},
    RoleName{MailboxRole::Trash, u"papelera"},
    RoleName{MailboxRole::Trash, u"elementos eliminados"},
    RoleName{MailboxRole::Trash, u"cestino"},
    RoleName{MailboxRole::Trash, u"posta eliminata"},
    RoleName{MailboxRole::Trash, u"lixeira"},
    RoleName{MailboxRole::Trash, u"lixo"},
    RoleName{MailboxRole::Trash, u"prullenbak"},
    RoleName{MailboxRole::Trash, u"verwijderde items"},
    RoleName{MailboxRole::Trash, u"papperskorg"},
    RoleName{MailboxRole::Trash, u"papirkurv"},
    RoleName{MailboxRole::Trash, u"roskakori"},
    RoleName{MailboxRole::Trash, u"kosz"},
    RoleName{MailboxRole::Trash, u"koš"},
    RoleName{MailboxRole::Trash, u"kuka"},
    RoleName{MailboxRole::Trash, u"корзина"},
    RoleName{MailboxRole::Trash, u"удаленные"},
    RoleName{MailboxRole::Trash, u"кошик"},
    RoleName{MailboxRole::Trash, u"çöp kutusu"},
    RoleName{MailboxRole::Trash, u"silinmiş öğeler"},
    RoleName{MailboxRole::Trash, u"κάδος"},
    RoleName{MailboxRole::Trash, u"ゴミ箱"},
    RoleName{MailboxRole::Trash, u"已删除"},
    RoleName{MailboxRole::Trash, u"垃圾桶"},
    RoleName{MailboxRole::Trash, u"휴지통"},
};

QHash<QString, MailboxRole> tableOfNames()
{
    QHash<QString, MailboxRole> table;
    for (const RoleName &entry : roleNames)
        table.insert(QString::fromUtf16(entry.name), entry.role);
    return table;
}

} // namespace

MailboxRole roleOfName(const QString &leaf)
{
    static const QHash<QString, MailboxRole> table = tableOfNames();
    return table.value(leaf.normalized(QString::NormalizationForm_C).toLower(), MailboxRole::None);
}

void guessRoles(std::vector<ListedMailbox> &mailboxes)
{
    const bool told = std::any_of(mailboxes.begin(), mailboxes.end(), [](const ListedMailbox &mailbox) {
        return mailbox.role != MailboxRole::None && mailbox.role != MailboxRole::Inbox;
    });
    if (told)
        return;
    QHash<int, bool> taken;
    for (ListedMailbox &mailbox : mailboxes) {
        if (mailbox.role != MailboxRole::None || !mailbox.selectable)
            continue;
        const QString parent = mailbox.name.parent(mailbox.delimiter);
        // Courier and Cyrus keep everything under INBOX, Gmail-like servers under "[…]".
        if (!parent.isEmpty() && parent.compare(QLatin1String("INBOX"), Qt::CaseInsensitive) != 0)
            continue;
        const MailboxRole role = roleOfName(mailbox.name.leaf(mailbox.delimiter));
        if (role == MailboxRole::None || taken.contains(static_cast<int>(role)))
            continue;
        taken.insert(static_cast<int>(role), true);
        mailbox.role = role;
        mailbox.roleGuessed = true;
    }
}

} // namespace kittiwake::imap
