// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/mime/messagebuilder.h"

#include "core/mime/devicestream.h"
#include "core/mime/filename.h"
#include "core/mime/flowedtext.h"
#include "core/mime/gmimeruntime.h"
#include "core/mime/headers.h"
#include "core/mime/joineddevice.h"
#include "core/mime/messageheaders.h"
#include "core/mime/outgoingtext.h"
#include "core/mime/plaintext.h"

#include <gmime/gmime.h>

#include <QBuffer>
#include <QCoreApplication>
#include <QCryptographicHash>
#include <QDir>
#include <QFile>

#include <algorithm>
#include <cstring>
#include <memory>
#include <utility>

namespace kittiwake::mime
{

namespace
{

constexpr qint64 base64Line = 57; // octets that are a line of 76 characters and its end
constexpr qint64 restOfMessage = 64 * 1024; // header and text of most messages

struct Unref {
    void operator()(gpointer object) const { g_object_unref(object); }
};
template <typename T>
using Owned = std::unique_ptr<T, Unref>;

GMimeObject *object(gpointer any)
{
    return static_cast<GMimeObject *>(any);
}

/** Builds the parts of one message. What it gives out must not outlive it: it holds the bytes and the files. */
class PartBuilder
{
public:
    PartBuilder(const Composition &composition, const AttachmentOpener &opener)
        : m_composition(composition), m_opener(opener)
    {
    }

    /** The whole body, with everything that goes along. */
    Result<Owned<GMimeObject>> body()
    {
        std::vector<std::size_t> images;
        std::vector<std::size_t> others;
        for (std::size_t place = 0; place < m_composition.attachments.size(); ++place) {
            const auto *file = std::get_if<OutgoingFile>(&m_composition.attachments[place]);
            // Without HTML nothing can show it in its place.
            if (file != nullptr && file->isInline() && !m_composition.html.isEmpty())
                images.push_back(place);
            else
                others.push_back(place);
        }
        auto text = textBody(images);
        if (!text || others.empty())
            return text;
        auto mixed = multipart("mixed");
        add(*mixed, std::move(*text));
        for (const std::size_t place : others) {
            auto part = partAt(place);
            if (!part)
                return failure(std::move(part.error()));
            add(*mixed, std::move(*part));
        }
        return Owned<GMimeObject>(object(mixed.release()));
    }

    /** A file that could not be read to its end, while the message was written. */
    [[nodiscard]] std::optional<Error> readError() const
    {
        for (const auto &file : m_files) {
            const auto *onDisk = qobject_cast<const QFile *>(file.get());
            if (onDisk != nullptr && onDisk->error() != QFileDevice::NoError)
                return unreadable(onDisk->fileName(), onDisk->errorString());
            const auto *joined = dynamic_cast<const JoinedDevice *>(file.get());
            if (joined != nullptr && joined->hasFailed())
                return unreadable(*joined);
        }
        return {};
    }

private:
    Result<Owned<GMimeObject>> textBody(const std::vector<std::size_t> &images)
    {
        auto plain = textPart("plain", flowedText(normaliseText(m_composition.text)));
        g_mime_object_set_content_type_parameter(plain.get(), "format", "flowed");
        if (m_composition.html.isEmpty())
            return plain;
        auto html = textPart("html", m_composition.html);
        if (!images.empty()) {
            auto related = multipart("related");
            g_mime_object_set_content_type_parameter(object(related.get()), "type", "text/html");
            add(*related, std::move(html));
            for (const std::size_t image : images) {
                auto part = partAt(image);
                if (!part)
                    return part;
                add(*related, std::move(*part));
            }
            html.reset(object(related.release()));
        }
        auto alternative = multipart("alternative");
        add(*alternative, std::move(plain));
        add(*alternative, std::move(html));
        return Owned<GMimeObject>(object(alternative.release()));
    }

    /** Boundaries come from the Message-ID, which nobody can guess before it is sent, so that no part contains one. */
    Owned<GMimeMultipart> multipart(const char *subtype)
    {
        Owned<GMimeMultipart> result(g_mime_multipart_new_with_subtype(subtype));
        QCryptographicHash hash(QCryptographicHash::Sha256);
        hash.addData(m_composition.messageId);
        hash.addData(QByteArray::number(++m_multiparts));
        // "=_" cannot stand in quoted-printable or base64 (RFC 2045 section 6.7).
        const QByteArray boundary = "=_" + hash.result().first(18).toBase64(QByteArray::Base64UrlEncoding);
        g_mime_multipart_set_boundary(result.get(), boundary.constData());
        return result;
    }

    static void add(GMimeMultipart &to, Owned<GMimeObject> part) { g_mime_multipart_add(&to, part.get()); }

