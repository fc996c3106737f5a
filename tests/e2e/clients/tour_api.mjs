// All that `subsonic-api` knows of this library: `tour_api.mjs PORT NAME PASSWORD MODULE`.
import { pathToFileURL } from "node:url";

const [port, username, password, module] = process.argv.slice(2);

async function tour() {
  const { default: SubsonicAPI } = await import(pathToFileURL(module).href);
  const api = new SubsonicAPI({ url: `http://127.0.0.1:${port}`, auth: { username, password } });

  /** An answer in JSON has a status of the protocol, one in bytes that of HTTP. */
  async function ask(call, params) {
    const answer = await api[call](params);
    if (answer.status !== "ok" && answer.status !== 200) throw new Error(`${call}: ${JSON.stringify(answer)}`);
    return answer;
  }

  for (const call of ["ping", "getLicense", "getMusicFolders", "getOpenSubsonicExtensions"]) await ask(call);
  for (const call of ["getGenres", "getArtists", "getIndexes", "getScanStatus", "startScan"]) await ask(call);
  await ask("getUser", { username });
  const { albumList2 } = await ask("getAlbumList2", { type: "newest" });
  await ask("getAlbumList", { type: "newest" });
  const { album } = await ask("getAlbum", { id: albumList2.album[0].id });
  const [{ id }] = album.song;
  const artist = { id: album.artistId };
  for (const call of ["getArtist", "getArtistInfo", "getArtistInfo2", "getSimilarSongs2"]) await ask(call, artist);
  for (const call of ["getAlbumInfo", "getAlbumInfo2", "getMusicDirectory"]) await ask(call, { id: album.id });
  for (const call of ["getSong", "getSimilarSongs", "getLyricsBySongId"]) await ask(call, { id });
  await ask("getTopSongs", { artist: "The Lamps" });
  await ask("getLyrics", { artist: "The Lamps", title: "Song 1" });
  await ask("getRandomSongs", { size: 2 });
  await ask("getSongsByGenre", { genre: "Rock" });
  await ask("search2", { query: "song" });
  const { searchResult3 } = await ask("search3", { query: "" });
  if (searchResult3.song.length !== album.song.length) throw new Error("search3 hasn't found all songs");

  await ask("star", { id });
  for (const call of ["getStarred", "getStarred2"]) await ask(call);
  await ask("unstar", { id });
  await ask("setRating", { id, rating: 3 });
  await ask("setRating", { id, rating: 0 });
  await ask("scrobble", { id, submission: false });
  await ask("getNowPlaying");
  const { playlist } = await ask("createPlaylist", { name: "Tour", songId: [id] });
  await ask("getPlaylists");
  await ask("updatePlaylist", { playlistId: playlist.id, name: "Home" });
  await ask("getPlaylist", { id: playlist.id });
  await ask("deletePlaylist", { id: playlist.id });
  await ask("savePlayQueue", { id: [id], current: id, position: 5 });
  await ask("getPlayQueue");
  await ask("createBookmark", { id, position: 5 });
  await ask("getBookmarks");
  await ask("deleteBookmark", { id });
  for (const call of ["stream", "download", "hls"]) await ask(call, { id });
}

tour().catch((fault) => {
  console.error(fault);
  process.exitCode = 1;
});
