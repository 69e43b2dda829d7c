// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <gmime/gmime.h>

class QIODevice;

namespace kittiwake::mime
{

/** A stream of GMime on an open device, which must outlive it and stays open; give it back with g_object_unref(). */
[[nodiscard]] GMimeStream *newDeviceStream(QIODevice &device);

} // namespace kittiwake::mime
