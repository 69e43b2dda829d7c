// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/mime/gmimeruntime.h"

#include <gmime/gmime.h>

namespace kittiwake::mime
{

void ensureGMime()
{
    // Never shut down: worker threads may still decode while the process ends.
    static const bool ready = [] {
        g_mime_init();
        return true;
    }();
    static_cast<void>(ready);
}

} // namespace kittiwake::mime
