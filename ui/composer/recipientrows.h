// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "core/mime/composition.h"

#include <QWidget>

#include <array>

class QLabel;
class QToolButton;

namespace kittiwake::ui
{

class RecipientChip;
class RecipientField;

/**
 * Who gets the message: To, and Cc, Bcc and Reply-To once they are wanted. Chips are dragged from one field to another.
 * The fields themselves are of no fixed height; whoever shows them gives them room, or lets them be scrolled.
 */
class RecipientRows final : public QWidget
{
    Q_OBJECT

public:
    enum class Row { To, Cc, Bcc, ReplyTo };
    static constexpr std::size_t rowCount = 4;

    explicit RecipientRows(QWidget *parent = nullptr);

    /** Recipients of the composition; rows that hold somebody are shown. */
    void setRecipients(const mime::Composition &composition);
    void takeRecipients(mime::Composition &composition) const;
    /** To, Cc and Bcc. */
    [[nodiscard]] bool isEmpty() const;
    /** To and Cc: whoever sees the others. */
    [[nodiscard]] std::size_t visibleRecipients() const;
    void moveVisibleToBcc();
    /** Somebody outside ASCII before the @, for whom the server needs SMTPUTF8. */
    [[nodiscard]] bool focusInvalid();

    [[nodiscard]] RecipientField &field(Row row) const { return *m_rows.at(static_cast<std::size_t>(row)).field; }
    void showRow(Row row, bool focus);
    [[nodiscard]] bool isRowShown(Row row) const;
    /** How wide the column of names is, so that what stands above and below can stand in line. */
    [[nodiscard]] int labelWidth() const;
    void setLabelWidth(int width);
    [[nodiscard]] bool hasHeightForWidth() const override { return true; }
    [[nodiscard]] int heightForWidth(int width) const override;

Q_SIGNALS:
    void changed();
    void suggestionsWanted(kittiwake::ui::RecipientField *field, const QString &typed);
    void rowsChanged(); ///< one more is shown

protected:
    void paintEvent(QPaintEvent *event) override;

private:
    struct One {
        QWidget *widget = nullptr;
        QLabel *label = nullptr;
        RecipientField *field = nullptr;
        QToolButton *button = nullptr; ///< shows the row; none for To
    };
    void build(Row row, const QString &name);
    void hover(const QPoint &global);
    void drop(RecipientField *from, RecipientChip *chip, const QPoint &global);
    [[nodiscard]] RecipientField *fieldAt(const QPoint &global) const;

    std::array<One, rowCount> m_rows;
    QWidget *m_buttons;
};

} // namespace kittiwake::ui
