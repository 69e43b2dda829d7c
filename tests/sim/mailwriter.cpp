// SPDX-License-Identifier: GPL-3.0-or-later
#include "tests/sim/mailwriter.h"

#include <array>

namespace kittiwake::sim
{

namespace
{

struct Text {
    const char *wire;
    const char16_t *decoded;
};

constexpr std::array subjects{
    Text{"Minutes", u"Minutes"},
    Text{"Re: Minutes", u"Re: Minutes"},
    Text{"=?utf-8?q?Gr=C3=B6=C3=9Fe?= of \"things\"", u"Größe of \"things\""},
    Text{"=?utf-8?b?44GT44KT44Gr44Gh44Gv?=", u"こんにちは"},
    Text{"a \\ b", u"a \\ b"},
    Text{"Invoice {5}", u"Invoice {5}"},
};

struct Person {
    const char *wire;
    const char16_t *name;
    const char16_t *address;
};

constexpr std::array people{
    Person{"Ann Lee <ann@example.org>", u"Ann Lee", u"ann@example.org"},
    Person{"bob@example.net", u"", u"bob@example.net"},
    Person{"=?utf-8?q?J=C3=B6rg?= <joerg@example.com>", u"Jörg", u"joerg@example.com"},
    Person{"\"Lee, Ann\" <lee@example.org>", u"Lee, Ann", u"lee@example.org"},
};

} // namespace

std::shared_ptr<const model::Content> MailWriter::write(std::uint64_t seed)
{
    SeededRandom random(seed);
    const Text &subject = subjects.at(random.below(subjects.size()));
    const Person &from = people.at(random.below(people.size()));
    const std::string number = std::to_string(m_ids.size() + 1);
    const std::string id = "<m" + number + "@sim.example>";
    auto content = std::make_shared<model::Content>();
    std::string &header = content->header;
    header = "Date: Thu, 1 Oct 2026 09:" + std::to_string(random.between(10, 59)) + ":00 +0000\r\n";
    header += std::string("From: ") + from.wire + "\r\nTo: me@example.org\r\n";
    header += std::string("Subject: ") + subject.wire + ' ' + number + "\r\n";
    header += "Message-ID: " + id + "\r\n";
    if (!m_ids.empty() && random.oneIn(3)) {
        const std::string &answered = m_ids[random.below(m_ids.size())];
        header += "In-Reply-To: " + answered + "\r\n";
        header += "References: " + m_ids[random.below(m_ids.size())] + "\r\n " + answered + "\r\n";
    }
    header += "MIME-Version: 1.0\r\n";
    const bool attaches = random.oneIn(5);
    const std::string text = "Text of message " + number + ".\r\n";
    if (attaches) {
        header += "Content-Type: multipart/mixed; boundary=\"=-sim\"\r\n";
        content->body = "--=-sim\r\nContent-Type: text/plain; charset=utf-8\r\n\r\n" + text
            + "\r\n--=-sim\r\nContent-Type: application/pdf\r\nContent-Disposition: attachment; filename=\"a.pdf\"\r\n"
              "Content-Transfer-Encoding: base64\r\n\r\nJVBERg==\r\n--=-sim--\r\n";
    } else {
        header += "Content-Type: text/plain; charset=utf-8\r\n";
        content->body = text;
    }
    header += "\r\n";
    content->internalDate = 1'790'000'000 + static_cast<std::int64_t>(random.below(1'000'000));
    m_ids.push_back(id);
    m_byId.emplace(id, content);
    ExpectedHeader expected;
    expected.subject = QString::fromUtf16(subject.decoded) + QLatin1Char(' ') + QString::fromStdString(number);
    expected.fromName = QString::fromUtf16(from.name);
    expected.fromAddress = QString::fromUtf16(from.address);
    expected.messageId = QByteArray::fromStdString(id);
    expected.hasAttachment = attaches;
    m_expected.emplace(content.get(), expected);
    return content;
}

MailWriter::Letter MailWriter::writeLetter(std::uint64_t seed)
{
    static constexpr std::array readers{"ann@example.org", "bob@example.net", "joerg@example.com", "lee@example.org"};
    SeededRandom random(seed);
    const std::string number = std::to_string(m_ids.size() + 1);
    const std::string id = "<m" + number + "@sim.example>";
    Letter letter;
    std::array<std::string, 3> lists; // To, Cc, Bcc
    const std::size_t first = random.below(readers.size());
    for (std::size_t i = 0, count = random.between(1, 3); i < count; ++i) {
        const std::string reader = readers.at((first + i) % readers.size());
        std::string &list = lists.at(i == 0 ? 0 : random.below(lists.size()));
        list += (list.empty() ? "" : ", ") + reader;
        letter.recipients.push_back(reader);
    }
    auto content = std::make_shared<model::Content>();
    const bool hasEightBits = random.oneIn(4);
    std::string &header = content->header;
    header = "Date: Thu, 1 Oct 2026 09:00:00 +0000\r\nFrom: Me <me@example.org>\r\nTo: " + lists[0] + "\r\n";
    if (!lists[1].empty())
        header += "Cc: " + lists[1] + "\r\n";
    const std::string blind = lists[2].empty() ? std::string() : "Bcc: " + lists[2] + "\r\n";
    std::string rest = "Subject: Letter " + number + "\r\nMessage-ID: " + id + "\r\nMIME-Version: 1.0\r\n"
        + "Content-Type: text/plain; charset=utf-8\r\n";
    if (hasEightBits)
        rest += "Content-Transfer-Encoding: 8bit\r\n";
    rest += "\r\n";
    content->body = ".\r\n..A line, and one with a dot before it.\r\n.\r\n" + number
        + (hasEightBits ? " Gr\xC3\xBC\xC3\x9F"
                          "e\r\n"
                        : " regards\r\n");
    for (std::uint64_t lines = random.oneIn(6) ? random.between(1, 200) : 0; lines > 0; --lines)
        content->body += "One more line of a long letter.\r\n";
    letter.written = QByteArray::fromStdString(header + blind + rest + content->body);
    letter.sent = header + rest + content->body;
    // Who was written to unseen stands before everything else in the copy that the person keeps.
    header = blind + header + rest;
    content->internalDate = 1'790'000'000 + static_cast<std::int64_t>(random.below(1'000'000));
    m_ids.push_back(id);
    m_byId.emplace(id, content);
    m_expected.emplace(content.get(),
                       ExpectedHeader{QStringLiteral("Letter ") + QString::fromStdString(number), QStringLiteral("Me"),
                                      QStringLiteral("me@example.org"), QByteArray::fromStdString(id), false});
    letter.content = std::move(content);
    return letter;
}

const ExpectedHeader *MailWriter::expected(const model::Content &content) const
{
    const auto found = m_expected.find(&content);
    return found == m_expected.end() ? nullptr : &found->second;
}

std::shared_ptr<const model::Content> MailWriter::find(const std::string &messageId) const
{
    const auto found = m_byId.find(messageId);
    return found == m_byId.end() ? nullptr : found->second;
}

} // namespace kittiwake::sim
