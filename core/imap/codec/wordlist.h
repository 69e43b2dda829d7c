// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "core/imap/codec/commandbuilder.h"

namespace kittiwake::imap
{

/** Puts a space before every word but the first. */
class Spaced
{
public:
    explicit Spaced(CommandBuilder &builder) : m_builder(builder) { }
    CommandBuilder &next()
    {
        if (m_started)
            m_builder.text(" ");
        m_started = true;
        return m_builder;
    }
    void word(bool wanted, const char *text)
    {
        if (wanted)
            next().text(text);
    }
    [[nodiscard]] bool isStarted() const { return m_started; }

private:
    CommandBuilder &m_builder;
    bool m_started = false;
};

/** "(SUBSCRIBED REMOTE)" and the like: parentheses only when there is a word. */
class WordList
{
public:
    explicit WordList(CommandBuilder &builder) : m_builder(builder) { }
    CommandBuilder &next()
    {
        m_builder.text(m_started ? " " : "(");
        m_started = true;
        return m_builder;
    }
    void word(bool wanted, const char *text)
    {
        if (wanted)
            next().text(text);
    }
    /** True if there was any word. */
    bool close()
    {
        if (m_started)
            m_builder.text(")");
        return m_started;
    }

private:
    CommandBuilder &m_builder;
    bool m_started = false;
};

} // namespace kittiwake::imap
