// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <QImage>
#include <QStringList>

class QMimeData;

namespace kittiwake::ui
{

/** Paths of the files that are dropped or pasted; at most 200. Nothing is looked up on the disk. */
[[nodiscard]] QStringList offeredFiles(const QMimeData &data);

/** A picture that stands for itself, such as a screenshot: not one that comes along with text, as from spreadsheets. */
[[nodiscard]] QImage offeredPicture(const QMimeData &data);

} // namespace kittiwake::ui
