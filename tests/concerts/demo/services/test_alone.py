"""Nothing but the demo knows the stand-ins."""

from tests.support.imports import imports_of

HERE = "backline.concerts.demo"


def test_only_the_demo_imports_stand_ins() -> None:
    known = {
        module
        for module, others in imports_of("backline").items()
        if any(other.startswith(f"{HERE}.services") for other in others)
    }

    assert known
    assert {module for module in known if not module.startswith(HERE)} == set()
