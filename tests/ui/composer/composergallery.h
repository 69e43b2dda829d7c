// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <QString>

namespace kittiwake::ui
{
class WindowSettings;
}

namespace kittiwake::ui::testing
{

/** A composer in one of its states, for looking at it: composer-new, -plain, -rich, -question, -complete. */
void showComposer(const QString &state, WindowSettings &settings, int width, int height);

} // namespace kittiwake::ui::testing
