// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "core/engine/engine.h"

#include <QJsonArray>
#include <QJsonObject>

#include <optional>
#include <vector>

namespace kittiwake::ctl
{

[[nodiscard]] QJsonObject verdictJson(const engine::MailboxVerdict &verdict);
/** Lines for people; several for a mailbox that is not in order. */
[[nodiscard]] QString verdictText(const engine::MailboxVerdict &verdict);

[[nodiscard]] QJsonObject fingerprintJson(const store::Fingerprint &fingerprint);

/** The fingerprint of one folder, as `verify --fingerprint` exports it. */
struct FolderFingerprint {
    QString account; ///< email; empty where the file names none
    QString name;
    store::Fingerprint fingerprint;
};
/** From what `verify --fingerprint --json` or `verify --json` has printed; nothing where it is anything else. */
[[nodiscard]] std::optional<std::vector<FolderFingerprint>> parseFingerprints(const QByteArray &json);
/** The fields in which two fingerprints differ, by their names in JSON. */
[[nodiscard]] QStringList differingFields(const store::Fingerprint &left, const store::Fingerprint &right);

} // namespace kittiwake::ctl
