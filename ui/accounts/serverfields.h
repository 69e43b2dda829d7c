// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "core/engine/engine.h"

#include <QWidget>

#include <optional>

class QComboBox;
class QLineEdit;
class QSpinBox;

namespace kittiwake::ui
{

/** Host, port and kind of TLS of one server. The port follows the kind of TLS until somebody types one. */
class ServerFields final : public QWidget
{
    Q_OBJECT

public:
    enum class Protocol { Imap, Smtp };

    ServerFields(Protocol protocol, QWidget *parent = nullptr);

    void setServer(const accounts::Server &server);
    /** None where no host is given. */
    [[nodiscard]] std::optional<accounts::Server> server() const;
    [[nodiscard]] QLineEdit *hostField() const { return m_host; }

Q_SIGNALS:
    void changed();

private:
    [[nodiscard]] int usualPort() const;

    Protocol m_protocol;
    QLineEdit *m_host;
    QSpinBox *m_port;
    QComboBox *m_tls;
    bool m_portTyped = false;
};

} // namespace kittiwake::ui
