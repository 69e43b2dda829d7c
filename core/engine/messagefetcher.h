// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "core/async/task.h"
#include "core/base/result.h"
#include "core/engine/contentcache.h"
#include "core/engine/messageaccess.h"
#include "core/engine/messagetypes.h"
#include "core/engine/offload.h"
#include "core/engine/readsteps.h"
#include "core/mime/content.h"

#include <functional>
#include <memory>

namespace kittiwake::engine
{

/**
 * Fetches what people read: structure first, then only the parts that are shown; decodes them on the thread pool; keeps
 * the result in memory. Nothing of it reaches the disk. A connection that is lost on the way is made again once. Where
 * the structure turns out to be wrong, or the server will not give the parts that it names, the whole message is
 * fetched (up to ReadLimits::whole) and taken apart here. Engine thread; outlived by everything it is given.
 *
 * Errors of every function: those of connecting; ServerRefused, Input when the message is not there any more; Storage.
 */
class MessageFetcher
{
public:
    MessageFetcher(MessageAccess &access, Offload &offload);

    /** charset: of the texts, whatever they say themselves; such a content is not kept. Empty: as they say. */
    async::Task<Result<mime::MessageContent>> content(MessageId message, QByteArray charset = {});
    /** Brings what will probably be read next into memory. Cancelled is no failure: it is too large, or offline. */
    async::Task<Result<void>> fetchAhead(MessageId message);
    async::Task<Result<MessageDetails>> details(MessageRef message);
    /** One part, decoded. section: "1.2". */
    async::Task<Result<QByteArray>> part(MessageRef message, QByteArray section);
    /** The whole message or its header, as the server has it. */
    async::Task<Result<QByteArray>> raw(MessageRef message, bool headersOnly);

    /** The same by row of the cache. */
    async::Task<Result<QByteArray>> partOf(MessageId message, QByteArray section);
    async::Task<Result<QByteArray>> rawOf(MessageId message, bool headersOnly);

    void forget(MessageId message) { m_cache.remove(message); }
    void clear() { m_cache.clear(); }
    [[nodiscard]] const ContentCache &cache() const { return m_cache; }

private:
    using Target = MessageAccess::Target;
    /** Why a content is wanted, and as what. */
    struct Purpose {
        QByteArray charset;
        bool isAhead = false;
    };

    /** What the server says about a message before it is read. */
    struct Description {
        Structure structure; ///< null where there is none that can be understood
        mime::ListUnsubscribe unsubscribe;
    };

    async::Task<Result<mime::MessageContent>> contentOnce(MessageRef message, Purpose purpose);
    async::Task<Result<MessageDetails>> detailsOnce(MessageRef message);
    async::Task<Result<QByteArray>> partOnce(MessageRef message, QByteArray section);
    async::Task<Result<QByteArray>> localPart(Target target, QByteArray number);
    async::Task<Result<QByteArray>> rawOnce(MessageRef message, bool headersOnly);
    async::Task<Result<Description>> describe(Target target);
    async::Task<Result<mime::MessageContent>> contentOf(Target target, Structure structure, Purpose purpose);
    async::Task<Result<ReadParts>> fetchParts(Target target, Structure structure, QByteArrayList sections, bool check);
    async::Task<Result<mime::MessageContent>> wholeContent(Target target, Purpose purpose);

    MessageAccess &m_access;
    Offload &m_offload;
    ContentCache m_cache;
};

} // namespace kittiwake::engine
