# SPDX-License-Identifier: GPL-3.0-or-later
"""Messages that are hard to describe, for the suites of this folder. All of it is believable: mail looks like that."""

import base64

# (name, header lines): each header is legal or common, and each has broken some client.
ODD_HEADERS = {
    "no date": "From: a@example.org\nSubject: no date\nMessage-ID: <odd1@example.org>\n",
    "no sender": "Subject: no sender\nDate: Tue, 3 Mar 2020 10:00:00 +0100\nMessage-ID: <odd2@example.org>\n",
    "nothing at all": "X-Nothing: 1\n",
    "empty subject": "From: a@example.org\nSubject:\nDate: Tue, 3 Mar 2020 10:00:01 +0100\n",
    "date that is none": "From: a@example.org\nSubject: date that is none\nDate: as soon as possible\n",
    "zone by name": "From: a@example.org\nSubject: zone by name\nDate: Tue, 3 Mar 2020 10:00:02 EST\n",
    "year of two digits": "From: a@example.org\nSubject: two digits\nDate: 3 Mar 98 10:00 +0000\n",
    "raw UTF-8": "From: Jürgen Groß <j@example.org>\nSubject: Grüße aus Köln\nDate: Tue, 3 Mar 2020 10:00:03 +0000\n",
    "Q encoding": "From: =?iso-8859-1?Q?J=FCrgen_Gro=DF?= <j@example.org>\n"
                  "Subject: =?ISO-8859-15?q?Preis:_10_=A4?= and =?utf-8?B?w6TDtsO8?=\n"
                  "Date: Tue, 3 Mar 2020 10:00:04 +0000\n",
    "words that join": "From: a@example.org\nSubject: =?utf-8?B?5pel5pys?=\n =?utf-8?B?6Kqe?= text\n"
                       "Date: Tue, 3 Mar 2020 10:00:05 +0000\n",
    "quoted name": 'From: "Müller, Anna \\"AM\\"" <anna@example.org>\nTo: "a, b" <ab@example.org>, c@example.org\n'
                   "Subject: quoted name\nDate: Tue, 3 Mar 2020 10:00:06 +0000\n",
    "folded": "From: Somebody\n <folded@example.org>\nSubject: a subject that was folded\n in the middle\n"
              "Date: Tue,\n 3 Mar 2020 10:00:07 +0000\nMessage-ID:\n <odd9@example.org>\n",
    "quotes and backslashes": 'From: a@example.org\nSubject: "quoted" \\ and (brackets) {5} * % ]\n'
                              "Date: Tue, 3 Mar 2020 10:00:08 +0000\n",
    "long subject": "From: a@example.org\nSubject: " + "\n ".join(["word " * 10] * 18) + "end\n"
                    "Date: Tue, 3 Mar 2020 10:00:09 +0000\n",
    "eight-bit Latin": b"From: a@example.org\nSubject: caf\xe9\nDate: Tue, 3 Mar 2020 10:00:10 +0000\n"
                       .decode("utf-8", "surrogateescape"),
    "many recipients": "From: a@example.org\nTo: " + ",\n ".join(f"R{n} <r{n}@example.org>" for n in range(60))
                       + "\nSubject: many\nDate: Tue, 3 Mar 2020 10:00:11 +0000\n",
    "beyond 16 bits": "From: =?utf-8?B?8J+QpiBCaXJk?= <bird@example.org>\nSubject: =?utf-8?B?8J+QpiDwn5Cm?=\n"
                      "Date: Tue, 3 Mar 2020 10:00:12 +0000\n",
}


def odd_messages():
    for number, header in enumerate(ODD_HEADERS.values()):
        yield header + f"MIME-Version: 1.0\n\nOdd message {number}.\n"


PDF = b"%PDF-1.4\n" + bytes(range(256)) * 20
PICTURE = base64.b64decode("iVBORw0KGgoAAAANSUhEUgAAAAEAAAABCAYAAAAfFcSJAAAADUlEQVR42mP8z8BQDwAEhQGAhKmMIQAAAABJRU5ErkJggg==")

# Text, HTML with an inline picture, and an attachment with a name that needs RFC 2231.
LETTER = f"""\
From: =?utf-8?Q?Zo=C3=AB?= <zoe@example.org>
To: anna@kittiwake.example
Subject: =?utf-8?B?w5xiZXJzaWNodCDDvGJlciBkYXMgSmFocg==?=
Date: Wed, 4 Mar 2020 12:00:00 +0000
Message-ID: <letter@example.org>
X-Folded: one
 two
MIME-Version: 1.0
Content-Type: multipart/mixed; boundary=mixed

--mixed
Content-Type: multipart/alternative; boundary=alt

--alt
Content-Type: text/plain; charset=iso-8859-15
Content-Transfer-Encoding: quoted-printable

Sch=F6ne Gr=FC=DFe, das kostet 10 =A4.

--alt
Content-Type: multipart/related; boundary=rel

--rel
Content-Type: text/html; charset=utf-8
Content-Transfer-Encoding: base64

{base64.encodebytes(
    '<html><head><title>x</title></head><body><p>Schöne <b>Grüße</b>, das kostet 10&nbsp;€.</p><script>alert("script")</script>'
    '<img src="cid:picture@example.org"><img src="https://tracker.example/pixel.png"></body></html>'
    .encode()).decode()}
--rel
Content-Type: image/png
Content-ID: <picture@example.org>
Content-Transfer-Encoding: base64

{base64.encodebytes(PICTURE).decode()}
--rel--

--alt--

--mixed
Content-Type: application/pdf
Content-Disposition: attachment; filename*=utf-8''J%C3%A4hrliche%20%C3%9Cbersicht.pdf
Content-Transfer-Encoding: base64

{base64.encodebytes(PDF).decode()}
--mixed--
"""

PLAIN = """\
From: a@example.org
Subject: plain
MIME-Version: 1.0
Content-Type: text/plain; charset=iso-8859-15
Content-Transfer-Encoding: quoted-printable

F=FCnf =A4. This line is long and is broken softly in the middle of=
 its words.
-- =20
A signature
"""
