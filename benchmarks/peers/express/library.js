// Tracks from PostgreSQL: our query, prepared, through a pool; the same shape with signed covers.

import { createHash, createHmac } from 'node:crypto'

import pg from 'pg'

pg.types.setTypeParser(pg.types.builtins.INT8, Number)

const WINDOW_S = 1800
const REMEMBERED = 20_000
const MARK = createHash('sha256').update('tracks:-created_at:').digest('hex').slice(0, 12)

export function openLibrary(given) {
  const pool = new pg.Pool({
    ...given.database,
    max: 20,
    idleTimeoutMillis: 30_000,
    connectionTimeoutMillis: 10_000,
    options: '-c plan_cache_mode=force_generic_plan -c jit=off -c timezone=UTC',
  })
  const sign = signer(Buffer.from(given.media_key, 'base64'), given.media_key_id)
  const [fields] = given.list_query.match(/SELECT[\s\S]*?FROM/)
  const rename = `
    WITH t AS (
      UPDATE tracks SET title = $3, title_key = lower($3), version = version + 1, edited = true,
        search = to_tsvector('simple', $3 || ' ' || artist || ' ' || album), updated_at = now()
      WHERE id = $1 AND owner_id = $2 AND deleted_at IS NULL
      RETURNING *
    )
    ${fields} t LEFT JOIN track_listening l ON l.user_id = t.owner_id AND l.track_id = t.id`
  return {
    async page(owner, limit) {
      const values = [owner, null, null, limit + 1, null, null, null, null]
      const { rows } = await pool.query({ name: 'tracks', text: given.list_query, values })
      const more = rows.length > limit
      if (more) rows.length = limit
      const last = rows[rows.length - 1]
      return { items: rows.map((row) => shown(row, sign)), next_cursor: more ? cursor(last) : null }
    },
    async rename(owner, title, id) {
      const query = { name: 'rename', text: rename, values: [id, owner, title] }
      const { rows } = await pool.query(query)
      return rows.length === 0 ? null : shown(rows[0], sign)
    },
  }
}

function shown(row, sign) {
  let cover = null
  if (row.has_cover && row.generation !== null) {
    const owner = row.owner_id.replaceAll('-', '')
    const where = sign(`tracks/${owner}/${row.id.replaceAll('-', '')}/${row.generation}`)
    cover = { small: `${where}/cover-small.webp`, large: `${where}/cover-large.webp` }
  }
  return {
    id: row.id,
    owner_id: row.owner_id,
    title: row.title,
    artist: row.artist,
    album: row.album,
    album_artist: row.album_artist,
    genre: row.genre,
    year: row.year,
    track_number: row.track_number,
    disc_number: row.disc_number,
    duration_ms: row.duration_ms,
    status: row.status,
    error: row.error,
    job_id: row.job_id,
    filename: row.filename,
    content_type: row.content_type,
    size_bytes: row.size_bytes,
    loudness:
      row.loudness_lufs === null
        ? null
        : {
            integrated_lufs: row.loudness_lufs,
            true_peak_dbtp: row.true_peak_dbtp,
            gain_db: row.gain_db,
          },
    cover,
    warnings: row.warnings,
    musicbrainz_id: row.mbid,
    album_id: row.album_id,
    artists: row.artist_ids.map((id, at) => ({ id, name: row.artist_names[at] })),
    folder_id: row.folder_id,
    has_renditions: row.has_renditions,
    created_at: row.created_at,
    updated_at: row.updated_at,
    version: row.version,
    favorite_at: row.favorite_at,
    rating: row.rating,
    play_count: row.play_count,
    last_played_at: row.last_played_at,
  }
}

function cursor(row) {
  const key = JSON.stringify([row.created_at, row.id])
  return Buffer.from(`${MARK}=${key}`).toString('base64url')
}

// Within a window of half an hour an address stays the same, and is remembered as ours are.
function signer(key, keyId) {
  const known = new Map()
  let knownWindow = 0
  return (prefix) => {
    const window = Math.floor(Date.now() / 1000 / WINDOW_S)
    if (window !== knownWindow || known.size >= REMEMBERED) {
      known.clear()
      knownWindow = window
    }
    let url = known.get(prefix)
    if (url === undefined) {
      const expires = (window + 2) * WINDOW_S
      const digest = createHmac('sha256', key).update(`${expires}\n${prefix}`).digest()
      url = `/media/${expires}.${keyId}.${digest.subarray(0, 16).toString('base64url')}/${prefix}`
      known.set(prefix, url)
    }
    return url
  }
}
