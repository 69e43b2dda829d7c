// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "ui/models/mailsource.h"
#include "ui/reader/textsearch.h"

#include <QWidget>

#include <memory>

class QCheckBox;
class QPlainTextEdit;

namespace kittiwake::ui
{

class Banner;

/**
 * The bytes of a message as the server has them, or its header alone, as text in a window of their own. The header also
 * decoded: each field on a line of its own, with encoded words and addresses as people write them.
 */
class SourceWindow final : public QWidget
{
    Q_OBJECT

public:
    enum class Show { Everything, Headers };

    /** The source must live longer than the window. */
    SourceWindow(MailSource &source, MessageId message, const QString &subject, Show show, QWidget *parent);
    ~SourceWindow() override;

    [[nodiscard]] QString text() const;

private:
    void fetch();
    void showBytes();

    MailSource &m_source;
    MessageId m_message;
    QFuture<Result<QByteArray>> m_fetch;
    QPlainTextEdit *m_text;
    QCheckBox *m_headersOnly;
    QCheckBox *m_decoded;
    FindBar *m_findBar;
    std::unique_ptr<TextSearch> m_search;
    QByteArray m_bytes;
    Banner *m_banner;
};

} // namespace kittiwake::ui
