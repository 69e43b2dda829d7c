// SPDX-License-Identifier: GPL-3.0-or-later
#include "tests/sim/model/personality.h"

namespace kittiwake::sim::model
{

std::vector<std::string> Personality::capabilities() const
{
    std::vector<std::string> names{"IMAP4rev1"};
    const auto offer = [&names](bool has, const char *name) {
        if (has)
            names.emplace_back(name);
    };
    offer(saslIr, "SASL-IR");
    offer(authPlain, "AUTH=PLAIN");
    offer(literalPlus, "LITERAL+");
    offer(id, "ID");
    offer(enable, "ENABLE");
    offer(idle, "IDLE");
    offer(notify, "NOTIFY");
    offer(namespaces, "NAMESPACE");
    offer(uidPlus, "UIDPLUS");
    offer(move, "MOVE");
    offer(unselect, "UNSELECT");
    offer(listExtended, "LIST-EXTENDED");
    offer(listExtended && listStatus, "LIST-STATUS");
    offer(specialUse, "SPECIAL-USE");
    offer(esearch, "ESEARCH");
    offer(compress, "COMPRESS=DEFLATE");
    offer(condstore, "CONDSTORE");
    offer(qresync, "QRESYNC");
    return names;
}

Personality choosePersonality(SeededRandom &random, bool lies)
{
    Personality server;
    // A third each: QRESYNC, CONDSTORE alone, neither.
    const std::uint64_t generation = random.below(3);
    server.qresync = generation == 0;
    server.condstore = generation <= 1;
    server.enable = server.qresync || random.percent(70);
    server.idle = random.percent(85);
    server.notify = random.percent(35);
    server.listExtended = random.percent(70);
    server.listStatus = random.percent(70);
    server.specialUse = random.percent(70);
    server.move = random.percent(70);
    server.uidPlus = random.percent(80);
    server.esearch = random.percent(70);
    server.unselect = random.percent(80);
    server.namespaces = random.percent(80);
    server.id = random.percent(80);
    server.compress = random.percent(30);
    server.saslIr = random.percent(80);
    server.authPlain = random.percent(30);
    server.literalPlus = random.percent(70);
    server.tellsCapabilitiesInGreeting = random.percent(70);
    server.tellsCapabilitiesAtSignIn = random.percent(70);
    server.expungesInUidCommands = random.percent(60);
    server.tellsUidsUnasked = random.percent(60);
    server.closesWhenDeleted = random.percent(60);
    server.tellsIdleLate = random.percent(40);
    server.copiesWhatIsLeft = server.namespaces != server.id; // a draw more would make another history of every seed
    if (!lies)
        return server;
    const auto some = [&random](std::uint64_t chance, std::uint64_t most) {
        return random.percent(chance) ? static_cast<unsigned>(random.between(1, most)) : 0U;
    };
    server.lostTags = some(30, 15);
    server.refusals = some(40, 40);
    server.duplicateExists = some(50, 200);
    server.byes = some(30, 15);
    server.hangs = some(20, 8);
    server.shrinksExists = random.percent(10);
    server.generousVanished = random.percent(30);
    server.permutesCopyUid = random.percent(20);
    server.overQuota = some(15, 60);
    // No draw of its own, as above.
    server.locked = server.refusals % 4 < 3 ? server.refusals % 4 : 0;
    return server;
}

} // namespace kittiwake::sim::model