    Owned<GMimeObject> textPart(const char *subtype, const QString &text)
    {
        const OutgoingText encoded(text);
        Owned<GMimePart> part(g_mime_part_new_with_type("text", subtype));
        g_mime_object_set_content_type_parameter(object(part.get()), "charset",
                                                 encoded.isAscii() ? "us-ascii" : "utf-8");
        setContent(*part, memory(encoded.bytes()), encoded.encoding());
        return Owned<GMimeObject>(object(part.release()));
    }

    Result<Owned<GMimeObject>> partAt(std::size_t place)
    {
        std::unique_ptr<QIODevice> device;
        if (m_opener) {
            auto opened = m_opener(place);
            if (!opened)
                return failure(std::move(opened.error()));
            if (*opened)
                device = std::make_unique<JoinedDevice>(QByteArray(), std::move(*opened));
        }
        return std::visit([&](const auto &one) { return partOf(one, std::move(device)); },
                          m_composition.attachments[place]);
    }

    /** device: what it holds; none: that is in the value itself. So in the other two. */
    Result<Owned<GMimeObject>> partOf(const OutgoingFile &file, std::unique_ptr<QIODevice> device)
    {
        if (device) {
            // from elsewhere
        } else if (const auto *bytes = std::get_if<QByteArray>(&file.content)) {
            device = memory(*bytes);
        } else {
            auto opened = std::make_unique<QFile>(std::get<QString>(file.content));
            if (!opened->open(QIODevice::ReadOnly))
                return failure(unreadable(opened->fileName(), opened->errorString()));
            device = std::move(opened);
        }
        Owned<GMimePart> part(newPart(file.type));
        if (file.isInline()) {
            g_mime_object_set_disposition(object(part.get()), GMIME_DISPOSITION_INLINE);
            g_mime_part_set_content_id(part.get(), displayLine(QString::fromUtf8(file.contentId)).toUtf8().constData());
        } else {
            g_mime_object_set_disposition(object(part.get()), GMIME_DISPOSITION_ATTACHMENT);
        }
        setName(*part, file.name);
        setContent(*part, std::move(device), GMIME_CONTENT_ENCODING_BASE64);
        return Owned<GMimeObject>(object(part.release()));
    }

    Result<Owned<GMimeObject>> partOf(const ForwardedMessage &message, std::unique_ptr<QIODevice> device)
    {
        if (!device)
            device = memory(message.bytes);

        Owned<GMimePart> part(g_mime_part_new_with_type("message", "rfc822"));
        g_mime_object_set_disposition(object(part.get()), GMIME_DISPOSITION_ATTACHMENT);
        setName(*part, message.name);
        // RFC 2046 section 5.2.1: nothing else is allowed.
        const auto ascii = isSevenBit(*device);
        if (!ascii)
            return failure(ascii.error());
        setContent(*part, std::move(device), *ascii ? GMIME_CONTENT_ENCODING_7BIT : GMIME_CONTENT_ENCODING_8BIT);
        return Owned<GMimeObject>(object(part.release()));
    }

    Result<Owned<GMimeObject>> partOf(const ForwardedPart &original, std::unique_ptr<QIODevice> body)
    {
        QByteArray start = original.header.trimmed();
        start += mimeLineEnd;
        start += mimeLineEnd;
        if (!body)
            body = memory(original.body);
        const Owned<GMimeStream> stream(newDeviceStream(hold(std::make_unique<JoinedDevice>(start, std::move(body)))));
        const Owned<GMimeParser> parser(g_mime_parser_new_with_stream(stream.get()));
        g_mime_parser_set_persist_stream(parser.get(), TRUE); // no copy
        Owned<GMimeObject> part(g_mime_parser_construct_part(parser.get(), nullptr));
        if (!part) {
            return failure(
                ErrorKind::Input, QString(),
                QCoreApplication::translate("core",
                                            "A part of the original message is too broken to be forwarded. Forward the "
                                            "message as an attachment instead."),
                QStringLiteral("GMime cannot read the part"));
        }
        return part;
    }

    static Result<bool> isSevenBit(QIODevice &device)
    {
        constexpr qint64 pieceSize = 256 * 1024;
        for (qint64 left = device.size(); left > 0;) {
            const QByteArray piece = device.read(std::min(left, pieceSize));
            if (piece.isEmpty())
                return failure(unreadable(device));
            if (!mime::isSevenBit(piece))
                return device.seek(0) ? Result<bool>(false) : failure(unreadable(device));
            left -= piece.size();
        }
        return device.seek(0) ? Result<bool>(true) : failure(unreadable(device));
    }

