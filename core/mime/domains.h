// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <QString>

/** Domain names as people read them: for comparing and for display, never for connecting. */
namespace kittiwake::mime
{

/** What is behind the last '@', lower case, without dots at its end; empty where it is longer than a name can be. */
[[nodiscard]] QString domainOfAddress(const QString &address);

/** Letters instead of "xn--", below every top-level domain; unchanged where it is no domain name ("[192.0.2.1]"). */
[[nodiscard]] QString domainInLetters(const QString &domain);

/** What a registrant chooses: "example.co.uk" of "mail.example.co.uk". A guess that needs no list of suffixes. */
[[nodiscard]] QString registeredDomain(const QString &domain);

/** Whether a label of the domain (in letters) mixes alphabets that no writing system mixes (UTS #39, section 5.2). */
[[nodiscard]] bool mixesScripts(const QString &domain);

/**
 * Whether both have the same letters but for one that was changed, added or left out, or two neighbours that were
 * swapped. Linear.
 */
[[nodiscard]] bool isOneEditApart(const QString &one, const QString &other);

} // namespace kittiwake::mime
