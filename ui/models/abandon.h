// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <QFuture>

namespace kittiwake::ui
{

/**
 * Cancels work whose result nobody wants any more. Not QFuture::cancel() by itself: up to Qt 6.4 it follows a pointer
 * to the continuation, which is gone once that has run, so a future that has finished must be left alone.
 */
template <typename T>
void abandon(QFuture<T> &future)
{
    if (!future.isFinished())
        future.cancel();
}

} // namespace kittiwake::ui
