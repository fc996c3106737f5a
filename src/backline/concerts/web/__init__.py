"""HTTP for photos, scans, the history of concerts, and the gazetteer."""

from backline.concerts.web import (
    concerts,
    drive,
    exports,
    gazetteer,
    groups,
    history,
    imports,
    matching,
    moves,
    photos,
    reviews,
    scans,
    upload,
)

ROUTES = [
    *photos.ROUTES,
    *groups.ROUTES,
    *upload.ROUTES,
    *scans.ROUTES,
    *drive.ROUTES,
    *concerts.ROUTES,
    *moves.ROUTES,
    *history.ROUTES,
    *exports.ROUTES,
    *imports.ROUTES,
    *reviews.ROUTES,
    *gazetteer.ROUTES,
    *matching.ROUTES,
]
