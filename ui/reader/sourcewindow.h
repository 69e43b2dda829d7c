// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "ui/models/mailsource.h"

#include <QWidget>

class QCheckBox;
class QPlainTextEdit;

namespace kittiwake::ui
{

class Banner;

/** The bytes of a message as the server has them, or its header alone, as text in a window of their own. */
class SourceWindow final : public QWidget
{
    Q_OBJECT

public:
    SourceWindow(MailSource &source, MessageId message, const QString &subject, QWidget *parent);
    ~SourceWindow() override;

    [[nodiscard]] QString text() const;

private:
    void fetch();

    MailSource &m_source;
    MessageId m_message;
    QFuture<Result<QByteArray>> m_fetch;
    QPlainTextEdit *m_text;
    QCheckBox *m_headersOnly;
    Banner *m_banner;
};

} // namespace kittiwake::ui
