// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "core/engine/drafttypes.h"

namespace kittiwake::ui
{

/**
 * A message below one's own formatted text, quoted or passed on, just as it was shown: it goes out as it is, and is
 * never taken apart by an editor that understands less of HTML than whoever wrote it.
 */
struct QuotedOriginal {
    QString html; ///< by core/mime/quotation.h
    QString text; ///< the same for the plain alternative, and for going on without formatting
    QString about; ///< whose it is, for the window
    std::vector<mime::OutgoingFile> pictures; ///< its own, by cid:

    [[nodiscard]] bool isEmpty() const { return html.isEmpty(); }
    bool operator==(const QuotedOriginal &) const = default;
};

/**
 * What a composer is opened with, and what can be taken from it at any time. In the composition, html is only what
 * stands in the editor, and its inline pictures are among the attachments.
 */
struct Writing {
    mail::DraftId draft; ///< none: a new one
    engine::DraftContext context;
    mime::Composition composition;
    QuotedOriginal quote; ///< only with context.isRich
    engine::DraftState state; ///< of a draft that was there before

    bool operator==(const Writing &other) const
    {
        return context == other.context && composition == other.composition && quote == other.quote;
    }
};

/** As the engine keeps and sends it: one HTML document, and its plain alternative. */
[[nodiscard]] engine::DraftContent draftOf(const Writing &writing);

/** The other way, also for drafts that other programs wrote. */
[[nodiscard]] Writing writingOf(const engine::OpenedDraft &draft);

} // namespace kittiwake::ui
