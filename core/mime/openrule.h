// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <QByteArray>
#include <QString>

#include <cstdint>

namespace kittiwake::mime
{

/** What may be done with a file that somebody sent. */
struct OpenRule {
    enum class Verdict {
        Open, ///< may be handed to the program that the system has for it
        Message, ///< a message: shown by ourselves
        Winmail, ///< a winmail.dat: its files are shown instead
        Refuse, ///< may be saved after a question, and is never opened from here
    };
    /** Why it is refused, or what is odd about it. */
    enum class Reason {
        None,
        Program, ///< the system would run it
        Script,
        Shortcut, ///< a file that makes another one be opened, or a network place
        DiskImage, ///< a container whose contents escape the marks of what was downloaded
        Macros, ///< a document that runs programs of its own
        WebPage, ///< runs scripts in the browser, from this computer
        DoubleExtension, ///< "invoice.pdf.exe": looks like another kind
        HiddenName, ///< right-to-left or invisible characters in the name as it was sent
    };
    Verdict verdict = Verdict::Open;
    Reason reason = Reason::None;
    /** The extension that the system will go by, lower case, without its dot. */
    QString extension;

    bool operator==(const OpenRule &) const = default;
};

/**
 * Judges a file by its name, as the system does when it is opened, and by the type its part claims. fileName is for
 * display (mime::attachmentName); wasAltered: what came held characters that were taken out of it. Pure, linear.
 *
 * The lists follow what runs when it is double-clicked on Windows, macOS and the Linux desktops; whichever system this
 * is, since files travel on.
 */
[[nodiscard]] OpenRule openRule(const QString &fileName, const QByteArray &mimeType, bool wasAltered = false);

/** A sentence on a rule's reason, for people; empty for None. */
[[nodiscard]] QString openRuleText(const OpenRule &rule, const QString &fileName);

} // namespace kittiwake::mime
