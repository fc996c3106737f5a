"""How files get in: resumable uploads (tus) and forms, for whatever domain says what it takes.

A domain declares `takes`, and its uploads come by `/uploads`. One with a form of its own takes it
in by `take_form` (and `web.forms`); whoever removes what an owner has, ends their uploads first.
"""

from backline.uploads.forms import take_form
from backline.uploads.intake import Intake, Takers, takers_of
from backline.uploads.limits import UPLOADS
from backline.uploads.resumable import end_all_of, sweep

__all__ = ["UPLOADS", "Intake", "Takers", "end_all_of", "sweep", "take_form", "takers_of"]
