// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "core/base/strongid.h"

#include <QCache>

namespace kittiwake::ui
{

/** How far the messages of this run were read, so that whoever comes back goes on there. In memory only. */
class ReadingPositions
{
public:
    static constexpr int limit = 1000; ///< messages; those not looked at for longest are forgotten

    void keep(MessageId message, double position)
    {
        if (position > 0)
            m_positions.insert(message.value(), new double(position));
        else
            m_positions.remove(message.value());
    }
    [[nodiscard]] double of(MessageId message) const
    {
        const double *known = m_positions.object(message.value());
        return known ? *known : 0.0;
    }

private:
    QCache<qint64, double> m_positions{limit};
};

} // namespace kittiwake::ui
