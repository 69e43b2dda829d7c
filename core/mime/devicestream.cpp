// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/mime/devicestream.h"

#include <QIODevice>

#include <algorithm>

namespace kittiwake::mime
{

namespace
{

struct DeviceStream {
    GMimeStream parent; // first, as GObject wants it
    QIODevice *device;
};

QIODevice &deviceOf(GMimeStream *stream)
{
    return *reinterpret_cast<DeviceStream *>(stream)->device;
}

ssize_t readDevice(GMimeStream *stream, char *buffer, size_t length)
{
    QIODevice &device = deviceOf(stream);
    if (!device.isSequential() && !device.seek(stream->position))
        return -1;
    qint64 wanted = static_cast<qint64>(length);
    if (stream->bound_end >= 0)
        wanted = std::min<qint64>(wanted, stream->bound_end - stream->position);
    const qint64 got = wanted > 0 ? device.read(buffer, wanted) : 0;
    if (got > 0)
        stream->position += got;
    return got;
}

ssize_t writeDevice(GMimeStream *stream, const char *buffer, size_t length)
{
    const qint64 written = deviceOf(stream).write(buffer, static_cast<qint64>(length));
    if (written > 0)
        stream->position += written;
    return written;
}

int stay(GMimeStream *)
{
    return 0;
}

gboolean isAtEnd(GMimeStream *stream)
{
    if (stream->bound_end >= 0 && stream->position >= stream->bound_end)
        return TRUE;
    const QIODevice &device = deviceOf(stream);
    return device.isSequential() ? device.atEnd() : stream->position >= device.size();
}

int rewindStream(GMimeStream *stream)
{
    if (deviceOf(stream).isSequential())
        return stream->position == stream->bound_start ? 0 : -1;
    stream->position = stream->bound_start;
    return 0;
}

gint64 lengthOf(GMimeStream *stream)
{
    const gint64 end = stream->bound_end >= 0 ? stream->bound_end : deviceOf(stream).size();
    return end - stream->bound_start;
}

gint64 seekStream(GMimeStream *stream, gint64 offset, GMimeSeekWhence whence)
{
    gint64 from = stream->bound_start;
    if (whence == GMIME_STREAM_SEEK_CUR)
        from = stream->position;
    else if (whence == GMIME_STREAM_SEEK_END)
        from = stream->bound_start + lengthOf(stream);
    const gint64 target = from + offset;
    if (target < stream->bound_start || deviceOf(stream).isSequential())
        return -1;
    stream->position = target;
    return target;
}

gint64 tellStream(GMimeStream *stream)
{
    return stream->position;
}

GType deviceStreamType();

GMimeStream *make(QIODevice *device, gint64 start, gint64 end)
{
    auto *stream = static_cast<GMimeStream *>(g_object_new(deviceStreamType(), nullptr));
    reinterpret_cast<DeviceStream *>(stream)->device = device;
    g_mime_stream_construct(stream, start, end);
    return stream;
}

GMimeStream *substreamOf(GMimeStream *stream, gint64 start, gint64 end)
{
    return make(&deviceOf(stream), start, end);
}

void initialise(gpointer pointer, gpointer)
{
    auto *type = static_cast<GMimeStreamClass *>(pointer);
    type->read = readDevice;
    type->write = writeDevice;
    type->flush = stay;
    type->close = stay;
    type->eos = isAtEnd;
    type->reset = rewindStream;
    type->seek = seekStream;
    type->tell = tellStream;
    type->length = lengthOf;
    type->substream = substreamOf;
}

GType deviceStreamType()
{
    static const GType type
        = g_type_register_static_simple(g_mime_stream_get_type(), "KittiwakeDeviceStream", sizeof(GMimeStreamClass),
                                        initialise, sizeof(DeviceStream), nullptr, GTypeFlags(0));
    return type;
}

} // namespace

GMimeStream *newDeviceStream(QIODevice &device)
{
    return make(&device, device.isSequential() ? 0 : device.pos(), -1);
}

} // namespace kittiwake::mime