    static GMimePart *newPart(const QByteArray &type)
    {
        const qsizetype slash = type.indexOf('/');
        const auto isToken = [](const QByteArray &word) {
            return !word.isEmpty() && std::all_of(word.begin(), word.end(), [](char c) {
                return c > ' ' && c < 0x7F && std::strchr("()<>@,;:\\\"/[]?=", c) == nullptr;
            });
        };
        // What has parts cannot be a file (RFC 2046 section 5), and a message in base64 is none.
        if (slash > 0 && isToken(type.first(slash)) && isToken(type.sliced(slash + 1)) && !type.startsWith("multipart/")
            && !type.startsWith("message/"))
            return g_mime_part_new_with_type(type.first(slash).constData(), type.sliced(slash + 1).constData());
        return g_mime_part_new_with_type("application", "octet-stream");
    }

    static void setName(GMimePart &part, const QString &name)
    {
        if (!name.isEmpty())
            g_mime_part_set_filename(&part, displayLine(name).toUtf8().constData());
    }

    void setContent(GMimePart &part, std::unique_ptr<QIODevice> device, GMimeContentEncoding encoding)
    {
        const Owned<GMimeStream> stream(newDeviceStream(hold(std::move(device))));
        const Owned<GMimeDataWrapper> content(
            g_mime_data_wrapper_new_with_stream(stream.get(), GMIME_CONTENT_ENCODING_DEFAULT));
        g_mime_part_set_content(&part, content.get());
        g_mime_part_set_content_encoding(&part, encoding);
    }

    static std::unique_ptr<QIODevice> memory(const QByteArray &bytes)
    {
        auto buffer = std::make_unique<QBuffer>();
        buffer->setData(bytes);
        buffer->open(QIODevice::ReadOnly);
        return buffer;
    }

    QIODevice &hold(std::unique_ptr<QIODevice> device) { return *m_files.emplace_back(std::move(device)); }

    static Error unreadable(const QIODevice &device)
    {
        return {
            ErrorKind::Storage,
            {},
            QCoreApplication::translate("core",
                                        "Something that goes along with the message cannot be read. Check the disk, "
                                        "then try again."),
            device.errorString()};
    }

    static Error unreadable(const QString &path, const QString &why)
    {
        const QString file = QDir::toNativeSeparators(path);
        return {ErrorKind::Storage, file,
                QCoreApplication::translate("core",
                                            "The attachment %1 cannot be read. Check that it is still there and that "
                                            "you may open it, or remove it from the message.")
                    .arg(file),
                why};
    }

    const Composition &m_composition;
    const AttachmentOpener &m_opener;
    std::vector<std::unique_ptr<QIODevice>> m_files;
    int m_multiparts = 0;
};

} // namespace

Result<void> writeMessage(const Composition &composition, BuildOptions options, QIODevice &out)
{
    ensureGMime();
    const auto header = headerBlock(composition, options);
    if (!header)
        return failure(header.error());
    PartBuilder parts(composition, options.attachments);
    const auto body = parts.body();
    if (!body)
        return failure(body.error());

    const std::unique_ptr<GMimeFormatOptions, decltype(&g_mime_format_options_free)> format(
        g_mime_format_options_new(), &g_mime_format_options_free);
    g_mime_format_options_set_newline_format(format.get(), GMIME_NEWLINE_FORMAT_DOS);
    g_mime_format_options_set_param_encoding_method(format.get(), GMIME_PARAM_ENCODING_METHOD_RFC2231);
    const Owned<GMimeStream> stream(newDeviceStream(out));
    const bool written
        = g_mime_stream_write(stream.get(), header->constData(), static_cast<size_t>(header->size())) == header->size()
        && g_mime_object_write_to_stream(body->get(), format.get(), stream.get()) >= 0;
    if (auto unread = parts.readError())
        return failure(std::move(*unread));
    if (!written) {
        return failure(ErrorKind::Storage, QString(),
                       QCoreApplication::translate("core",
                                                   "The message cannot be put together, because there is no room for "
                                                   "it on the disk. Free some, then try again."),
                       out.errorString());
    }
    return {};
}

Result<QByteArray> buildMessage(const Composition &composition, BuildOptions options)
{
    // Room for all of it at once: what grows is copied on the way, and then it is in memory twice.
    qint64 octets = 0;
    for (std::size_t place = 0; options.attachments && place < composition.attachments.size(); ++place) {
        const auto opened = options.attachments(place);
        if (!opened)
            return failure(opened.error());
        octets += *opened ? (*opened)->size() : 0;
    }
    QByteArray message;
    message.reserve(octets * 78 / base64Line + restOfMessage);
    QBuffer out(&message);
    out.open(QIODevice::WriteOnly);
    const auto written = writeMessage(composition, options, out);
    if (!written)
        return failure(written.error());
    out.close();
    return message;
}

} // namespace kittiwake::mime
