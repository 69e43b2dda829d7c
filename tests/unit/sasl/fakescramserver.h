// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <QByteArray>
#include <QCryptographicHash>
#include <QMessageAuthenticationCode>

/**
 * The server's side of SCRAM (RFC 5802 section 3), written from the RFC with Qt's hashes, so that the client is tested
 * against something else than the library behind it.
 */
class FakeScramServer
{
public:
    FakeScramServer(QCryptographicHash::Algorithm hash, QByteArray user, QByteArray password, quint32 iterations = 4096)
        : m_hash(hash), m_user(std::move(user)), m_password(std::move(password)), m_iterations(iterations)
    {
    }

    /** server-first for a client-first; empty where that is malformed. */
    QByteArray first(const QByteArray &clientFirst)
    {
        if (!clientFirst.startsWith("n,,"))
            return {};
        m_clientFirstBare = clientFirst.mid(3);
        const QByteArray name = "n=" + m_user + ",r=";
        if (!m_clientFirstBare.startsWith(name))
            return {};
        m_nonce = m_clientFirstBare.mid(name.size()) + "3rfcNHYJY1ZVvWVs7j";
        m_serverFirst = "r=" + m_nonce + ",s=" + m_salt.toBase64() + ",i=" + QByteArray::number(m_iterations);
        return m_serverFirst;
    }

    /** server-final for a client-final; "e=invalid-proof" where the proof is wrong. */
    QByteArray last(const QByteArray &clientFinal)
    {
        const qsizetype proofAt = clientFinal.lastIndexOf(",p=");
        const QByteArray withoutProof = clientFinal.left(proofAt);
        if (proofAt < 0 || withoutProof != "c=biws,r=" + m_nonce)
            return "e=other-error";
        const QByteArray salted = saltedPassword();
        const QByteArray clientKey = hmac(salted, "Client Key");
        const QByteArray storedKey = QCryptographicHash::hash(clientKey, m_hash);
        const QByteArray authMessage = m_clientFirstBare + ',' + m_serverFirst + ',' + withoutProof;
        const QByteArray proof = QByteArray::fromBase64(clientFinal.mid(proofAt + 3));
        if (exclusiveOr(proof, hmac(storedKey, authMessage)) != clientKey)
            return "e=invalid-proof";
        return "v=" + hmac(hmac(salted, "Server Key"), authMessage).toBase64();
    }

private:
    [[nodiscard]] QByteArray hmac(const QByteArray &key, const QByteArray &message) const
    {
        return QMessageAuthenticationCode::hash(message, key, m_hash);
    }
    [[nodiscard]] QByteArray saltedPassword() const
    {
        QByteArray round = hmac(m_password, m_salt + QByteArray::fromHex("00000001"));
        QByteArray sum = round;
        for (quint32 i = 1; i < m_iterations; ++i) {
            round = hmac(m_password, round);
            sum = exclusiveOr(sum, round);
        }
        return sum;
    }
    static QByteArray exclusiveOr(QByteArray left, const QByteArray &right)
    {
        for (qsizetype i = 0; i < qMin(left.size(), right.size()); ++i)
            left[i] = static_cast<char>(left[i] ^ right[i]);
        return left;
    }

    QCryptographicHash::Algorithm m_hash;
    QByteArray m_user;
    QByteArray m_password;
    quint32 m_iterations;
    // With a NUL, which a salt may well hold.
    QByteArray m_salt = QByteArray::fromHex("41250024a2c5980000e1f3");
    QByteArray m_clientFirstBare;
    QByteArray m_serverFirst;
    QByteArray m_nonce;
};
