// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <QString>
#include <QStringView>

namespace kittiwake::mail
{

/** The subject without the "Re:", "Fwd:", "AW:" … and "[list]" in front of it: replies sort beside what they answer. A
 * practical part of RFC 5256 section 2.1. */
[[nodiscard]] QStringView baseSubject(QStringView subject);

/** "Re: " once, whatever the mail programs of others have put in front ("AW: Re[2]: Sv:"). Forwards stay marked. */
[[nodiscard]] QString replySubject(QStringView subject);

/** "Fwd: " once. */
[[nodiscard]] QString forwardSubject(QStringView subject);

} // namespace kittiwake::mail
