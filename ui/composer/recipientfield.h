// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "core/mail/address.h"

#include <QWidget>

#include <vector>

class QCompleter;
class QLineEdit;
class QStringListModel;

namespace kittiwake::ui
{

class FlowLayout;
class RecipientChip;

/**
 * A field for recipients: chips, and room to type the next one. Enter, comma, semicolon, Tab and leaving the field make
 * a chip of what was typed; lists are pasted and dropped as they come from anywhere. Nobody is in it twice. Backspace
 * at the start steps onto the last chip, and another one takes it away.
 */
class RecipientField final : public QWidget
{
    Q_OBJECT

public:
    explicit RecipientField(const QString &name, QWidget *parent = nullptr);

    [[nodiscard]] mail::AddressList addresses() const; ///< also what is typed, and what is no address
    [[nodiscard]] bool isEmpty() const;
    [[nodiscard]] bool hasInvalid() const;
    void setAddresses(const mail::AddressList &addresses);
    void addAddresses(const mail::AddressList &addresses);
    /** The chip that is no address, if there is one: it gets the focus, so that one sees what is meant. */
    bool focusInvalid();

    /** Offers people for what was typed, the likeliest first; what comes too late for what is typed now is left out. */
    void setSuggestions(const QString &typed, const mail::AddressList &people);
    /** Makes chips of what is typed. */
    void take();
    void remove(RecipientChip *chip);
    /** Another field's chip hovers over it. */
    void setDropAllowed(bool allowed);

    [[nodiscard]] QLineEdit *lineEdit() const { return m_edit; }
    [[nodiscard]] const std::vector<RecipientChip *> &chips() const { return m_chips; }

Q_SIGNALS:
    void changed();
    /** While one types: setSuggestions() answers. */
    void suggestionsWanted(const QString &typed);
    void chipDraggedTo(const QPoint &global);
    void chipDroppedAt(kittiwake::ui::RecipientChip *chip, const QPoint &global);

protected:
    bool eventFilter(QObject *watched, QEvent *event) override;
    void mousePressEvent(QMouseEvent *event) override;
    void dragEnterEvent(QDragEnterEvent *event) override;
    void dropEvent(QDropEvent *event) override;
    void paintEvent(QPaintEvent *event) override;

private:
    bool addChip(const mail::Address &address);
    void edit(RecipientChip *chip);
    void step(RecipientChip *from, int by);
    bool onKey(int key);

    QLineEdit *m_edit;
    FlowLayout *m_flow;
    QCompleter *m_completer;
    QStringListModel *m_offered;
    std::vector<RecipientChip *> m_chips;
    bool m_dropAllowed = false;
};

} // namespace kittiwake::ui
