// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "tests/sim/model/mailmodel.h"
#include "tests/sim/wire/seededrandom.h"

#include <QByteArray>
#include <QString>

#include <memory>
#include <unordered_map>
#include <vector>

namespace kittiwake::sim
{

/** What a header must look like once it was decoded, known since it was made. */
struct ExpectedHeader {
    QString subject;
    QString fromName;
    QString fromAddress;
    QByteArray messageId;
    bool hasAttachment = false;
};

/** Writes the mail of a history. */
class MailWriter
{
public:
    [[nodiscard]] std::shared_ptr<const model::Content> write(std::uint64_t seed);
    /** Of a message that this writer wrote; null otherwise. */
    [[nodiscard]] const ExpectedHeader *expected(const model::Content &content) const;

    /** A message of the person's own. */
    struct Letter {
        std::shared_ptr<const model::Content> content; ///< as the copy in Sent has it
        std::string sent; ///< what recipients are to get: without Bcc
        std::vector<std::string> recipients; ///< of To, Cc and Bcc
        QByteArray written; ///< as the person gives it to the program: with Bcc
    };
    [[nodiscard]] Letter writeLetter(std::uint64_t seed);

    /** By Message-ID; null where it is none of this writer's. */
    [[nodiscard]] std::shared_ptr<const model::Content> find(const std::string &messageId) const;

private:
    std::vector<std::string> m_ids;
    std::unordered_map<std::string, std::shared_ptr<const model::Content>> m_byId;
    std::unordered_map<const model::Content *, ExpectedHeader> m_expected;
};

} // namespace kittiwake::sim
