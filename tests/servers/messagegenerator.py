# SPDX-License-Identifier: GPL-3.0-or-later
"""Many small messages, fast and the same for the same seed: for tests and benchmarks of size.

They are varied where a client's work varies (encoded words, threads, several recipients,
multiparts with an attachment, flags and keywords, sizes, dates out of order); for mail that is
nice to look at see tests/fixtures/samplemail.
"""

import base64
import calendar
import random
import time

GIVEN = ("Anna Ben Clara David Elif Farid Greta Hugo Ines Jonas Karla Liam Mei Nadia Oskar Paula Quentin Rosa Sven "
         "Tara Ulrich Vera Wanda Xenia Yusuf Zoe Åsa Zoë Jürgen Łukasz François Σοφία Дмитрий 美咲 민준").split()
FAMILY = ("Adler Brandt Costa Dubois Evans Fischer García Hansen Ito Jensen Kowalski Lindqvist Moreau Novák Okafor "
          "Petrov Quist Rossi Schäfer Tanaka Ueda Vogel Weiß Yilmaz Zhang Παπαδοπούλου Иванов 김").split()
DOMAINS = ("example.org", "example.com", "mail.example.net", "lists.example.org", "shop.example.com")
TOPICS = ("Quarterly figures", "Lunch on Thursday", "Your order has been shipped", "Minutes of the meeting",
          "Fahrplan für die nächste Woche", "Rechnung Nr. 4711", "Réunion de chantier", "Próxima reunión del equipo",
          "Билеты на пятницу", "来週の打ち合わせについて", "회의 일정 안내", "Spotkanie we wtorek", "Build failed on main",
          "A question about the draft", "Photos from the weekend", "Invitation: summer party", "Weekly digest",
          "Änderung der Öffnungszeiten", "Security notice", "Re-arranging the office")
SENTENCES = ("Thank you for the quick answer.", "I have attached the latest version.", "Could you have a look at it?",
             "We will meet at ten in the small room.", "The delivery arrives on Friday morning.",
             "Bitte geben Sie uns bis Montag Bescheid.", "Merci de votre réponse rapide.",
             "Nos vemos la semana que viene.", "The numbers on page three do not add up yet.",
             "Nothing else changed since yesterday.", "До встречи на следующей неделе.", "よろしくお願いいたします。")
KEYWORDS = ("$Forwarded", "$Important", "work", "travel", "$MDNSent")
MONTHS = "Jan Feb Mar Apr May Jun Jul Aug Sep Oct Nov Dec".split()
DAYS = "Mon Tue Wed Thu Fri Sat Sun".split()


def encoded(text):
    """RFC 2047, in pieces of at most 75 characters that never split a character."""
    if text.isascii():
        return text
    words, piece = [], ""
    for character in text:
        if len((piece + character).encode()) > 42:
            words.append(piece)
            piece = ""
        piece += character
    words.append(piece)
    return "\r\n ".join("=?utf-8?B?%s?=" % base64.b64encode(word.encode()).decode() for word in words)


