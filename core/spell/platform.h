// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <QStringList>

namespace kittiwake::spell
{

/** Where this system and this person keep Hunspell's dictionaries, the person's own first. They may not exist. */
[[nodiscard]] QStringList dictionaryFolders();

} // namespace kittiwake::spell
