// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "core/base/strongid.h"
#include "core/mime/messagecontent.h"

#include <QMetaType>
#include <QString>

#include <vector>

namespace kittiwake::engine
{

/** What came of asking for the pictures of a message that lie elsewhere. */
struct Pictures {
    std::vector<mime::InlineImage> images; ///< contentId is the id of mime::RemoteImage
    int failed = 0; ///< not found, refused for safety, no picture, too large, too late
};

/** A sender whose pictures are always loaded, in one account. */
struct PictureSender {
    AccountId account;
    QString address; ///< lower case

    bool operator==(const PictureSender &) const = default;
};

} // namespace kittiwake::engine

Q_DECLARE_METATYPE(std::vector<kittiwake::engine::PictureSender>)
