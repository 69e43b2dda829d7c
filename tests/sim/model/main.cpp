// SPDX-License-Identifier: GPL-3.0-or-later
// The model server alone, for whoever wants to compare it with a real one (test_model.py). Frames in both directions:
// "<session> <size>\n" and so many bytes. A session begins with its first frame. After each frame that came in, every
// session is told what has changed, and "done\n" follows everything that was said.
#include "tests/sim/model/session.h"

#include <cstdio>
#include <map>
#include <memory>

using namespace kittiwake::sim;

namespace
{

class Host final : public model::SessionHost
{
public:
    Host(int number, model::MailModel &mail, const model::Personality &personality)
        : m_number(number), m_session(mail, personality, 1, *this)
    {
        m_session.greet();
    }
    void send(const std::string &bytes) override
    {
        std::printf("%d %zu\n", m_number, bytes.size());
        std::fwrite(bytes.data(), 1, bytes.size(), stdout);
    }
    void close() override { }
    void later(std::function<void()> callback) override { m_later.push_back(std::move(callback)); }
    void muchLater(std::function<void()> callback) override { m_later.push_back(std::move(callback)); }
    void changed() override { }
    void working(const std::shared_ptr<model::Mailbox> &) override { }

    void receive(const std::string &bytes)
    {
        m_session.receive(bytes);
        while (!m_later.empty()) {
            const auto callback = std::move(m_later.front());
            m_later.pop_front();
            callback();
        }
    }
    void poke() { m_session.poke(); }

private:
    int m_number;
    std::deque<std::function<void()>> m_later;
    model::Session m_session;
};

} // namespace

int main()
{
    model::MailModel mail;
    // As tests/servers/dovecotconfig.py has them.
    for (const char *name : {"Archive", "Drafts", "Junk", "Sent", "Trash"}) {
        if (mail.create(name))
            mail.find(name)->specialUse = std::string("\\") + name;
    }
    model::Personality personality;
    personality.notify = true;
    std::map<int, std::unique_ptr<Host>> sessions;
    int number = 0;
    std::size_t size = 0;
    while (std::scanf("%d %zu", &number, &size) == 2 && size < 10'000'000) {
        std::getchar(); // the line's end
        std::string bytes(size, '\0');
        if (std::fread(bytes.data(), 1, size, stdin) != size)
            break;
        auto &session = sessions[number];
        if (!session)
            session = std::make_unique<Host>(number, mail, personality);
        session->receive(bytes);
        for (const auto &[other, host] : sessions)
            host->poke();
        std::printf("done\n");
        std::fflush(stdout);
    }
    return 0;
}
