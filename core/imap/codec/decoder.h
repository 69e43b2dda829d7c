// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "core/imap/codec/fragmenter.h"

#include <QByteArray>
#include <QByteArrayList>
#include <QByteArrayView>

#include <cstdint>
#include <span>

namespace kittiwake::imap
{

/** A string of the message: a part of it, or, where it had escapes or stood apart, bytes of its own. */
struct StringToken {
    QByteArrayView view;
    QByteArray owned; ///< what view looks at, if it is not the message
    bool isNil = false;

    [[nodiscard]] QByteArray toByteArray() const { return owned.isNull() ? view.toByteArray() : owned; }
};

/**
 * Reads one message from left to right, a token of the grammar at a time (RFC 9051 section 9). The methods are named
 * after the ABNF: `x()` takes an x if one stands there and says whether it did; `expectX()` records an error where none
 * stands. After the first error every method fails, so a caller may check once at the end of a chain. Never goes back,
 * never looks past the message; views live as long as the message.
 */
class Decoder
{
public:
    static constexpr int maximumDepth = 64; ///< of parentheses, whatever they hold

    explicit Decoder(QByteArrayView message, std::span<const DetachedLiteral> literals = {})
        : m_begin(message.begin()), m_at(message.begin()), m_end(message.end()), m_literals(literals)
    {
    }

    [[nodiscard]] bool isFailed() const { return m_why != nullptr; }
    [[nodiscard]] const char *why() const { return m_why; }
    [[nodiscard]] qsizetype position() const { return m_at - m_begin; } ///< of the error once there is one
    /** Records the first error. Always false, to be returned. */
    bool fail(const char *why);

    [[nodiscard]] bool atEnd() const { return m_at == m_end; }
    /** The next byte; NUL at the end and after an error. */
    [[nodiscard]] char peek() const { return m_at == m_end || m_why ? '\0' : *m_at; }
    /** Everything from here, without moving. */
    [[nodiscard]] QByteArrayView rest() const { return {m_at, m_end - m_at}; }
    void skip(qsizetype bytes) { m_at += qMin(bytes, m_end - m_at); }

    bool special(char c)
    {
        if (m_at == m_end || m_why || *m_at != c)
            return false;
        ++m_at;
        return true;
    }
    bool expectSpecial(char c) { return special(c) || fail("a delimiter is missing"); }
    bool space() { return special(' '); }
    bool expectSpace() { return special(' ') || fail("a space is missing"); }
    /** Any number of spaces, none included: servers send too many and too few. */
    void spaces()
    {
        while (special(' ')) { }
    }
    /** Only spaces up to the end of the message. */
    bool expectEnd();

    /** ATOM-CHAR without "[", "]", "<", ">": names of commands, codes and FETCH items. */
    bool keyword(QByteArrayView &value);
    bool expectKeyword(QByteArrayView &value) { return keyword(value) || fail("a keyword is missing"); }
    /** Everything up to a space, a parenthesis or the end: flags (Gmail sends "]" in them), and what stands for atoms.
     */
    bool atom(QByteArrayView &value);
    bool expectAtom(QByteArrayView &value) { return atom(value) || fail("an atom is missing"); }
    /** NIL, and nothing glued to it. */
    bool nil();

    /** Digits only, up to maximum (CVE-2026-4371). Leaves what is no number where it is; too large is an error. */
    bool number(std::uint64_t &value, std::uint64_t maximum);
    bool expectNumber(std::uint32_t &value);
    bool expectNumber64(std::uint64_t &value); ///< 63 bits (RFC 9051 section 9)
    /**
     * A size or a count of lines. Besides digits: "9.3736e+06" (mail.ru, MailKit issue 1838), a negative number or NIL
     * (both read as 0). Only for values that nothing is computed from.
     */
    bool expectSize(std::uint64_t &value);
    /** mod-sequence-value; 0 for a negative number: Zoho sends -1. */
    bool expectModSeq(std::uint64_t &value);

    /** quoted, literal or literal8. */
    bool string(StringToken &value);
    /** string or NIL; any other atom counts as a string. */
    bool expectNString(StringToken &value);
    bool expectNString(QByteArray &value); ///< NIL is empty
    /** string or atom; NIL is the text "NIL" (RFC 9051 section 4.5). */
    bool expectAString(StringToken &value);
    bool expectAString(QByteArray &value);
    /** "(" [astring *(SP astring)] ")", NIL, or a single string. Fails beyond maximum. */
    bool expectStringList(QByteArrayList &values, int maximum);

    /** Opens a parenthesis if one stands there. */
    bool enter();
    bool expectEnter() { return enter() || fail("an opening parenthesis is missing"); }
    /** Takes the closing parenthesis if it stands there, perhaps behind spaces. */
    bool leave();
    bool expectLeave() { return leave() || fail("a closing parenthesis is missing"); }
    /** Whether a list that was entered goes on: false at its end, which is taken, and after an error. */
    bool more() { return !leave() && (!atEnd() || fail("a list has no end")) && !isFailed(); }
    [[nodiscard]] int depth() const { return m_depth; }
    /** Any value: a string, an atom, or a list of values, nested at most maximumDepth deep. */
    bool expectAnyValue();

private:
    bool quoted(StringToken &value);
    bool literal(StringToken &value);

    const char *m_begin;
    const char *m_at;
    const char *m_end;
    std::span<const DetachedLiteral> m_literals;
    const char *m_why = nullptr;
    int m_depth = 0;
};

/** Compared without regard to ASCII case; word is upper case. */
[[nodiscard]] inline bool isWord(QByteArrayView text, QByteArrayView word)
{
    if (text.size() != word.size())
        return false;
    for (qsizetype i = 0; i < text.size(); ++i) {
        const char c = text[i];
        if ((c >= 'a' && c <= 'z' ? static_cast<char>(c - 0x20) : c) != word[i])
            return false;
    }
    return true;
}

} // namespace kittiwake::imap
