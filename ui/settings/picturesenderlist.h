// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "ui/models/mailsource.h"

#include <QWidget>

class QListWidget;
class QPushButton;

namespace kittiwake::ui
{

/** The senders whose pictures are always loaded, and a button that takes it back. */
class PictureSenderList final : public QWidget
{
    Q_OBJECT

public:
    explicit PictureSenderList(MailSource &source, QWidget *parent = nullptr);

private:
    void fill();
    void removeSelected();

    MailSource &m_source;
    QListWidget *m_list;
    QPushButton *m_remove;
};

} // namespace kittiwake::ui
