// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "ui/composer/outgoingfiles.h"

#include <QImage>
#include <QWidget>

#include <vector>

class QLabel;

namespace kittiwake::ui
{

class FlowLayout;
class OutgoingChip;

/** What goes along with the message: a chip for each file, and how large all of it is beside what the server takes. */
class OutgoingBar final : public QWidget
{
    Q_OBJECT

public:
    static constexpr std::size_t mostFiles = 200;

    explicit OutgoingBar(QWidget *parent = nullptr);

    /** They are looked at in a worker thread. */
    void addFiles(const QStringList &paths);
    void addPicture(const QImage &picture);
    void addPart(const mime::OutgoingPart &part);
    void setParts(const std::vector<mime::OutgoingPart> &parts);
    /** Something is on its way from elsewhere, and that is said until arrived(). */
    void expect(const QString &sentence);
    void arrived(const std::vector<mime::OutgoingPart> &parts);
    [[nodiscard]] std::vector<mime::OutgoingPart> parts() const;
    [[nodiscard]] const std::vector<OutgoingChip *> &chips() const { return m_chips; }
    /** Files are still being looked at. */
    [[nodiscard]] bool isBusy() const { return m_looking > 0; }

    /** Octets that the account's server takes; 0: not known. */
    void setLimit(std::uint64_t octets);
    [[nodiscard]] bool isOverLimit() const;
    /** Octets of a message that the server takes; 0: not known. */
    [[nodiscard]] std::uint64_t limit() const { return m_limit; }
    /** Octets of all files as they travel. */
    [[nodiscard]] std::int64_t sizeOnWay() const;

Q_SIGNALS:
    void changed(bool byPerson); ///< not what arrived by itself
    void refused(const QString &sentence);
    void ready(); ///< nothing is looked at any more

private:
    void add(const mime::OutgoingPart &part, const PartSummary &summary);
    void remove(OutgoingChip *chip);
    void finishLooking();
    void updateSize();

    FlowLayout *m_flow;
    QLabel *m_size;
    std::vector<OutgoingChip *> m_chips;
    std::uint64_t m_limit = 0;
    int m_looking = 0;
    QString m_expecting;
    bool m_isArriving = false;
    int m_pictures = 0;
};

} // namespace kittiwake::ui
