// SPDX-License-Identifier: GPL-3.0-or-later
#include "app/helper/tasks.h"

#include <QCborArray>

// The library's header has a type called Attachment and macros in plenty; nothing else is to see them.
extern "C" {
#include <ytnef.h>
}

namespace kittiwake::helper
{

namespace
{

constexpr int maxFiles = 200;
constexpr qsizetype maxBytes = 64 * 1024 * 1024; // of all files together

QByteArray bytesOf(const variableLength *value)
{
    if (value == nullptr || value == MAPI_UNDEFINED || value->data == nullptr || value->size <= 0)
        return {};
    return {reinterpret_cast<const char *>(value->data), static_cast<qsizetype>(value->size)};
}

QByteArray property(MAPIProps &properties, unsigned type, unsigned id)
{
    const variableLength *value = MAPIFindProperty(&properties, PROP_TAG(type, id));
    QByteArray text = bytesOf(value);
    // Strings end in a NUL that counts.
    const qsizetype end = text.indexOf('\0');
    return end < 0 ? text : text.first(end);
}

QByteArray nameOf(Attachment &attachment)
{
    for (const unsigned id : {PR_ATTACH_LONG_FILENAME, PR_DISPLAY_NAME}) {
        for (const unsigned type : {PT_UNICODE, PT_STRING8}) {
            QByteArray name = property(attachment.MAPI, type, id);
            if (!name.isEmpty())
                return name;
        }
    }
    QByteArray title = bytesOf(&attachment.Title);
    const qsizetype end = title.indexOf('\0');
    return end < 0 ? title : title.first(end);
}

QByteArray dataOf(Attachment &attachment)
{
    QByteArray data = bytesOf(&attachment.FileData);
    if (!data.isEmpty())
        return data;
    // Where the file is a property; an object begins with the 16 octets of its interface ([MS-OXTNEF] 2.1.3.4).
    for (const unsigned type : {PT_OBJECT, PT_BINARY}) {
        data = bytesOf(MAPIFindProperty(&attachment.MAPI, PROP_TAG(type, PR_ATTACH_DATA_OBJ)));
        if (data.size() > 16)
            return type == PT_OBJECT ? data.sliced(16) : data;
    }
    return {};
}

} // namespace

QCborMap winmail(const QByteArray &bytes)
{
    TNEFStruct tnef;
    TNEFInitialize(&tnef);
    tnef.Debug = 0;
    QByteArray copy = bytes;
    const bool read
        = TNEFParseMemory(reinterpret_cast<BYTE *>(copy.data()), static_cast<long>(copy.size()), &tnef) >= 0;
    QCborMap map;
    if (read) {
        QCborArray files;
        qsizetype total = 0;
        for (Attachment *attachment = tnef.starting_attach.next; attachment != nullptr && files.size() < maxFiles;
             attachment = attachment->next) {
            const QByteArray data = dataOf(*attachment);
            if (data.isEmpty() || data.size() > maxBytes - total)
                continue;
            total += data.size();
            QCborMap file;
            file[QStringLiteral("name")] = QString::fromUtf8(nameOf(*attachment).left(1000));
            file[QStringLiteral("type")]
                = QString::fromLatin1(property(attachment->MAPI, PT_STRING8, PR_ATTACH_MIME_TAG).left(100));
            file[QStringLiteral("data")] = data;
            files.append(file);
        }
        map[QStringLiteral("files")] = files;
    }
    // Nothing is freed: the process ends now, and the library's freeing has been the trouble before.
    return map;
}

} // namespace kittiwake::helper
