"""What a scan found in a batch of files, made true in one transaction."""

from uuid import UUID

import msgspec

from backline import accounts
from backline.concerts import photos
from backline.concerts.sql import making, processed
from backline.concerts.sql.processed import Outcome, Waiting
from backline.concerts.sql.scans import ScanRow, Tally
from backline.platform.database import Write


class Batch(msgspec.Struct, frozen=True):
    """Files that were looked at: their digests or why they were refused, and new photos."""

    files: list[Waiting]
    digests: dict[UUID, bytes]
    refused: dict[UUID, str]
    found: list[making.Found]


async def write_batch(tx: Write, row: ScanRow, batch: Batch) -> Tally:
    """Write what became of files that still wait; what it adds to the scan's figures.

    The scan is locked, so nobody else writes of its files. Files of the same bytes are one photo.
    """
    ids = [file.id for file in batch.files]
    still = await processed.still_waiting(tx, row.owner_id, row.source_id, ids)
    digests = {file_id: one for file_id, one in batch.digests.items() if file_id in still}
    wanted = set(digests.values())
    new = [one for one in batch.found if one.sha256 in wanted]
    await making.add(tx, row.owner_id, row.source_id, new)
    known = await making.same(tx, row.owner_id, list(wanted))
    added = [one for one in new if known.get(one.sha256) == one.id]
    outcomes = [
        Outcome(file_id, known[digest]) for file_id, digest in digests.items() if digest in known
    ]
    outcomes += [
        Outcome(file_id, error=reason)
        for file_id, reason in batch.refused.items()
        if file_id in still
    ]
    await processed.settle(tx, row.owner_id, row.source_id, outcomes)
    await _replace(tx, row, batch, outcomes)
    if added:
        made_bytes = sum(one.made_bytes for one in added)
        await accounts.count_made(tx, row.owner_id, made_bytes)
        await photos.tell(tx, row.owner_id, [one.id for one in added], "created")
    failed = sum(outcome.error is not None for outcome in outcomes)
    seen = len(outcomes) - failed
    return Tally(len(outcomes), len(added), seen - len(added), failed)


async def _replace(tx: Write, row: ScanRow, batch: Batch, outcomes: list[Outcome]) -> None:
    """Hide the photos that files were before they changed, unless somebody cares for them."""
    became = {outcome.id: outcome.photo_id for outcome in outcomes if outcome.photo_id}
    before = [
        file.photo_id
        for file in batch.files
        if file.photo_id is not None and became.get(file.id, file.photo_id) != file.photo_id
    ]
    gone = await processed.drop_replaced(tx, row.owner_id, before)
    if gone:
        await photos.tell(tx, row.owner_id, gone, "deleted")
