"""The sentence for every flag, limit and reason; pages translate it, the command line prints it as it is."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

SENTENCES: Mapping[str, str] = {
    # hosts
    "host.mixed_script": "The name %(label)s mixes letters of several scripts.",
    "host.other_ending": "%(host)s has the name of %(name)s with another ending.",
    "host.look_alike": "%(host)s looks like %(name)s and is not.",
    "host.one_letter_off": "%(host)s is one letter away from %(name)s.",
    "host.contains_name": "%(host)s carries the name of %(name)s and belongs to someone else.",
    # links
    "link.unreadable": "No browser could follow this.",
    "link.long": "The link has %(characters)s characters; the first are shown.",
    "link.scheme": "This is no web address but a %(scheme)s: link, which can run or hold anything.",
    "link.ip": "The host is a bare IP address, %(ip)s.",
    "link.disguised_host": "The host is written in disguise as %(written)s; it is %(host)s.",
    "link.disguised_text": "The link is written with disguised characters.",
    "link.user_info": "What stands first, %(shown)s, is only a user name; the host is %(host)s.",
    "link.punycode": "The host has letters beyond a to z: %(host)s is %(ascii)s.",
    "link.port": "The port is unusual: %(port)s.",
    "link.shortener": "%(host)s hides where the link leads.",
    "link.shared": "%(host)s is used by very many people; to find it here says little.",
    "link.redirector": "%(host)s only passes visitors on to %(to)s.",
    "link.shown_other": "The words show %(shown)s; the link leads to %(host)s.",
    # mails
    "mail.no_sender": "The mail names no sender.",
    "mail.several_senders": "The mail names %(count)s senders.",
    "mail.reply_elsewhere": "Answers go to %(other)s, not to %(from)s.",
    "mail.bounce_elsewhere": "Returned mail goes to %(other)s, not to %(from)s.",
    "mail.sent_by_other": "It was sent by %(other)s on behalf of %(from)s.",
    "mail.name_other_domain": "The sender's name shows %(shown)s; the address is at %(from)s.",
    "mail.name_protected": "The sender calls itself %(shown)s; the address is at %(from)s, not %(name)s.",
    "mail.check_failed": "A server says that %(method)s failed (%(result)s).",
    "mail.date_off": "Its date is %(days)s days away from its arrival.",
    "mail.password_form": "The mail itself asks for a password.",
    "mail.hidden_words": "Words are hidden from the reader in %(places)s places.",
    # hops
    "hop.backwards": "This server's clock is %(seconds)s seconds behind the one before.",
    "hop.long_wait": "The mail waited %(seconds)s seconds before this server.",
    "hop.no_time": "No time is given.",
    # attachments
    "attachment.turned_name": "The name is written backwards to hide its ending.",
    "attachment.double_ending": "The name has two endings; the file is a program.",
    "attachment.program": "The file can run as a program.",
    "attachment.page": "The file is a web page.",
    "attachment.container": "The file can hold other files or macros.",
    # what was not read: the raw file keeps it
    "limit.bytes": "The first %(read)s of %(bytes)s bytes were read.",
    "limit.head": "The first %(read)s of %(bytes)s bytes of a head were read.",
    "limit.head_unread": "A head could not be taken apart (%(error)s).",
    "limit.lines": "The first %(listed)s of %(lines)s header lines are listed.",
    "limit.shown": "The first %(listed)s of %(characters)s characters are shown.",
    "limit.depth": "Parts nested deeper than this were not opened (%(bytes)s bytes).",
    "limit.parts": "There are more parts than are opened (%(bytes)s bytes left).",
    "limit.mails": "There are more mails inside than are opened (%(bytes)s bytes left).",
    "limit.text": "The first %(read)s characters of a text of %(bytes)s bytes were read.",
    "limit.links": "The first %(listed)s links are listed; there are more.",
    "limit.box": "The first %(listed)s of %(mails)s mails are listed.",
    "limit.pages": "Of %(pages)s pages %(shown)s are shown and %(read)s read.",
    "limit.page": "Page %(page)s could not be drawn or read.",
    # files that were not opened
    "evidence.empty": "The file is empty.",
    "evidence.too_large": "The file has %(bytes)s bytes; at most %(limit)s are opened. It is kept as it is.",
    "evidence.not_opened": "A file of this kind (%(found)s) is not opened here; it is kept as it is.",
    "evidence.unreadable": "The file could not be read as what it says it is; it is kept as it is.",
    "evidence.locked": "The file is locked with a password; it is kept as it is.",
    "evidence.too_long": "The file took longer than %(seconds)s seconds to open; it is kept as it is.",
    "media.unreadable": "The program that opened the file broke (%(ended)s); the file is kept as it is.",
    "media.too_long": "The file took longer than %(seconds)s seconds to open; it is kept as it is.",
    "media.too_large": "The file needed too much memory to open; it is kept as it is.",
    "work.too_many_pixels": "The picture is too large to open: %(width)s x %(height)s pixels; it is kept as it is.",
    "work.too_many_frames": "The picture has too many frames to open; it is kept as it is.",
}


def say(flag: Mapping[str, Any]) -> str:
    """Returns the sentence of a flag with its facts; a code without a sentence is its own."""
    return SENTENCES.get(str(flag["code"]), str(flag["code"])) % flag
