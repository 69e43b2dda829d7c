// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "core/engine/engine.h"

#include <QLocale>
#include <QString>

#include <optional>
#include <vector>

namespace kittiwake::ui
{

/** What the accounts are doing, in the few words of the line below the folders and of the toolbar. */
struct ActivitySummary {
    enum class Mood { Good, Busy, Quiet, Bad };
    Mood mood = Mood::Quiet;
    QString icon; ///< for ui::icon()
    QString line; ///< "Up to date, 14:03:22"
    QString brief; ///< "Up to date"
    double progress = -1; ///< 0 to 1; negative: none, or not known
};

/** One account: a phrase without its name. */
[[nodiscard]] QString statusLine(const engine::AccountStatus &status, const QLocale &locale);
/**
 * All accounts: what most needs to be known. shownSyncedAt: when the folder on screen was last proved to be as on the
 * server (store::MailboxRow::syncedAt, seconds; 0: never); nothing: no folder is shown. pending: what waits for the
 * servers; refused changes come first, and those that wait are told where no server can be reached. sending: how much
 * of a message that is going out has left, 0 to 1.
 */
[[nodiscard]] ActivitySummary summarize(const std::vector<engine::AccountStatus> &statuses, const QLocale &locale,
                                        std::optional<std::int64_t> shownSyncedAt = std::nullopt,
                                        const engine::PendingSummary &pending = {},
                                        std::optional<double> sending = std::nullopt);

} // namespace kittiwake::ui
