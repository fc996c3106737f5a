"""The normal form of e-mail addresses: as many keys as there are mailboxes, and no more.

What a mail server takes for one mailbox has one key: a host in any script, case and width, with
any of the dots that IDNA knows. What mail keeps apart stays apart: `strauß` isn't `strauss`. The
case of names, which servers might tell apart and none does, is folded.
"""

import unicodedata

import idna


def host_of(domain: str) -> str:
    """A domain as DNS is asked for it: mapped by UTS #46, in lower case and in ASCII.

    Unlike IDNA of 2003, which turns `straße` into another's `strasse`.

    Raises:
        UnicodeError: it is no domain.
    """
    mapped = idna.uts46_remap(domain, std3_rules=False).rstrip(".")
    return ".".join(map(_in_ascii, mapped.split(".")))


def address_key(email: str) -> str:
    """The form in which addresses are compared: equal where mail comes to one mailbox."""
    name, at, domain = email.strip().rpartition("@")
    try:
        host = host_of(domain)
    except UnicodeError:  # nothing is ever sent there, so any form will do
        host = unicodedata.normalize("NFKC", domain).lower()
    # Lower case may take a form apart that was composed, so that is done last.
    return unicodedata.normalize("NFC", unicodedata.normalize("NFC", name).lower()) + at + host


def _in_ascii(label: str) -> str:
    """A label by Punycode (RFC 3492) where it needs that."""
    return label if label.isascii() else "xn--" + label.encode("punycode").decode("ascii")
