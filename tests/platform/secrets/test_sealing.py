"""What is sealed can be read again by whoever has the root, for what it was sealed for."""

import pytest

from backline.platform.secrets import Key, Secrets
from backline.platform.secrets.sealing import SealFault, close, open_sealed, seal_for

OLD, NEW = Key("old", b"o" * 32), Key("new", b"n" * 32)


def test_what_was_sealed_can_be_opened() -> None:
    seal = seal_for(Secrets((OLD,)), "totp")

    sealed = close(seal, b"a secret", b"ada")

    assert open_sealed(seal, sealed, b"ada") == b"a secret"
    assert b"a secret" not in sealed
    assert close(seal, b"a secret", b"ada") != sealed


def test_an_older_root_opens_and_the_newest_seals() -> None:
    sealed = close(seal_for(Secrets((OLD,)), "totp"), b"a secret", b"ada")
    seal = seal_for(Secrets((NEW, OLD)), "totp")

    opened = open_sealed(seal, sealed, b"ada")

    assert opened == b"a secret"
    assert close(seal, opened, b"ada").startswith(b"new:")


@pytest.mark.parametrize(
    ("secrets", "purpose", "about"),
    [
        (Secrets((NEW,)), "totp", b"ada"),
        (Secrets((OLD,)), "other", b"ada"),
        (Secrets((OLD,)), "totp", b"grace"),
    ],
)
def test_anything_else_is_refused(secrets: Secrets, purpose: str, about: bytes) -> None:
    sealed = close(seal_for(Secrets((OLD,)), "totp"), b"a secret", b"ada")

    with pytest.raises(SealFault) as told:
        open_sealed(seal_for(secrets, purpose), sealed, about)

    assert "a secret" not in str(told.value)


@pytest.mark.parametrize("damaged", [b"", b"old:", b"old:short", b"no key at all"])
def test_damage_is_told_as_such(damaged: bytes) -> None:
    with pytest.raises(SealFault):
        open_sealed(seal_for(Secrets((OLD,)), "totp"), damaged, b"ada")
