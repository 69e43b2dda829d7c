// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "core/base/result.h"
#include "core/store/changecollector.h"
#include "core/store/database.h"
#include "core/store/labels.h"
#include "core/store/mailboxoverlay.h"
#include "core/store/mailboxwriter.h"
#include "core/store/messagewriter.h"
#include "core/store/overlay.h"
#include "core/store/unlinkedmessages.h"

#include <functional>
#include <memory>
#include <optional>

namespace kittiwake::store
{

/** What CacheStore and its CacheTransaction share: the connection, the open transaction, the changes it has gathered.
 */
class CacheWriter
{
public:
    using Listener = std::function<void(const StoreChanges &)>;

    explicit CacheWriter(std::unique_ptr<Database> database);

    [[nodiscard]] Database &database() { return *m_database; }
    [[nodiscard]] MailboxWriter &mailboxes() { return m_mailboxes; }
    [[nodiscard]] MessageWriter &messages() { return m_messages; }
    [[nodiscard]] UnlinkedMessages &unlinked() { return m_unlinked; }
    [[nodiscard]] OverlayWriter &overlay() { return m_overlay; }
    [[nodiscard]] MailboxOverlayWriter &mailboxOverlay() { return m_mailboxOverlay; }
    [[nodiscard]] LabelWriter &labels() { return m_labels; }
    void setListener(Listener listener) { m_listener = std::move(listener); }

    [[nodiscard]] Result<void> begin();
    /** Refuses after fail(). Ends the transaction in any case; announces if it succeeded. */
    [[nodiscard]] Result<void> commit();
    void rollback();
    /** The transaction can no longer be committed. */
    void fail(const Error &error);
    [[nodiscard]] const std::optional<Error> &failed() const { return m_failed; }

private:
    std::unique_ptr<Database> m_database;
    ChangeCollector m_changes;
    MailboxWriter m_mailboxes;
    MessageWriter m_messages;
    UnlinkedMessages m_unlinked;
    OverlayWriter m_overlay;
    MailboxOverlayWriter m_mailboxOverlay;
    LabelWriter m_labels;
    Listener m_listener;
    std::optional<Error> m_failed;
    bool m_open = false;
    bool m_announcing = false;
};

} // namespace kittiwake::store
