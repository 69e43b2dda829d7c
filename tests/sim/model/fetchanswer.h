// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "tests/sim/model/imapcommand.h"
#include "tests/sim/model/mailmodel.h"

#include <optional>
#include <string>
#include <vector>

namespace kittiwake::sim::model
{

/** What a FETCH asked for. */
struct FetchWishes {
    std::vector<std::string> items; ///< upper case, as asked: "FLAGS", "BODY.PEEK[HEADER]<0.10>"
    bool setsSeen = false; ///< BODY[…] without PEEK

    [[nodiscard]] bool has(const std::string &item) const;
};

/** Nothing for items that the model does not know. */
[[nodiscard]] std::optional<FetchWishes> parseFetchItems(const Argument &argument);
/** "FLAGS (\\Seen) UID 4": what stands between the parentheses. */
[[nodiscard]] std::string fetchAnswer(const Message &message, const FetchWishes &wishes);
[[nodiscard]] std::string formatFlags(const std::set<std::string> &flags);
/** "17-Jul-2026 02:44:25 +0000" with quotes. */
[[nodiscard]] std::string formatInternalDate(std::int64_t secondsSince1970);
/** The other way round; nothing for what is no date-time. */
[[nodiscard]] std::optional<std::int64_t> parseInternalDate(const std::string &text);
[[nodiscard]] std::string envelopeOf(const Content &content);
[[nodiscard]] std::string bodyStructureOf(const Content &content);

} // namespace kittiwake::sim::model
