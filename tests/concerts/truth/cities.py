"""Cities where concerts are: a small part of GeoNames (geonames.org, CC BY 4.0).

The number is GeoNames' id, which setlist.fm uses as `cityId`. `NEIGHBOURS` are cities so near
to another that a venue between them is easily filed under the wrong one.
"""

from typing import Final

from tests.concerts.truth.shapes import City

_TABLE: Final = """
2950159 | Berlin           | DE |  52.52437 |   13.41053 | Europe/Berlin
2911298 | Hamburg          | DE |  53.57532 |   10.01534 | Europe/Berlin
2867714 | Munich           | DE |  48.13743 |   11.57549 | Europe/Berlin
2879139 | Leipzig          | DE |  51.33962 |   12.37129 | Europe/Berlin
2886242 | Köln             | DE |  50.93333 |    6.95000 | Europe/Berlin
2761369 | Vienna           | AT |  48.20849 |   16.37208 | Europe/Vienna
2657896 | Zürich           | CH |  47.36667 |    8.55000 | Europe/Zurich
2759794 | Amsterdam        | NL |  52.37403 |    4.88969 | Europe/Amsterdam
2744118 | Zaandam          | NL |  52.43854 |    4.82643 | Europe/Amsterdam
2800866 | Brussels         | BE |  50.85045 |    4.34878 | Europe/Brussels
2988507 | Paris            | FR |  48.85341 |    2.34880 | Europe/Paris
2980916 | Saint-Denis      | FR |  48.93564 |    2.35387 | Europe/Paris
2643743 | London           | GB |  51.50853 |   -0.12574 | Europe/London
2643123 | Manchester       | GB |  53.48095 |   -2.23743 | Europe/London
2638671 | Salford          | GB |  53.48771 |   -2.29042 | Europe/London
2648579 | Glasgow          | GB |  55.86515 |   -4.25763 | Europe/London
2964574 | Dublin           | IE |  53.33306 |   -6.24889 | Europe/Dublin
2267057 | Lisbon           | PT |  38.71667 |   -9.13333 | Europe/Lisbon
3117735 | Madrid           | ES |  40.41650 |   -3.70256 | Europe/Madrid
3128760 | Barcelona        | ES |  41.38879 |    2.15899 | Europe/Madrid
3173435 | Milan            | IT |  45.46427 |    9.18951 | Europe/Rome
2618425 | Copenhagen       | DK |  55.67594 |   12.56553 | Europe/Copenhagen
2673730 | Stockholm        | SE |  59.32938 |   18.06871 | Europe/Stockholm
3143244 | Oslo             | NO |  59.91273 |   10.74609 | Europe/Oslo
658225  | Helsinki         | FI |  60.16952 |   24.93545 | Europe/Helsinki
3413829 | Reykjavík        | IS |  64.13548 |  -21.89541 | Atlantic/Reykjavik
756135  | Warsaw           | PL |  52.22977 |   21.01178 | Europe/Warsaw
3067696 | Prague           | CZ |  50.08804 |   14.42076 | Europe/Prague
264371  | Athens           | GR |  37.98376 |   23.72784 | Europe/Athens
5128581 | New York City    | US |  40.71427 |  -74.00597 | America/New_York
5110302 | Brooklyn         | US |  40.65010 |  -73.94958 | America/New_York
4887398 | Chicago          | US |  41.85003 |  -87.65005 | America/Chicago
4671654 | Austin           | US |  30.26715 |  -97.74306 | America/Chicago
5419384 | Denver           | US |  39.73915 | -104.98470 | America/Denver
5368361 | Los Angeles      | US |  34.05223 | -118.24368 | America/Los_Angeles
5809844 | Seattle          | US |  47.60621 | -122.33207 | America/Los_Angeles
6167865 | Toronto          | CA |  43.70011 |  -79.41630 | America/Toronto
6077243 | Montréal         | CA |  45.50884 |  -73.58781 | America/Toronto
3530597 | Mexico City      | MX |  19.42847 |  -99.12766 | America/Mexico_City
3448439 | São Paulo        | BR | -23.54750 |  -46.63611 | America/Sao_Paulo
3435910 | Buenos Aires     | AR | -34.61315 |  -58.37723 | America/Argentina/Buenos_Aires
1850147 | Tokyo            | JP |  35.68950 |  139.69171 | Asia/Tokyo
1853909 | Osaka            | JP |  34.69374 |  135.50218 | Asia/Tokyo
2147714 | Sydney           | AU | -33.86785 |  151.20732 | Australia/Sydney
2158177 | Melbourne        | AU | -37.81400 |  144.96332 | Australia/Melbourne
2193733 | Auckland         | NZ | -36.84853 |  174.76349 | Pacific/Auckland
1275339 | Mumbai           | IN |  19.07283 |   72.88261 | Asia/Kolkata
"""

NEIGHBOURS: Final = {"Amsterdam": "Zaandam", "Paris": "Saint-Denis", "Manchester": "Salford",
                     "New York City": "Brooklyn"}  # fmt: skip


def _read(line: str) -> City:
    number, name, country, latitude, longitude, zone = (cell.strip() for cell in line.split("|"))
    return City(int(number), name, country, float(latitude), float(longitude), zone)


CITIES: Final = {city.name: city for city in map(_read, _TABLE.strip().splitlines())}
