// SPDX-License-Identifier: GPL-3.0-or-later
#include "ui/composer/outgoingbar.h"

#include "ui/composer/outgoingchip.h"
#include "ui/widgets/flowlayout.h"
#include "ui/widgets/inworker.h"
#include "ui/widgets/theme.h"

#include <QLabel>

#include <algorithm>

namespace kittiwake::ui
{

OutgoingBar::OutgoingBar(QWidget *parent)
    : QWidget(parent), m_flow(new FlowLayout(theme::padding, this)), m_size(new QLabel(this))
{
    setObjectName(QStringLiteral("outgoingBar"));
    setAccessibleName(tr("Attachments"));
    m_flow->setContentsMargins(theme::margins(20, 8, 16, 8));
    m_size->setObjectName(QStringLiteral("outgoingSize"));
    m_size->setForegroundRole(QPalette::PlaceholderText);
    m_size->setMinimumHeight(qMax(32, fontMetrics().height() + 12));
    m_flow->addWidget(m_size);
    QSizePolicy policy(QSizePolicy::Preferred, QSizePolicy::Preferred);
    policy.setHeightForWidth(true);
    setSizePolicy(policy);
    setVisible(false);
}

void OutgoingBar::addFiles(const QStringList &paths)
{
    if (paths.isEmpty())
        return;
    ++m_looking;
    inWorker([paths] { return lookAtFiles(paths); }).then(this, [this](const std::vector<FoundFile> &found) {
        QStringList refusals;
        for (const FoundFile &one : found) {
            if (!one.refusal.isEmpty())
                refusals.push_back(one.refusal);
            else
                add(one.file, {one.file.name, one.file.type, one.size});
        }
        if (!refusals.isEmpty())
            Q_EMIT refused(refusals.mid(0, 5).join(QLatin1Char(' ')));
        finishLooking();
    });
}

void OutgoingBar::addPicture(const QImage &picture)
{
    if (picture.isNull())
        return;
    ++m_looking;
    ++m_pictures;
    const QString name = m_pictures == 1 ? tr("Picture") : tr("Picture %1").arg(m_pictures);
    inWorker([picture, name] { return pictureFile(picture, name); }).then(this, [this](const mime::OutgoingFile &file) {
        addPart(file);
        finishLooking();
    });
}

void OutgoingBar::finishLooking()
{
    if (--m_looking == 0)
        Q_EMIT ready();
}

void OutgoingBar::addPart(const mime::OutgoingPart &part)
{
    const auto *file = std::get_if<mime::OutgoingFile>(&part);
    const QString *path = file != nullptr ? std::get_if<QString>(&file->content) : nullptr;
    if (path != nullptr)
        addFiles({*path});
    else
        add(part, summaryOf(part));
}

void OutgoingBar::setParts(const std::vector<mime::OutgoingPart> &parts)
{
    while (!m_chips.empty())
        remove(m_chips.back());
    for (const mime::OutgoingPart &part : parts)
        addPart(part);
}

void OutgoingBar::expect(const QString &sentence)
{
    ++m_looking;
    m_expecting = sentence;
    setVisible(true);
    updateSize();
    Q_EMIT changed(false);
}

void OutgoingBar::arrived(const std::vector<mime::OutgoingPart> &parts)
{
    m_expecting.clear();
    m_isArriving = true;
    for (const mime::OutgoingPart &part : parts)
        addPart(part);
    setVisible(!m_chips.empty());
    updateSize();
    Q_EMIT changed(false);
    m_isArriving = false;
    finishLooking();
}

std::vector<mime::OutgoingPart> OutgoingBar::parts() const
{
    std::vector<mime::OutgoingPart> result;
    for (const OutgoingChip *chip : m_chips)
        result.push_back(chip->part());
    return result;
}

void OutgoingBar::add(const mime::OutgoingPart &part, const PartSummary &summary)
{
    const auto isSame = [&part](const OutgoingChip *chip) { return chip->part() == part; };
    if (std::any_of(m_chips.begin(), m_chips.end(), isSame))
        return; // dropped twice
    if (m_chips.size() >= mostFiles) {
        Q_EMIT refused(
            tr("A message can take %Ln file(s). Put the rest into an archive.", nullptr, static_cast<int>(mostFiles)));
        return;
    }
    auto *chip = new OutgoingChip(part, summary, this);
    m_chips.push_back(chip);
    m_flow->removeWidget(m_size);
    m_flow->addWidget(chip);
    m_flow->addWidget(m_size);
    connect(chip, &OutgoingChip::removeRequested, this, [this, chip] {
        const auto at = std::find(m_chips.begin(), m_chips.end(), chip) - m_chips.begin();
        const bool hadFocus = chip->hasFocus();
        remove(chip);
        if (!hadFocus)
            return;
        if (m_chips.empty())
            focusPreviousChild();
        else
            m_chips[std::min(static_cast<std::size_t>(at), m_chips.size() - 1)]->setFocus();
    });
    chip->show();
    setVisible(true);
    updateSize();
    updateGeometry();
    Q_EMIT changed(!m_isArriving);
}

void OutgoingBar::remove(OutgoingChip *chip)
{
    std::erase(m_chips, chip);
    m_flow->removeWidget(chip);
    chip->hide();
    chip->deleteLater(); // it may be in one of its own events
    setVisible(!m_chips.empty() || !m_expecting.isEmpty());
    updateSize();
    updateGeometry();
    Q_EMIT changed(!m_isArriving);
}

std::int64_t OutgoingBar::sizeOnWay() const
{
    std::int64_t octets = 0;
    for (const OutgoingChip *chip : m_chips)
        octets += sizeOnTheWay(chip->summary().size);
    return octets;
}

void OutgoingBar::setLimit(std::uint64_t octets)
{
    m_limit = octets;
    updateSize();
}

bool OutgoingBar::isOverLimit() const
{
    return m_limit > 0 && static_cast<std::uint64_t>(sizeOnWay()) > m_limit;
}

void OutgoingBar::updateSize()
{
    const auto shown
        = [this](std::int64_t octets) { return locale().formattedDataSize(octets, 1, QLocale::DataSizeSIFormat); };
    const QString size = shown(sizeOnWay());
    if (!m_expecting.isEmpty()) {
        m_size->setText(m_expecting);
        return;
    }
    m_size->setText(m_limit > 0
                        ? tr("%1 to send, %2 allowed", "sizes")
                              .arg(size, shown(static_cast<std::int64_t>(qMin<std::uint64_t>(m_limit, INT64_MAX))))
                        : tr("%1 to send", "a size").arg(size));
    QPalette colours = palette();
    colours.setColor(QPalette::PlaceholderText,
                     isOverLimit() ? theme::toneMark(colours, theme::Tone::Error)
                                   : QWidget::palette().color(QPalette::PlaceholderText));
    m_size->setPalette(colours);
}

} // namespace kittiwake::ui
