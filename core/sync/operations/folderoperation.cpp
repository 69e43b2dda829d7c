// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/sync/operations/folderoperation.h"

#include "core/sync/operations/operationjson.h"

#include <QHash>
#include <QJsonDocument>

#include <algorithm>
#include <array>
#include <utility>

namespace kittiwake::sync
{

namespace
{

using Kind = FolderOperation::Kind;

constexpr std::array<std::pair<Kind, const char *>, 5> kindNames{{
    {Kind::Create, "create-folder"},
    {Kind::Rename, "rename-folder"},
    {Kind::Delete, "delete-folder"},
    {Kind::Subscribe, "subscribe"},
    {Kind::Unsubscribe, "unsubscribe"},
}};

/** Names on the way from what the server has to what is shown. */
class Naming
{
public:
    Naming(const std::vector<store::MailboxRow> &rows, const std::vector<FolderOperation> &operations)
    {
        for (const store::MailboxRow &row : rows) {
            if (!row.delimiter.isNull())
                m_delimiter = row.delimiter;
        }
        for (const FolderOperation &operation : operations) {
            if (operation.kind == Kind::Rename)
                m_targets.insert(operation.mailbox.text, operation.to.text);
        }
    }
    /** depth: folders in each other in a circle end somewhere. */
    [[nodiscard]] QString shown(const QString &name, int depth = 0) const
    {
        constexpr int deepest = 100;
        QString target = m_targets.value(name, name);
        const mail::MailboxName whole{target, {}};
        const QString parent = whole.parent(m_delimiter);
        if (parent.isEmpty() || depth >= deepest || m_targets.isEmpty())
            return target;
        return shown(parent, depth + 1) + m_delimiter + whole.leaf(m_delimiter);
    }
    [[nodiscard]] bool renames() const { return !m_targets.isEmpty(); }

private:
    QHash<QString, QString> m_targets;
    QChar m_delimiter;
};

} // namespace

QString FolderOperation::kindName(Kind kind)
{
    const auto known
        = std::find_if(kindNames.begin(), kindNames.end(), [kind](const auto &entry) { return entry.first == kind; });
    return known == kindNames.end() ? QString() : QString::fromLatin1(known->second);
}

std::optional<Kind> FolderOperation::kindOf(const QString &name)
{
    const auto known = std::find_if(kindNames.begin(), kindNames.end(),
                                    [&name](const auto &entry) { return name == QLatin1String(entry.second); });
    return known == kindNames.end() ? std::nullopt : std::optional(known->first);
}

QByteArray FolderOperation::toBytes() const
{
    QJsonObject object;
    json::putMailbox(object, QStringLiteral("mailbox"), QStringLiteral("wire"), mailbox);
    if (kind == Kind::Rename)
        json::putMailbox(object, QStringLiteral("to"), QStringLiteral("toWire"), to);
    if (!delimiter.isNull())
        object.insert(QStringLiteral("delimiter"), QString(delimiter));
    if (role != mail::MailboxRole::None)
        object.insert(QStringLiteral("role"), static_cast<int>(role));
    if (uidValidity.isValid())
        object.insert(QStringLiteral("uidvalidity"), static_cast<qint64>(uidValidity.value()));
    if (uidNext.isValid())
        object.insert(QStringLiteral("uidnext"), static_cast<qint64>(uidNext.value()));
    if (onlyEmpty)
        object.insert(QStringLiteral("onlyEmpty"), true);
    return QJsonDocument(object).toJson(QJsonDocument::Compact);
}

std::optional<FolderOperation> FolderOperation::fromBytes(const QString &kind, const QByteArray &bytes)
{
    const auto known = kindOf(kind);
    if (!known)
        return std::nullopt;
    const QJsonObject object = QJsonDocument::fromJson(bytes).object();
    FolderOperation result;
    result.kind = *known;
    result.mailbox = json::mailbox(object, QStringLiteral("mailbox"), QStringLiteral("wire"));
    result.to = json::mailbox(object, QStringLiteral("to"), QStringLiteral("toWire"));
    const QString delimiter = object[u"delimiter"].toString();
    result.delimiter = delimiter.isEmpty() ? QChar() : delimiter.front();
    const int role = object[u"role"].toInt();
    if (role >= static_cast<int>(mail::MailboxRole::None) && role <= static_cast<int>(mail::MailboxRole::Important))
        result.role = static_cast<mail::MailboxRole>(role);
    result.uidValidity = json::uidValidity(object[u"uidvalidity"]);
    result.uidNext = json::uid(object[u"uidnext"]);
    result.onlyEmpty = object[u"onlyEmpty"].toBool();
    if (result.mailbox.text.isEmpty() || (result.kind == Kind::Rename && result.to.text.isEmpty()))
        return std::nullopt;
    return result;
}

bool FolderOperation::touches(const QString &name) const
{
    const auto isRelated = [&](const QString &own) {
        return !own.isEmpty() && (own == name || isBelow(name, own, delimiter) || isBelow(own, name, delimiter));
    };
    return isRelated(mailbox.text) || isRelated(to.text);
}

std::optional<FolderOperation> FolderOperation::reversed() const
{
    FolderOperation back = *this;
    switch (kind) {
    case Kind::Create:
        back.kind = Kind::Delete;
        back.onlyEmpty = true;
        back.role = mail::MailboxRole::None;
        return back;
    case Kind::Rename:
        std::swap(back.mailbox, back.to);
        return back;
    case Kind::Subscribe:
        back.kind = Kind::Unsubscribe;
        return back;
    case Kind::Unsubscribe:
        back.kind = Kind::Subscribe;
        return back;
    case Kind::Delete:
        break;
    }
    return std::nullopt;
}

bool isBelow(const QString &name, const QString &above, QChar delimiter)
{
    return !delimiter.isNull() && name.size() > above.size() + 1 && name.startsWith(above)
        && name[above.size()] == delimiter;
}

std::optional<QString> renamedWith(const QString &name, const QString &before, const QString &now, QChar delimiter)
{
    if (name == before)
        return now;
    if (!isBelow(name, before, delimiter))
        return std::nullopt;
    return QString(now + name.mid(before.size()));
}

std::vector<store::MailboxListing> provisionalFolders(const std::vector<FolderOperation> &operations)
{
    std::vector<store::MailboxListing> result;
    for (const FolderOperation &operation : operations) {
        if (operation.kind != Kind::Create)
            continue;
        store::MailboxListing listing;
        listing.name = operation.mailbox;
        listing.delimiter = operation.delimiter;
        listing.role = operation.role;
        listing.subscribed = true;
        result.push_back(std::move(listing));
    }
    return result;
}

std::vector<store::MailboxOverlay> overlaysOf(const std::vector<store::MailboxRow> &rows,
                                              const std::vector<FolderOperation> &operations)
{
    const Naming naming(rows, operations);
    std::vector<store::MailboxOverlay> result;
    for (const store::MailboxRow &row : rows) {
        store::MailboxOverlay overlay{row.id, {}, false, {}};
        if (naming.renames()) {
            QString name = naming.shown(row.name.text);
            if (name != row.name.text)
                overlay.name = std::move(name);
        }
        for (const FolderOperation &operation : operations) {
            if (operation.mailbox != row.name)
                continue;
            if (operation.kind == Kind::Delete)
                overlay.hidden = true;
            else if (operation.kind == Kind::Subscribe || operation.kind == Kind::Unsubscribe)
                overlay.subscribed = operation.kind == Kind::Subscribe;
        }
        if (!(overlay == store::MailboxOverlay{row.id, {}, false, {}}))
            result.push_back(std::move(overlay));
    }
    return result;
}

QString serverNameOf(const QString &name, QChar delimiter, const std::vector<store::MailboxRow> &shown,
                     const std::vector<store::MailboxRow> &rows)
{
    for (QString above = mail::MailboxName{name, {}}.parent(delimiter); !above.isEmpty();
         above = mail::MailboxName{above, {}}.parent(delimiter)) {
        const auto row = std::find_if(shown.begin(), shown.end(),
                                      [&above](const store::MailboxRow &one) { return one.name.text == above; });
        if (row == shown.end())
            continue;
        const auto own = std::find_if(rows.begin(), rows.end(),
                                      [&row](const store::MailboxRow &one) { return one.id == row->id; });
        return own == rows.end() ? name : own->name.text + name.mid(above.size());
    }
    return name;
}

} // namespace kittiwake::sync