class MessageGenerator:
    """Yields (message bytes, flags, seconds since 1970). `recipient` is the owner of the mailbox."""

    def __init__(self, seed, recipient, start=calendar.timegm((2019, 1, 1, 8, 0, 0))):
        self.random = random.Random(seed)
        self.seed = seed
        self.recipient = recipient
        self.start = start
        self.people = [self._person() for _ in range(200)]
        self.topics = [(topic, encoded(topic)) for topic in TOPICS]
        self.bodies = [self._body() for _ in range(64)]
        self.attachment = base64.encodebytes(self.random.randbytes(6000)).replace(b"\n", b"\r\n").decode()
        self.thread = []

    def _person(self):
        given, family = self.random.choice(GIVEN), self.random.choice(FAMILY)
        local = "user%d" % self.random.randrange(10000)
        name = encoded(f"{given} {family}")
        return "%s <%s@%s>" % (name if name.startswith("=?") else f'"{name}"', local, self.random.choice(DOMAINS))

    def _body(self):
        paragraphs = []
        for _ in range(self.random.randint(1, 7)):
            paragraphs.append(" ".join(self.random.choices(SENTENCES, k=self.random.randint(1, 6))))
        return "\r\n\r\n".join(paragraphs) + "\r\n"

    def _flags(self, value):
        flags = []
        if value < 0.8:
            flags.append("\\Seen")
        if value < 0.15:
            flags.append("\\Answered")
        if 0.3 < value < 0.35:
            flags.append("\\Flagged")
        if 0.5 < value < 0.56:
            flags.append(KEYWORDS[int(value * 10000) % len(KEYWORDS)])
        return " ".join(flags)

    def message(self, number):
        rand = self.random.random
        sender = self.people[int(rand() * 200)]
        plain_topic = self.topics[int(rand() * len(self.topics))][1]
        identifier = "<%d.%d.%d@example.org>" % (self.seed, number, int(rand() * 1e9))
        # About ten messages an hour of a working life, and one in fifty arrives out of order.
        when = self.start + number * 360 + int(rand() * 300)
        header_when = when - int(rand() * 4e6) if rand() < 0.02 else when - int(rand() * 20)
        references = ""
        if self.thread and rand() < 0.4:
            chain = self.thread[int(rand() * len(self.thread))]
            plain_topic = "Re: " + chain[1]
            references = "In-Reply-To: %s\r\nReferences: %s\r\n" % (chain[0][-1], "\r\n ".join(chain[0]))
            if len(chain[0]) < 12:
                chain[0].append(identifier)
        else:
            self.thread.append(([identifier], plain_topic))
            if len(self.thread) > 40:
                self.thread.pop(0)
        to = self.recipient
        if rand() < 0.2:
            to += ",\r\n " + ",\r\n ".join(self.people[int(rand() * 200)] for _ in range(int(rand() * 4) + 1))
        date = time.gmtime(header_when)
        header = (
            "Return-Path: <bounce@example.org>\r\n"
            "Received: from mx.example.org (mx.example.org [192.0.2.25])\r\n\tby mail.kittiwake.example with ESMTPS\r\n"
            "\tid %08x; %s\r\n"
            "From: %s\r\nTo: %s\r\nSubject: %s\r\nDate: %s\r\nMessage-ID: %s\r\n%sMIME-Version: 1.0\r\n"
            % (number, self._date(date), sender, to, plain_topic, self._date(date), identifier, references))
        body = self.bodies[int(rand() * 64)]
        shape = rand()
        if shape < 0.1:
            boundary = "=_part_%d_%d" % (self.seed, number)
            text = (
                "%sContent-Type: multipart/mixed; boundary=\"%s\"\r\n\r\n--%s\r\n"
                "Content-Type: text/plain; charset=utf-8\r\nContent-Transfer-Encoding: 8bit\r\n\r\n%s\r\n--%s\r\n"
                "Content-Type: application/pdf; name=\"report-%d.pdf\"\r\n"
                "Content-Disposition: attachment; filename=\"report-%d.pdf\"\r\n"
                "Content-Transfer-Encoding: base64\r\n\r\n%s\r\n--%s--\r\n"
                % (header, boundary, boundary, body, boundary, number, number, self.attachment, boundary))
        elif shape < 0.4:
            boundary = "=_alt_%d_%d" % (self.seed, number)
            paragraphs = "</p>\r\n<p>".join(body.strip().split("\r\n\r\n"))
            text = (
                "%sContent-Type: multipart/alternative; boundary=\"%s\"\r\n\r\n--%s\r\n"
                "Content-Type: text/plain; charset=utf-8\r\nContent-Transfer-Encoding: 8bit\r\n\r\n%s\r\n--%s\r\n"
                "Content-Type: text/html; charset=utf-8\r\nContent-Transfer-Encoding: 8bit\r\n\r\n"
                "<html><body><p>%s</p></body></html>\r\n--%s--\r\n"
                % (header, boundary, boundary, body, boundary, paragraphs, boundary))
        else:
            text = ("%sContent-Type: text/plain; charset=utf-8\r\nContent-Transfer-Encoding: 8bit\r\n\r\n%s"
                    % (header, body))
        return text.encode(), self._flags(rand()), when

    @staticmethod
    def _date(moment):
        return "%s, %d %s %d %02d:%02d:%02d +0000" % (
            DAYS[moment.tm_wday], moment.tm_mday, MONTHS[moment.tm_mon - 1], moment.tm_year, moment.tm_hour,
            moment.tm_min, moment.tm_sec)

    def messages(self, count):
        for number in range(1, count + 1):
            yield self.message(number)


def internal_date(seconds):
    """date-time of RFC 3501, section 9."""
    moment = time.gmtime(seconds)
    return '"%2d-%s-%d %02d:%02d:%02d +0000"' % (
        moment.tm_mday, MONTHS[moment.tm_mon - 1], moment.tm_year, moment.tm_hour, moment.tm_min, moment.tm_sec)
