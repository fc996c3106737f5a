"""HTTP for live shows: the modules by noun, and all their routes."""

from backline.live.web import destinations, ingest, previews, projects, shows

ROUTES = [*ingest.ROUTES, *projects.ROUTES, *destinations.ROUTES, *shows.ROUTES, *previews.ROUTES]
