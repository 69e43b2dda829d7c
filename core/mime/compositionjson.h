// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "core/mime/composition.h"

#include <QJsonObject>

namespace kittiwake::mime
{

/** What was written, without what goes along with it: for keeping it while it is written. Empty values are left out. */
[[nodiscard]] QJsonObject compositionToJson(const Composition &composition);
/** What is missing or of another type is empty. */
[[nodiscard]] Composition compositionFromJson(const QJsonObject &object);

} // namespace kittiwake::mime
