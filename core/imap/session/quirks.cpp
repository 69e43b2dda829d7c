// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/imap/session/quirks.h"

#include <array>

namespace kittiwake::imap
{

namespace
{

/**
 * One server and what is different about it. It matches when every condition that is not null holds; texts are found
 * anywhere, without regard to case.
 */
struct Row {
    const char *name;
    const char *textHas; ///< in the text of the greeting, or in name or vendor of the ID answer
    const char *capability; ///< offered, as in Capabilities::has
    void (*apply)(Quirks &);
};

/**
 * Dated where it was read, not where it was tried: no row was confirmed against the live service. A row goes when its
 * source says that the server was repaired.
 */
constexpr std::array rows{
    // FairEmail's providers.xml (partial="false", 2026): BODY[]<> of Exchange and Outlook.com cannot be trusted.
    // Exchange Online and Outlook.com save what comes over SMTP AUTH since 2015, and rewrite its Message-ID
    // (learn.microsoft.com, "SMTP AUTH client submission", read 2026-11); it can be switched off for a mailbox, and an
    // Exchange of one's own does not do it.
    Row{"exchange", "Microsoft Exchange", nullptr,
        [](Quirks &quirks) {
            quirks.partialFetch = false;
            quirks.savesSubmitted = true;
        }},
    // MailKit issue 1512: NAMESPACE makes Exchange 2003 drop the connection (read 2026-08).
    // https://github.com/jstedfast/MailKit/issues/1512
    Row{"exchange 2003", "Microsoft Exchange Server 2003", nullptr, [](Quirks &quirks) { quirks.noNamespace = true; }},
    // MailKit, ImapEngine.cs (2026-08): Gmail takes 16 K in one command line. FairEmail's FAQ 23 (2026-08): 15
    // connections over all devices of a person, dead ones among them, so about 7 in practice; more sign-ins throttle
    // it further. https://github.com/M66B/FairEmail/blob/master/FAQ.md#faq23
    Row{"gmail", nullptr, "X-GM-EXT-1",
        [](Quirks &quirks) {
            quirks.maxCommandLength = 16'000;
            quirks.maxConnections = 1;
            // "Gmail saves a copy of sent messages" (support.google.com/mail/answer/78892, read 2026-11): of those that
            // go through its own servers.
            quirks.savesSubmitted = true;
        }},
    // Thunderbird bug 1747311 and MailKit (2026-08): iCloud answers ENABLE QRESYNC without ENABLED and sends VANISHED
    // malformed or not at all; horde issue 17: its ESEARCH gives COUNT only, its BINARY.SIZE cannot be parsed.
    // https://bugzilla.mozilla.org/show_bug.cgi?id=1747311
    Row{"icloud", nullptr, "XAPPLEPUSHSERVICE",
        [](Quirks &quirks) {
            quirks.withoutCapabilities << "QRESYNC"
                                       << "ESEARCH"
                                       << "BINARY";
        }},
    // MailKit issue 358 (2026-08): EXPUNGE does not renumber at Yahoo and AOL; MailKit, ImapEngine.cs: commands over
    // 1,000 octets are refused. Mailspring-Sync, test/README.md (2026-09-24): COPYUID of several messages is permuted.
    // djc/imap-proto PR 198 (2026-07): no more than the newest 10,000 of a mailbox are there, for STATUS too, until
    // UIDONLY is enabled.
    // https://github.com/jstedfast/MailKit/issues/358
    Row{"yahoo", nullptr, "XYMHIGHESTMODSEQ",
        [](Quirks &quirks) {
            quirks.sequenceNumbersLie = true;
            quirks.maxCommandLength = 1'000;
            quirks.copyUidPermuted = true;
            quirks.newestOnly = 10'000;
        }},
    // mjs/imapclient issue 234 (2026-08): Yandex drops a quiet IDLE within a few minutes.
    // https://github.com/mjs/imapclient/issues/234
    Row{"yandex", "Yandex IMAP4rev1", nullptr, [](Quirks &quirks) { quirks.idleRenewMinutes = 3; }},
    // FairEmail, Core.java (2026-08): MODSEQ of Zoho is -1.
    Row{"zoho", "Zoho Mail", nullptr, [](Quirks &quirks) { quirks.withoutCapabilities << "CONDSTORE"; }},
    // Seen in Courier 5.0.13 (November 2026): SELECT tells UIDVALIDITY but no UIDNEXT.
    Row{"courier", "Courier-IMAP", nullptr, [](Quirks &quirks) { quirks.selectWithoutUidNext = true; }},
    // proton-bridge issue 674 (2026-08): LIST with SPECIAL-USE selection or return options is answered with BAD.
    Row{"proton bridge", "Proton Mail Bridge", nullptr,
        [](Quirks &quirks) {
            quirks.withoutCapabilities << "LIST-EXTENDED"
                                       << "LIST-STATUS"
                                       << "SPECIAL-USE";
        }},
    // Tried with Debian's 3.6.1 (2026-11-22): STATUS answers MAILBOXID with memory that was freed, other bytes each
    // time, line ends and brackets among them; that of SELECT and the ids of messages are right.
    Row{"cyrus 3.6", "Cyrus IMAP 3.6", nullptr, [](Quirks &quirks) { quirks.statusMailboxId = false; }},
    // cyrus-imapd issue 4787 (2026-08): the proxy of a Cyrus murder refuses VANISHED.
    // https://github.com/cyrusimap/cyrus-imapd/issues/4787
    Row{"cyrus murder", "Cyrus IMAP Murder", nullptr, [](Quirks &quirks) { quirks.withoutCapabilities << "QRESYNC"; }},
    // cyrus-imapd issue 6071 (2026-08): up to 3.8, "1:*" ends at the highest UID that is still there, and what was
    // expunged above it is not told; an end that is spelt out costs the others nothing.
    // https://github.com/cyrusimap/cyrus-imapd/issues/6071
    Row{"cyrus", "Cyrus IMAP", nullptr, [](Quirks &quirks) { quirks.vanishedNeedsLimit = true; }},
};

bool isIn(const char *wanted, const QByteArray &text)
{
    return text.toLower().contains(QByteArray(wanted).toLower());
}

} // namespace

Quirks quirksFor(const QByteArray &greeting, const IdData &id, const Capabilities &capabilities)
{
    Quirks quirks;
    for (const Row &row : rows) {
        const bool textMatches = row.textHas == nullptr || isIn(row.textHas, greeting)
            || isIn(row.textHas, id.field("name")) || isIn(row.textHas, id.field("vendor"));
        if (textMatches && (row.capability == nullptr || capabilities.has(row.capability))) {
            quirks.rows.append(row.name);
            row.apply(quirks);
        }
    }
    return quirks;
}

} // namespace kittiwake::imap
