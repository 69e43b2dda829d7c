// SPDX-License-Identifier: GPL-3.0-or-later
#include "ui/attachments/attachedfile.h"

#include <QSet>

namespace kittiwake::ui
{

namespace
{

// Larger files are not fetched for a look; they can be opened and saved.
constexpr std::uint64_t maxPreview = 40ULL * 1024 * 1024;
constexpr std::uint64_t maxTextPreview = 8ULL * 1024 * 1024;

} // namespace

PreviewKind previewKind(const AttachedFile &file)
{
    static const QSet<QString> images{QStringLiteral("png"), QStringLiteral("jpg"), QStringLiteral("jpeg"),
                                      QStringLiteral("gif"), QStringLiteral("webp")};
    static const QSet<QString> texts{QStringLiteral("txt"),  QStringLiteral("text"),  QStringLiteral("log"),
                                     QStringLiteral("csv"),  QStringLiteral("md"),    QStringLiteral("json"),
                                     QStringLiteral("diff"), QStringLiteral("patch"), QStringLiteral("ini"),
                                     QStringLiteral("yaml"), QStringLiteral("yml"),   QStringLiteral("vcf"),
                                     QStringLiteral("ics"),  QStringLiteral("asc")};
    const QByteArray &type = file.attachment.mimeType;
    const mime::OpenRule rule = file.rule();
    if (rule.verdict != mime::OpenRule::Verdict::Open || file.attachment.size > maxPreview)
        return PreviewKind::None;
    if (images.contains(rule.extension) || type == "image/png" || type == "image/jpeg" || type == "image/gif"
        || type == "image/webp")
        return PreviewKind::Image;
    if (rule.extension == u"pdf" || type == "application/pdf")
        return PreviewKind::Pdf;
    const bool isText = texts.contains(rule.extension) || type == "text/plain" || type == "text/csv"
        || type == "text/x-patch" || type == "text/x-diff" || type == "text/markdown" || type == "text/calendar"
        || type == "text/vcard";
    return isText && file.attachment.size <= maxTextPreview ? PreviewKind::Text : PreviewKind::None;
}

} // namespace kittiwake::ui
