// SPDX-License-Identifier: GPL-3.0-or-later
#include "ui/reader/remotecontent.h"

#include "ui/models/abandon.h"
#include "ui/widgets/banner.h"

#include <QAction>
#include <QBuffer>
#include <QImageReader>
#include <QThreadPool>

#include <algorithm>

namespace kittiwake::ui
{

namespace
{

/// Whether Qt can make a picture of the bytes; of a kind that this Qt has no decoder for, the header was enough
/// (core/remote/imagecheck.h). For a worker thread.
bool canBeDecoded(const mime::InlineImage &image)
{
    const QByteArray format = image.mimeType.mid(image.mimeType.indexOf('/') + 1);
    if (!QImageReader::supportedImageFormats().contains(format))
        return true;
    QBuffer buffer;
    buffer.setData(image.data);
    buffer.open(QIODevice::ReadOnly);
    QImageReader reader(&buffer, format);
    return !reader.read().isNull();
}

Result<engine::Pictures> withoutDamaged(Result<engine::Pictures> pictures)
{
    if (pictures) {
        pictures->failed += static_cast<int>(
            std::erase_if(pictures->images, [](const mime::InlineImage &image) { return !canBeDecoded(image); }));
    }
    return pictures;
}

} // namespace

RemoteContent::RemoteContent(MailSource &source, Banner *banner, QObject *parent)
    : QObject(parent), m_source(source), m_banner(banner), m_always(new QAction(this))
{
    m_always->setText(tr("Always load this sender's pictures"));
    m_always->setCheckable(true);
    m_always->setObjectName(QStringLiteral("alwaysLoadPictures"));
    connect(m_banner, &Banner::actionTriggered, this, &RemoteContent::load);
    connect(m_banner, &Banner::secondActionTriggered, this, [this] { remember(true); });
    connect(m_always, &QAction::triggered, this, &RemoteContent::remember);
    connect(&m_source, &MailSource::pictureSendersChanged, this, &RemoteContent::updateAction);
    updateAction();
}

void RemoteContent::clear()
{
    ++m_serial;
    abandon(m_fetch);
    m_sender = {};
    m_pictures.clear();
    m_trustworthy = false;
    m_offering = false;
    m_trackers = 0;
    m_others = 0;
    m_banner->setVisible(false);
    updateAction();
}

void RemoteContent::setMessage(const Sender &sender, const mime::MessageContent &content)
{
    clear();
    m_sender = sender;
    m_sender.address = sender.address.toLower();
    for (const mime::RemoteImage &image : content.remoteImages) {
        if (image.looksLikeTracker)
            ++m_trackers;
        else
            m_pictures.push_back(image);
    }
    m_others = static_cast<int>(content.blocked.size() - std::min(content.blocked.size(), content.remoteImages.size()));
    updateAction();
    if (content.blocked.empty())
        return;
    showBlocked();
}

void RemoteContent::senderInspected(bool trustworthy)
{
    m_trustworthy = trustworthy;
    updateAction();
    if (m_pictures.empty())
        return;
    if (trustworthy && isAlwaysAllowed())
        load();
    else if (m_offering)
        showBlocked(); // what may be remembered is known now
}

bool RemoteContent::canBeRemembered() const
{
    return m_sender.account.isValid() && !m_sender.address.isEmpty() && m_trustworthy;
}

bool RemoteContent::isAlwaysAllowed() const
{
    const std::vector<engine::PictureSender> allowed = m_source.pictureSenders();
    return canBeRemembered()
        && std::find(allowed.begin(), allowed.end(), engine::PictureSender{m_sender.account, m_sender.address})
        != allowed.end();
}

void RemoteContent::updateAction()
{
    // A permission can be taken back of whoever it was given to.
    const std::vector<engine::PictureSender> allowed = m_source.pictureSenders();
    const bool given
        = std::find(allowed.begin(), allowed.end(), engine::PictureSender{m_sender.account, m_sender.address})
        != allowed.end();
    m_always->setEnabled(given || canBeRemembered());
    m_always->setChecked(given);
}

void RemoteContent::showBlocked()
{
    m_offering = true;
    QStringList sentences;
    if (!m_pictures.empty()) {
        sentences.append(tr("%Ln picture(s) from the Internet were not loaded, to protect your privacy.", nullptr,
                            static_cast<int>(m_pictures.size())));
    }
    if (m_trackers > 0) {
        sentences.append(
            tr("%Ln item(s) look like trackers, which tell the sender that you read this; they stay blocked.", nullptr,
               m_trackers));
    }
    if (m_others > 0) {
        sentences.append(tr("%Ln item(s) that this message wanted to load from the Internet were left out to protect "
                            "your privacy.",
                            nullptr, m_others));
    }
    const bool any = !m_pictures.empty();
    m_banner->showMessage(theme::Tone::Info, sentences.join(QLatin1Char(' ')), any ? tr("Load once") : QString(),
                          any && canBeRemembered() ? tr("Always for this sender") : QString());
}

void RemoteContent::load()
{
    if (m_pictures.empty())
        return;
    m_offering = false;
    m_banner->showMessage(theme::Tone::Info, tr("Loading pictures…"));
    const quint64 serial = ++m_serial;
    abandon(m_fetch);
    m_fetch = m_source.fetchPictures(m_pictures);
    m_fetch.then(QThreadPool::globalInstance(), &withoutDamaged)
        .then(this, [this, serial](const Result<engine::Pictures> &pictures) {
            if (serial != m_serial)
                return;
            if (!pictures) {
                m_banner->showMessage(theme::Tone::Error, pictures.error().userText, tr("Try again"));
                return;
            }
            if (!pictures->images.empty())
                Q_EMIT picturesLoaded(pictures->images);
            if (pictures->failed > 0)
                m_banner->showMessage(theme::Tone::Info,
                                      tr("%Ln picture(s) could not be loaded.", nullptr, pictures->failed),
                                      tr("Try again"));
            else
                m_banner->setVisible(false);
        });
}

void RemoteContent::remember(bool allowed)
{
    if (allowed && !canBeRemembered())
        return;
    m_source.setPictureSender({m_sender.account, m_sender.address}, allowed)
        .then(this, [this](const Result<void> &stored) {
            if (!stored)
                Q_EMIT failed(stored.error().userText);
            updateAction();
        });
    if (allowed)
        load();
}

} // namespace kittiwake::ui
