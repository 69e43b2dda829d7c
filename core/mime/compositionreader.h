// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "core/mime/composition.h"

#include <QByteArray>
#include <QByteArrayList>

namespace kittiwake::mime
{

enum class ReadAs {
    Draft, ///< to go on with it: every field stays, known or not
    New, ///< "edit as new": who it goes to and what it says; nothing of where it came from or when
};

/** A message as something to write on. */
struct ReadComposition {
    Composition composition;
    QByteArrayList forwards; ///< ids of what it passes on (X-Forwarded-Message-Id)
};

/**
 * A message -> what a person writes on, whoever wrote it: the reverse of buildMessage(), as far as there is one. Text
 * is joined again where it was flowed; html is what the message has, not sanitised: it must be before it is shown or
 * loaded into anything. Pictures that the HTML names stay with it; what else goes along is kept byte by byte
 * (ForwardedPart, ForwardedMessage). What stands in To, Cc and Bcc as a group without members is what was no address
 * yet. Pure and linear; damage gives what can be read.
 */
[[nodiscard]] ReadComposition readComposition(const QByteArray &rfc5322, ReadAs how);

} // namespace kittiwake::mime
