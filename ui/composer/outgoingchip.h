// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "ui/attachments/filechip.h"
#include "ui/composer/outgoingfiles.h"

#include <QAbstractButton>

namespace kittiwake::ui
{

/** One file that goes along: its kind, name and size, and a cross that takes it away. */
class OutgoingChip final : public QAbstractButton
{
    Q_OBJECT

public:
    OutgoingChip(mime::OutgoingPart part, const PartSummary &summary, QWidget *parent = nullptr);

    [[nodiscard]] const mime::OutgoingPart &part() const { return m_part; }
    [[nodiscard]] const PartSummary &summary() const { return m_summary; }
    [[nodiscard]] QSize sizeHint() const override;

Q_SIGNALS:
    void removeRequested();

protected:
    void paintEvent(QPaintEvent *event) override;
    void keyPressEvent(QKeyEvent *event) override;
    void mouseReleaseEvent(QMouseEvent *event) override;

private:
    [[nodiscard]] FileChip look() const;
    [[nodiscard]] QRect crossRect() const;
    [[nodiscard]] QString sizeText() const;

    mime::OutgoingPart m_part;
    PartSummary m_summary;
};

} // namespace kittiwake::ui
