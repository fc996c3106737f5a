"""All that py-opensonic knows of this library: `tour_opensonic.py PORT NAME PASSWORD`."""

import sys

from libopensonic import Connection

PORT, NAME, PASSWORD = int(sys.argv[1]), sys.argv[2], sys.argv[3]
SONGS = 3

asks = Connection("http://127.0.0.1", username=NAME, password=PASSWORD, port=PORT)
assert asks.ping()
assert {one.name for one in asks.get_open_subsonic_extensions()} >= {"playbackReport"}
assert asks.get_license()["license"]["valid"]
assert asks.get_user(NAME).username == NAME

[index] = asks.get_artists().index
[artist] = index.artist
assert [one.name for one in asks.get_artist(artist.id).album] == ["First Light"]
assert asks.get_indexes().index[0].artist[0].name == "The Lamps"
assert [one.value for one in asks.get_genres()] == ["Rock"]
for kind in ("newest", "random", "alphabeticalByName", "alphabeticalByArtist"):
    assert [one.name for one in asks.get_album_list(kind)] == ["First Light"]
    assert [one.song_count for one in asks.get_album_list2(kind)] == [SONGS]
for kind in ("frequent", "recent", "highest", "starred"):
    assert asks.get_album_list(kind) == asks.get_album_list2(kind) == []
[record] = asks.get_album_list2("byYear", from_year=1990, to_year=2010)
assert asks.get_album_list2("byGenre", genre="Rock") == [record]
songs = asks.get_album(record.id).song
assert [one.title for one in songs] == ["Song 1", "Song 2", "Song 3"]
assert [one.title for one in asks.get_music_directory(record.id).child] == [
    one.title for one in songs
]
asks.get_album_info(record.id)
asks.get_artist_info2(artist.id)
first = songs[0]
assert asks.get_song(first.id).duration == 3
assert len(asks.get_songs_by_genre("Rock")) == len(asks.get_random_songs(10)) == SONGS
assert len(asks.get_similar_songs(first.id)) == SONGS - 1
assert len(asks.get_similar_songs2(artist.id)) == SONGS
assert asks.get_top_songs("The Lamps") == []
assert len(asks.search2("song").song) == len(asks.search3("").song) == SONGS
assert asks.get_lyrics_by_song_id(first.id) == []

assert asks.star([first.id], album_ids=[record.id], artist_ids=[artist.id])
starred = asks.get_starred2()
assert (len(starred.song), len(starred.album), len(starred.artist)) == (1, 1, 1)
assert len(asks.get_starred().album) == 1
assert asks.unstar([first.id], album_ids=[record.id], artist_ids=[artist.id])
assert asks.set_rating(first.id, 4)
assert asks.get_song(first.id).user_rating == 4
assert asks.set_rating(first.id, 0)
assert asks.scrobble(first.id, submission=False)
assert [one.title for one in asks.get_now_playing()] == ["Song 1"]

assert asks.create_playlist(name="Tour", song_ids=[one.id for one in songs])
[playlist] = asks.get_playlists()
assert asks.update_playlist(playlist.id, name="Home", song_indices_to_remove=[0])
assert [one.title for one in asks.get_playlist(playlist.id).entry] == ["Song 2", "Song 3"]
assert asks.delete_playlist(playlist.id)
assert asks.save_play_queue([one.id for one in songs], songs[1].id, 1_500)
queue = asks.get_play_queue()
assert (queue.current, queue.position, len(queue.entry)) == (songs[1].id, 1_500, SONGS)
assert asks.save_play_queue_by_index([one.id for one in songs], 2, 500)
assert asks.get_play_queue_by_index().current_index == 2
assert asks.create_bookmark(first.id, 1_000, "the bridge")
assert [one.comment for one in asks.get_bookmarks()] == ["the bridge"]
assert asks.delete_bookmark(first.id)
assert not asks.get_scan_status().scanning
assert not asks.start_scan().scanning
asks.cleanup()
