// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "core/engine/engine.h"

#include <QString>

#include <vector>

namespace kittiwake::ui
{

/** A line of what comparing has shown, and what it consists of. */
struct VerifyLine {
    QString text; ///< plain
    std::vector<VerifyLine> details;
};

/** Whether every mailbox is as on the server, or is since the repair. */
[[nodiscard]] bool isInOrder(const engine::VerifyReport &report);
/** The whole report in a sentence or two: how much was compared, and whether all is as on the server. */
[[nodiscard]] QString verifySummary(const engine::VerifyReport &report);
/** One line for each mailbox that is not in order, with what differs below it; empty where all is. */
[[nodiscard]] std::vector<VerifyLine> verifyLines(const engine::VerifyReport &report);

} // namespace kittiwake::ui
